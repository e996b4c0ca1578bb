package io.bluegreen.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Plays many seeds, on every core, and counts what was met. */
final class Campaign {
  /** A campaign of this many seeds or more also plays the scripts that are made for rare cells. */
  static final long LONG = 1_000_000;

  private static final int SHOWN = 5;
  private static final int TOLD = 50_000;

  private final long seeds;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final List<String> broken = new ArrayList<>();
  private final Tally tally = new Tally();
  private final AtomicLong played = new AtomicLong();
  private double seconds;

  private Campaign(long seeds) {
    this.seeds = seeds;
  }

  /** Plays the seeds from 1 on. */
  static Campaign of(long seeds) throws InterruptedException, ExecutionException {
    Campaign campaign = new Campaign(seeds);
    campaign.run();
    return campaign;
  }

  private void run() throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    ExecutorService workers = Executors.newFixedThreadPool(cores);
    try {
      List<Future<Tally>> parts = new ArrayList<>();
      for (int part = 0; part < cores; part++) {
        parts.add(workers.submit(part(part)));
      }
      for (Future<Tally> part : parts) {
        tally.add(part.get());
      }
    } finally {
      workers.shutdownNow();
    }
    seconds = (System.nanoTime() - began) / 1e9;
  }

  private Callable<Tally> part(int first) {
    return () -> {
      Tally part = new Tally();
      List<Script> directed = seeds < LONG ? List.of() : Script.directed();
      for (int i = first; i < directed.size() && !enoughBroken(); i += cores) {
        play(directed.get(i), part);
      }
      for (long seed = first + 1L; seed <= seeds && !enoughBroken(); seed += cores) {
        play(Script.random(seed), part);
      }
      return part;
    };
  }

  private void play(Script script, Tally part) {
    Optional<Violation> violation = Simulation.play(script, part);
    if (violation.isPresent()) {
      String why = Shrinker.explain(script, violation.get());
      synchronized (broken) {
        broken.add(why);
      }
    }
    long count = played.incrementAndGet();
    if (count % TOLD == 0) {
      System.out.printf("%,d runs, broken: %d%n", count, brokenSoFar());
    }
  }

  private boolean enoughBroken() {
    return brokenSoFar() >= SHOWN;
  }

  private int brokenSoFar() {
    synchronized (broken) {
      return broken.size();
    }
  }

  /**
   * Returns each invariant that was broken, with its seed, a smaller script that also breaks it,
   * and its trace.
   */
  List<String> broken() {
    return broken;
  }

  Tally tally() {
    return tally;
  }

  String report() {
    return tally
        + String.format(
            "%,d runs with %,d deployments in %.0f s: %.0f runs/s, %.0f deployments/s on %d"
                + " cores%n",
            tally.count("run"),
            tally.deployments(),
            seconds,
            tally.count("run") / seconds,
            tally.deployments() / seconds,
            cores);
  }
}
