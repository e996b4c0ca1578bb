package io.bluegreen;

import java.time.Duration;
import java.util.List;

/**
 * How long the traffic is held where it is, and which gates judge meanwhile. Immutable.
 *
 * @param duration that it is held at least; zero for no hold
 * @param every how often each gate is asked
 * @param gates names of gates given to the manager; may be empty
 */
public record Watch(Duration duration, Duration every, List<String> gates) {
  /** No hold at all. */
  public static final Watch NONE = new Watch(Duration.ZERO, Duration.ofSeconds(60), List.of());

  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if the duration is negative, the interval is not positive, or
   *     a name is no gate's name
   */
  public Watch {
    Limits.notNegative("duration", duration);
    Limits.positive("every", every);
    gates = List.copyOf(gates);
    gates.forEach(gate -> Names.name("gate", gate));
  }

  /** Returns whether there is anything to wait for. */
  boolean isNone() {
    return duration.isZero() && gates.isEmpty();
  }
}
