package io.bluegreen;

import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * The moment by which something must be done, by a clock that never jumps. {@link
 * TimeSource#deadline} gives it. Immutable, and safe for use by several threads.
 */
public final class Deadline {
  /**
   * A longer limit counts as this one: nobody waits so long, and its milliseconds still fit into a
   * long.
   */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final TimeSource time;
  private final Duration end;

  private Deadline(TimeSource time, Duration end) {
    this.time = time;
    this.end = end;
  }

  static Deadline in(TimeSource time, Duration limit) {
    Objects.requireNonNull(limit, "limit");
    Duration now = time.elapsed();
    return new Deadline(time, now.plus(limit.compareTo(LONGEST) < 0 ? limit : LONGEST));
  }

  /** Returns what is left; never less than zero. */
  public Duration left() {
    Duration left = end.minus(time.elapsed());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Returns what is left, or the given time where that is shorter: how long to wait at a time. */
  public Duration left(Duration atMost) {
    Objects.requireNonNull(atMost, "atMost");
    Duration left = left();
    return left.compareTo(atMost) < 0 ? left : atMost;
  }

  /** Returns whether nothing is left. */
  public boolean over() {
    return left().isZero();
  }

  /** Returns this deadline, or one that far from now where that is earlier. */
  public Deadline atMost(Duration limit) {
    Deadline other = in(time, limit);
    return other.end.compareTo(end) < 0 ? other : this;
  }

  /** Returns what is left, for a person. */
  @Override
  public String toString() {
    return "in " + Durations.describe(left());
  }
}
