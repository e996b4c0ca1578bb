package io.bluegreen;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a router counted, per slot. Counts are cumulative and only grow from {@link Router#open} on,
 * also over a reload of the proxy. Safe for use by several threads.
 */
@FunctionalInterface
public interface TrafficMeter {
  /**
   * Returns the counts of all slots at one instant.
   *
   * @throws RouterException if the proxy can't be asked
   */
  Reading read();

  /**
   * Counts of all slots at one instant. Immutable.
   *
   * @param at when they were read
   * @param slots by slot; a slot of the group that had no request is present with zeros
   */
  record Reading(Instant at, Map<Slot, Count> slots) {
    /** Copies. */
    public Reading {
      slots = Map.copyOf(slots);
    }
  }

  /**
   * Counts of one slot since the router was opened. Immutable.
   *
   * @param requests answered, failed ones included
   * @param clientErrors answers with a status of 4xx
   * @param serverErrors answers with a status of 5xx, those that the proxy gave in place of the
   *     application included
   * @param latency what the proxy can tell about the time to answer; empty if nothing
   */
  record Count(long requests, long clientErrors, long serverErrors, Optional<Latency> latency) {
    /** No request yet. */
    public static final Count ZERO = new Count(0, 0, 0, Optional.empty());
  }

  /**
   * Time to answer. A quantile is empty where the proxy gives only a mean. Immutable.
   *
   * @param mean over the recent requests
   * @param p50 the median, if known
   * @param p95 the 95th percentile, if known
   * @param p99 the 99th percentile, if known
   */
  record Latency(
      Duration mean, Optional<Duration> p50, Optional<Duration> p95, Optional<Duration> p99) {}
}
