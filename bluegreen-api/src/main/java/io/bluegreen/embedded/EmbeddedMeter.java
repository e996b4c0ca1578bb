package io.bluegreen.embedded;

import io.bluegreen.LatencyHistogram;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts what each slot has answered. All slots have one lock, which is held for some nanoseconds,
 * so that a reading is true for one instant. Memory is bounded: a slot has as many numbers as there
 * are buckets in a {@link LatencyHistogram}.
 */
final class EmbeddedMeter implements TrafficMeter {
  private final TimeSource time;
  private final Map<Slot, Counter> counters = new LinkedHashMap<>();

  EmbeddedMeter(TimeSource time) {
    this.time = time;
  }

  synchronized Counter add(Slot slot) {
    return counters.computeIfAbsent(slot, s -> new Counter());
  }

  synchronized void count(Counter counter, int status, Duration latency) {
    counter.requests++;
    counter.clientErrors += status >= 400 && status < 500 ? 1 : 0;
    counter.serverErrors += status >= 500 ? 1 : 0;
    // A WebSocket is not an answer whose time could be compared with that of others.
    if (status != 101) {
      counter.latencies.add(latency);
    }
  }

  @Override
  public synchronized Reading read() {
    Map<Slot, Count> counts = new HashMap<>();
    counters.forEach((slot, counter) -> counts.put(slot, counter.count()));
    Instant at = time.now();
    return new Reading(at, counts);
  }

  /** The numbers of one slot; only the meter reads and changes them, under its lock. */
  static final class Counter {
    private final LatencyHistogram.Recorder latencies = new LatencyHistogram.Recorder();
    private long requests;
    private long clientErrors;
    private long serverErrors;

    private Count count() {
      return Count.of(requests, clientErrors, serverErrors).with(latencies.latencies());
    }
  }
}
