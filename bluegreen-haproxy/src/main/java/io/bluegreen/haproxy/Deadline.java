package io.bluegreen.haproxy;

import io.bluegreen.TimeSource;
import java.time.Duration;

/** The moment by which something must be done. */
record Deadline(TimeSource time, Duration end) {
  static Deadline in(TimeSource time, Duration limit) {
    return new Deadline(time, time.elapsed().plus(limit));
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
    Duration other = time.elapsed().plus(limit);
    return other.compareTo(end) < 0 ? new Deadline(time, other) : this;
  }
}
