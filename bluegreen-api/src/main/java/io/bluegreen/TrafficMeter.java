package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a router counted, per slot. Counts are cumulative and only grow from {@link Router#open} on,
 * also over a reload of the proxy, so that the difference of two readings is what happened between
 * them; {@link Router#meter} may leave out what came before it was called. An interrupt ends the
 * reading that runs, and no later one. Safe for use by several threads.
 */
@FunctionalInterface
public interface TrafficMeter {
  /**
   * Returns the counts of all slots at one instant.
   *
   * @throws RouterException if the proxy can't be asked
   */
  Reading read();

  /** What a meter may be able to tell of each slot; every meter counts requests. */
  enum Measure {
    /** Answers that were errors. */
    ERRORS,
    /** How long an answer took on average. */
    MEAN_LATENCY,
    /** How long each answer took: quantiles, and a comparison of two slots. */
    LATENCY_DISTRIBUTION
  }

  /**
   * Counts of all slots at one instant. Immutable.
   *
   * @param at when they were read
   * @param slots the counts by slot; a slot of the group that had no request is present with zeros
   */
  record Reading(Instant at, Map<Slot, Count> slots) {
    /** Copies. */
    public Reading {
      Objects.requireNonNull(at, "at");
      ArgumentChecks.noNulls("slots", slots);
      slots = Map.copyOf(slots);
    }
  }

  /**
   * Counts of one slot since the router was opened. Immutable.
   *
   * @param requests how many were answered, failed ones included: only requests that the split
   *     sent, and none that asked for a colour by name, such as by a preview header
   * @param clientErrors answers with a status of 4xx
   * @param serverErrors answers with a status of 5xx, those that the proxy gave in place of the
   *     application included
   * @param latencies how long each answer took, where the proxy tells it; empty also before the
   *     first one. A WebSocket has no time to answer, and is not in here
   * @param recentMean how long the most recent answers took on average, where the proxy tells only
   *     that; not cumulative
   */
  record Count(
      long requests,
      long clientErrors,
      long serverErrors,
      Optional<LatencyHistogram> latencies,
      Optional<Duration> recentMean) {
    /** Refuses null. */
    public Count {
      Objects.requireNonNull(latencies, "latencies");
      Objects.requireNonNull(recentMean, "recentMean");
    }

    /** No request yet. */
    public static final Count ZERO = of(0, 0, 0);

    /** Returns counts of a proxy that tells nothing of latencies. */
    public static Count of(long requests, long clientErrors, long serverErrors) {
      return new Count(requests, clientErrors, serverErrors, Optional.empty(), Optional.empty());
    }

    /** Returns this with the times of answers; none is as if the proxy told nothing. */
    public Count with(LatencyHistogram times) {
      Objects.requireNonNull(times, "times");
      Optional<LatencyHistogram> some = times.count() == 0 ? Optional.empty() : Optional.of(times);
      return new Count(requests, clientErrors, serverErrors, some, recentMean);
    }
  }
}
