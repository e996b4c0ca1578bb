package io.bluegreen.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs as many seeds as are asked for, on every core, and prints how many runs a second that is,
 * and how often everything was met. From the root of the project:
 *
 * <pre>
 * mvn -q test-compile exec:java -pl bluegreen-api -Dexec.classpathScope=test \
 *   -Dexec.mainClass=io.bluegreen.simulation.LongRun -Dexec.args=1000000
 * </pre>
 *
 * <p>{@code --seed N} instead of a number runs one seed and prints every call.
 */
final class LongRun {
  private LongRun() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2 && arguments[0].equals("--seed")) {
      Script script = Script.random(Long.parseLong(arguments[1]));
      System.out.println(script);
      Simulation.trace(script).forEach(System.out::println);
      return;
    }
    long seeds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    int cores = Runtime.getRuntime().availableProcessors();
    long began = System.nanoTime();
    List<String> broken = new ArrayList<>();
    Tally all = new Tally();
    ExecutorService workers = Executors.newFixedThreadPool(cores);
    try {
      List<Future<Tally>> parts = new ArrayList<>();
      for (int part = 0; part < cores; part++) {
        parts.add(workers.submit(part(part, cores, seeds, broken)));
      }
      for (Future<Tally> part : parts) {
        all.add(part.get());
      }
    } finally {
      workers.shutdownNow();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println(all);
    System.out.printf(
        "%,d runs with %,d deployments in %.0f s: %.0f runs/s on %d cores, %.0f deployments/s%n",
        seeds, all.deployments(), seconds, seeds / seconds, cores, all.deployments() / seconds);
    broken.forEach(System.out::println);
    List<Fault> never =
        Fault.ALL.stream().filter(fault -> all.count("fault " + fault) == 0).toList();
    if (!broken.isEmpty() || !never.isEmpty()) {
      System.out.println("FAILED: " + broken.size() + " broken; never met: " + never);
      System.exit(1);
    }
  }

  private static Callable<Tally> part(int first, int step, long seeds, List<String> broken) {
    return () -> {
      Tally tally = new Tally();
      for (long seed = first + 1L; seed <= seeds; seed += step) {
        Script script = Script.random(seed);
        Optional<Violation> violation = Simulation.play(script, tally);
        if (violation.isPresent()) {
          synchronized (broken) {
            if (broken.size() < 10) {
              broken.add(Shrinker.explain(script, violation.get()));
            }
          }
        }
      }
      return tally;
    };
  }
}
