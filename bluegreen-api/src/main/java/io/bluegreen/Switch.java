package io.bluegreen;

import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * One change from a split to a split, as a router is asked to make it. Immutable.
 *
 * @param from the split that the proxy serves now; it may also serve {@code to} already
 * @param to the split that it is to serve, for the same services
 * @param generation grows with every switch of the group, for ever; the proxy carries it, so that a
 *     split that was left and entered again is told apart
 * @param deploymentId of the deployment that asks
 * @param fence grows with every holder of the group's lease; a router refuses one that is lower
 *     than the highest it has durably seen
 * @param within how long the router may take to make and to prove it
 */
public record Switch(
    TrafficSplit from,
    TrafficSplit to,
    long generation,
    String deploymentId,
    long fence,
    Duration within) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the two splits speak of different services, a number is not
   *     positive, or the limit is not
   */
  public Switch {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(deploymentId, "deploymentId");
    Objects.requireNonNull(within, "within");
    if (!from.services().equals(to.services())) {
      throw new IllegalArgumentException(
          "to: a switch keeps its services, but from has "
              + from.services()
              + " and to has "
              + to.services());
    }
    if (generation < 1 || fence < 1) {
      throw new IllegalArgumentException(
          "generation and fence: expected 1 or more, but were " + generation + " and " + fence);
    }
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException(
          "within: expected more than zero, but was " + Durations.describe(within));
    }
  }

  /** Returns the switch for a person. */
  @Override
  public String toString() {
    return "from " + from + " to " + to + " within " + Durations.describe(within);
  }
}
