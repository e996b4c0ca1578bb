package io.bluegreen.engine;

import io.bluegreen.TimeSource;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * The limit for the whole deployment. It runs on the way forward only, and not while a person is
 * waited for: what goes back, is repaired or retires the former live colour is never cut by it.
 */
final class DeploymentLimit {
  private final Duration limit;
  private final TimeSource time;
  private Duration before = Duration.ZERO;
  private Optional<Duration> since = Optional.empty();
  private boolean begun;

  DeploymentLimit(Duration limit, TimeSource time) {
    this.limit = limit;
    this.time = time;
  }

  /** Begins to count, from what another process has spent. */
  void begin(Duration spent) {
    before = spent;
    begun = !limit.isZero();
    goOn();
  }

  void stop() {
    before = spent();
    since = Optional.empty();
  }

  /** Counts again, if it was begun and not ended. */
  void goOn() {
    if (begun && since.isEmpty()) {
      since = Optional.of(time.elapsed());
    }
  }

  /** The way forward is over. */
  void end() {
    stop();
    begun = false;
  }

  Duration spent() {
    return since.map(begin -> before.plus(time.elapsed().minus(begin))).orElse(before);
  }

  /** Fails where it is over. */
  void require() throws StepNotDone {
    if (isOver()) {
      throw StepNotDone.because(
          "the limit for the whole deployment, " + Durations.describe(limit) + ", is over");
    }
  }

  private boolean isOver() {
    return since.isPresent() && spent().compareTo(limit) >= 0;
  }

  /** Returns a step's own limit, or what is left of this one where that is less. */
  Duration atMost(Duration own) {
    if (since.isEmpty()) {
      return own;
    }
    Duration left = limit.minus(spent());
    return left.compareTo(own) < 0 ? (left.isNegative() ? Duration.ZERO : left) : own;
  }

  /** Returns what to say of a step that did not end in time. */
  String told() {
    return isOver()
        ? "; the limit for the whole deployment, " + Durations.describe(limit) + ", is over"
        : "";
  }
}
