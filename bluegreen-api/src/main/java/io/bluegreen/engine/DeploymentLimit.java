package io.bluegreen.engine;

import io.bluegreen.TimeSource;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * The limit for the whole deployment. It runs on the way forward only, and not while the deployment
 * waits for a person. It never cuts short the way back, a repair, or the retiring of the former
 * live colour.
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

  /** Starts to count, from the time that another process has spent already. */
  void begin(Duration spent) {
    before = spent;
    begun = !limit.isZero();
    goOn();
  }

  void stop() {
    before = spent();
    since = Optional.empty();
  }

  /** Goes on to count, if the count was started and not ended. */
  void goOn() {
    if (begun && since.isEmpty()) {
      since = Optional.of(time.elapsed());
    }
  }

  /** Ends the count: the way forward is over. */
  void end() {
    stop();
    begun = false;
  }

  Duration spent() {
    return since.map(begin -> before.plus(time.elapsed().minus(begin))).orElse(before);
  }

  /** Fails if the limit is over. */
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

  /** Returns what to add to the message of a step that did not end in time. */
  String told() {
    return isOver()
        ? "; the limit for the whole deployment, " + Durations.describe(limit) + ", is over"
        : "";
  }
}
