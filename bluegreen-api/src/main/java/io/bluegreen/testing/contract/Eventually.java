package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.fail;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;

/** Waits for a condition, with a generous deadline, because machines are busy. */
final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Eventually() {}

  /**
   * Waits until the condition holds, or fails with the promise.
   *
   * @param seen tells what is there instead, for people; asked only if the time is over
   */
  static void until(String promise, Duration limit, Condition condition, Supplier<?> seen) {
    try (TimeSource time = TimeSource.system()) {
      Deadline end = time.deadline(limit);
      while (!condition.holds()) {
        if (end.over()) {
          Promise.kept(
              promise, false, () -> "not so within " + limit.toSeconds() + " s, " + seen.get());
        }
        time.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("[" + promise + "] interrupted while it waited");
    }
  }

  @FunctionalInterface
  interface Condition {
    boolean holds();
  }
}
