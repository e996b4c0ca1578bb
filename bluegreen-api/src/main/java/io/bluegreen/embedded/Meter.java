package io.bluegreen.embedded;

import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what each slot has answered. One lock for all slots, held for some nanoseconds, makes a
 * reading true for one instant. Memory is bounded: latencies are those of the last {@value #RECENT}
 * answers of a slot.
 */
final class Meter implements TrafficMeter {
  static final int RECENT = 1024;
  private final TimeSource time;
  private final Map<Slot, Counter> counters = new LinkedHashMap<>();

  Meter(TimeSource time) {
    this.time = time;
  }

  synchronized Counter add(Slot slot) {
    return counters.computeIfAbsent(slot, s -> new Counter());
  }

  synchronized void count(Counter counter, int status, Duration latency) {
    counter.requests++;
    counter.clientErrors += status >= 400 && status < 500 ? 1 : 0;
    counter.serverErrors += status >= 500 ? 1 : 0;
    // A WebSocket has no time to answer that could be compared.
    if (status != 101) {
      counter.latencies[(int) (counter.timed++ % RECENT)] = latency.toNanos();
    }
  }

  @Override
  public Reading read() {
    Map<Slot, Counter> copies = new HashMap<>();
    synchronized (this) {
      counters.forEach((slot, counter) -> copies.put(slot, counter.copy()));
    }
    Map<Slot, Count> counts = new HashMap<>();
    copies.forEach((slot, counter) -> counts.put(slot, counter.count()));
    return new Reading(time.now(), counts);
  }

  /** The numbers of one slot, guarded by the meter. */
  static final class Counter {
    private long requests;
    private long clientErrors;
    private long serverErrors;
    private long timed;
    private long[] latencies = new long[RECENT];

    private Counter copy() {
      Counter copy = new Counter();
      copy.requests = requests;
      copy.clientErrors = clientErrors;
      copy.serverErrors = serverErrors;
      copy.timed = timed;
      copy.latencies = Arrays.copyOf(latencies, (int) Math.min(timed, RECENT));
      return copy;
    }

    private Count count() {
      return new Count(requests, clientErrors, serverErrors, latency());
    }

    private Optional<Latency> latency() {
      if (latencies.length == 0) {
        return Optional.empty();
      }
      Arrays.sort(latencies);
      long mean = (long) Arrays.stream(latencies).average().orElseThrow();
      return Optional.of(
          new Latency(
              Duration.ofNanos(mean),
              Optional.of(quantile(0.50)),
              Optional.of(quantile(0.95)),
              Optional.of(quantile(0.99))));
    }

    /** The nearest rank: a latency that really occurred. */
    private Duration quantile(double q) {
      return Duration.ofNanos(latencies[(int) Math.ceil(q * latencies.length) - 1]);
    }
  }
}
