package io.bluegreen.examples.benchmark;

import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.DemoDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * Compares ways to switch nginx, one after the other in one run, each under the same load: how long
 * a switch takes until it is proven, and what it costs the users. Every request that fails is
 * counted; none is sent twice.
 */
@Command(
    name = "nginx-benchmark",
    description = "Compares ways to switch nginx, under load; leaves no process and no file.")
public final class NginxBenchmark implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      defaultValue = "100",
      paramLabel = "SWITCHES",
      description = "How many switches each way makes (default: ${DEFAULT-VALUE}).")
  private int switches;

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new NginxBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (switches < 1) {
      throw new ParameterException(new CommandLine(this), "SWITCHES: expected 1 or more");
    }
    Cleanup cleanup = new Cleanup(e -> System.err.println("while ending: " + e));
    Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "interruption"));
    try (TimeSource time = TimeSource.system();
        cleanup) {
      DemoDirectory workplace = cleanup.add(new DemoDirectory());
      System.err.println("warming up: the first of them would be slow because the JVM is");
      new BenchmarkTrial(NginxBenchmarkWay.LIVE, workplace.directory("warm-up"), time, cleanup)
          .run(switches);
      List<MeasuredSwitches> all = new ArrayList<>();
      for (NginxBenchmarkWay way : NginxBenchmarkWay.values()) {
        System.err.println(way + ": " + switches + " switches");
        all.add(
            new BenchmarkTrial(way, workplace.directory(way.name()), time, cleanup).run(switches));
      }
      MeasuredSwitches.table(all).forEach(System.out::println);
      return 0;
    }
  }
}
