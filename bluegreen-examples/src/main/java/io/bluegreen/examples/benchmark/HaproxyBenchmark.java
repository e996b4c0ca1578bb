package io.bluegreen.examples.benchmark;

import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.DemoDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * Compares ways to switch two services behind HAProxy, one after the other in one run, each under
 * the same load: how long a switch takes, what it is made of, and what it costs the users. Every
 * request that fails is counted; none is sent twice. Then it compares two spellings of a split.
 */
@Command(
    name = "haproxy-benchmark",
    description = "Compares ways to switch HAProxy, under load; leaves no process and no file.")
public final class HaproxyBenchmark implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      defaultValue = "200",
      paramLabel = "SWITCHES",
      description = "How many switches each way makes (default: ${DEFAULT-VALUE}).")
  private int switches;

  @Option(
      names = "--requests",
      defaultValue = "20000",
      description = "How many requests each share is measured by (default: ${DEFAULT-VALUE}).")
  private int requests;

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new HaproxyBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (switches < 1 || requests < 1) {
      throw new ParameterException(
          new CommandLine(this), "SWITCHES and --requests: expected 1 or more");
    }
    Cleanup cleanup = new Cleanup(e -> System.err.println("while ending: " + e));
    Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "interruption"));
    try (TimeSource time = TimeSource.system();
        cleanup) {
      DemoDirectory workplace = cleanup.add(new DemoDirectory());
      switches(workplace, time, cleanup);
      System.err.println("spellings: " + requests + " requests for each share");
      new HaproxyBenchmarkSpellings(workplace.directory("spellings"), requests, cleanup, time)
          .run()
          .forEach(System.out::println);
      return 0;
    }
  }

  private void switches(DemoDirectory workplace, TimeSource time, Cleanup cleanup)
      throws Exception {
    System.err.println("warming up: the first of them would be slow because the JVM is");
    trial("warm-up", HaproxyBenchmarkWay.map("warm-up"), workplace, time, cleanup);
    List<HaproxyBenchmarkWay> ways =
        List.of(
            HaproxyBenchmarkWay.map("map mode"),
            HaproxyBenchmarkWay.server("server mode"),
            HaproxyBenchmarkWay.shell("shell: sync, mv, socat"));
    List<MeasuredSwitches> all = new ArrayList<>();
    for (HaproxyBenchmarkWay way : ways) {
      System.err.println(way + ": " + switches + " switches");
      all.add(trial("way-" + all.size(), way, workplace, time, cleanup));
    }
    MeasuredSwitches.table(all).forEach(System.out::println);
    System.out.println();
    for (int i = 0; i < ways.size(); i++) {
      ways.get(i).lines(all.get(i)).forEach(System.out::println);
    }
    System.out.println();
  }

  private MeasuredSwitches trial(
      String directory,
      HaproxyBenchmarkWay way,
      DemoDirectory workplace,
      TimeSource time,
      Cleanup cleanup)
      throws Exception {
    return new BenchmarkTrial(way, workplace.directory(directory), time, cleanup).run(switches);
  }
}
