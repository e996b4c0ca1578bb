package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How many requests (and open WebSockets) a slot is still answering. Immutable.
 *
 * @param count empty when the router can't know
 */
public record InFlight(OptionalInt count) implements JsonForm {
  /** Refuses null. */
  public InFlight {
    Objects.requireNonNull(count, "count");
  }

  /** Nothing is in flight, and nothing can come while the slot's share is 0. */
  public static final InFlight NONE = new InFlight(OptionalInt.of(0));

  /** The router can't know: the engine waits the policy's whole drain time. */
  public static final InFlight UNKNOWN = new InFlight(OptionalInt.empty());

  /**
   * Returns a known number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static InFlight some(int count) {
    ArgumentChecks.atLeast("count", 0, count);
    return count == 0 ? NONE : new InFlight(OptionalInt.of(count));
  }

  /** Returns whether it is known that nothing is in flight. */
  public boolean isNone() {
    return count.isPresent() && count.getAsInt() == 0;
  }

  /** Returns the number, or {@code unknown}. */
  @Override
  public String toString() {
    return count.isPresent() ? Integer.toString(count.getAsInt()) : "unknown";
  }
}
