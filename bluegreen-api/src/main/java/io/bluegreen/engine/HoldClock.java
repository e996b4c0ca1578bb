package io.bluegreen.engine;

import io.bluegreen.TimeSource;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;

/** The time of one watch: when it looks, when it may end at the earliest, and when it must end. */
final class HoldClock {
  private final TimeSource time;
  private final Duration every;
  private final Duration began;
  private final Duration enough;
  private Duration latest;
  private Duration looked;

  HoldClock(TimeSource time, Watch watch) {
    this.time = time;
    this.every = watch.every();
    this.began = time.elapsed();
    this.enough = began.plus(watch.duration());
    this.latest = began.plus(watch.atMost());
    this.looked = began;
  }

  /** Notes that a look starts now; returns how long ago the last one started. */
  Duration look() {
    Duration last = looked;
    looked = time.elapsed();
    return looked.minus(last);
  }

  /** Gives the watch more time, because it waited so long for a person and not for a verdict. */
  void prolong(Duration waited) {
    latest = latest.plus(waited);
  }

  /** Returns whether it has watched long enough, by its last look. */
  boolean enough() {
    return looked.compareTo(enough) >= 0;
  }

  /** Returns whether there is no time left for verdicts, by its last look. */
  boolean tooLate() {
    return looked.compareTo(latest) >= 0;
  }

  Duration sinceItBegan() {
    return time.elapsed().minus(began);
  }

  /** Returns how long it goes on: until it may end, and after that until it must. */
  Duration left() {
    Duration left = enough.minus(time.elapsed());
    return left.isNegative() ? latest.minus(time.elapsed()) : left;
  }

  /**
   * Returns how long to wait for the next look. The interval runs from start to start, so that a
   * slow gate is not asked less often.
   */
  Duration untilNextLook() {
    Duration now = time.elapsed();
    Duration next = looked.plus(every);
    for (Duration end : List.of(latest, enough)) {
      if (end.compareTo(now) > 0 && end.compareTo(next) < 0) {
        next = end;
      }
    }
    return next.compareTo(now) > 0 ? next.minus(now) : Duration.ZERO;
  }
}
