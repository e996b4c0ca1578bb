package io.bluegreen.gate;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;

/**
 * How many bad probes are too many.
 *
 * @param size how many of the last probes are judged together
 * @param minimum below so many there is no verdict
 * @param failureRate the percent of failed ones from which on it is too many
 * @param slow a probe that takes longer is slow
 * @param slowRate the percent of slow ones from which on it is too many
 */
record ProbeLimits(int size, int minimum, int failureRate, Duration slow, int slowRate) {
  /** Longer than any probe takes, so that none is slow. */
  private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  static final ProbeLimits DEFAULT =
      new ProbeLimits(
          ProbeGate.DEFAULT_WINDOW,
          ProbeGate.DEFAULT_MINIMUM,
          ProbeGate.DEFAULT_FAILURE_RATE,
          NEVER,
          100);

  ProbeLimits window(int ofSize, int atLeast) {
    ArgumentChecks.requireBoth(
        "size",
        ofSize,
        "minimum",
        atLeast,
        ofSize >= 1 && ofSize <= 10_000 && atLeast >= 1 && atLeast <= ofSize,
        "a size of 1 to 10000 and a minimum of 1 to the size");
    return new ProbeLimits(ofSize, atLeast, failureRate, slow, slowRate);
  }

  ProbeLimits failures(int percent) {
    ArgumentChecks.between("percent", 1, 100, percent);
    return new ProbeLimits(size, minimum, percent, slow, slowRate);
  }

  ProbeLimits slow(Duration from, int percent) {
    ArgumentChecks.positive("from", from);
    ArgumentChecks.between("percent", 1, 100, percent);
    return new ProbeLimits(size, minimum, failureRate, from, percent);
  }
}
