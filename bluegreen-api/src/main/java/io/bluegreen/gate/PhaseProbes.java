package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The probes of one phase of one deployment: how many are due, and the last ones of each target.
 */
final class PhaseProbes {
  /**
   * At most so many of the probes that have come due since the last look are sent; the others never
   * are.
   */
  static final int MOST_DUE = 20;

  private final Map<String, ProbeWindow> windows = new TreeMap<>();
  private @Nullable TrafficSplit split;
  private Duration until = Duration.ZERO;

  /** Returns how many probes are due at this look: always one at the first look of a hold. */
  synchronized int due(Gate.Context context, Optional<Duration> every) {
    Duration held = context.held();
    if (every.isEmpty() || !context.split().equals(split) || held.compareTo(until) < 0) {
      split = context.split();
      until = held;
      return 1;
    }
    long due = held.minus(until).dividedBy(every.get());
    until = until.plus(every.get().multipliedBy(due));
    return (int) Math.min(due, MOST_DUE);
  }

  synchronized ProbeWindow window(String name, Supplier<ProbeWindow> create) {
    return windows.computeIfAbsent(name, absent -> create.get());
  }
}
