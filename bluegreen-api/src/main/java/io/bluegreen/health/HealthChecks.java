package io.bluegreen.health;

import io.bluegreen.HealthCheck;
import io.bluegreen.support.ArgumentChecks;
import java.util.List;

/**
 * Puts checks together. All are asked at once, each on a thread of its own; as soon as the answer
 * is certain the rest is cancelled. A check that throws, fails or answers null counts as DOWN. The
 * detail has what each one said, in their order. Closing the whole closes the parts.
 */
public final class HealthChecks {
  private HealthChecks() {}

  /**
   * Returns a check that is UP if every one is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static HealthCheck all(HealthCheck... checks) {
    ArgumentChecks.noNulls("checks", checks);
    return new Quorum("all", checks.length, List.of(checks));
  }

  /**
   * Returns a check that is UP if at least one is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static HealthCheck any(HealthCheck... checks) {
    ArgumentChecks.noNulls("checks", checks);
    return new Quorum("any", 1, List.of(checks));
  }

  /**
   * Returns a check that is UP if at least so many are.
   *
   * @param needed 1 to the number of checks
   * @throws IllegalArgumentException if it is outside that, or there is no check
   */
  public static HealthCheck quorum(int needed, HealthCheck... checks) {
    ArgumentChecks.noNulls("checks", checks);
    return new Quorum("quorum " + needed, needed, List.of(checks));
  }
}
