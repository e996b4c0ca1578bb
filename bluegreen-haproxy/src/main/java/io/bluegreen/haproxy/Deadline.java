package io.bluegreen.haproxy;

import io.bluegreen.TimeSource;
import java.time.Duration;

/** The moment by which something must be done. */
record Deadline(TimeSource time, Duration end) {
  /** More than this is as if for ever, and what is counted in milliseconds stays in its range. */
  private static final Duration LONGEST = Duration.ofDays(365);

  static Deadline in(TimeSource time, Duration limit) {
    return new Deadline(time, time.elapsed().plus(shorter(limit, LONGEST)));
  }

  /** Returns what is left, never less than zero. */
  Duration left() {
    Duration left = end.minus(time.elapsed());
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean over() {
    return left().isZero();
  }

  /** Returns this deadline or one that far from now, whichever is earlier. */
  Deadline atMost(Duration limit) {
    Deadline other = in(time, limit);
    return other.end.compareTo(end) < 0 ? other : this;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
