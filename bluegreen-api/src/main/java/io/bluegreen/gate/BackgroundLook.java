package io.bluegreen.gate;

import io.bluegreen.Deadline;
import io.bluegreen.Gate;
import io.bluegreen.TimeSource;
import io.bluegreen.Verdict;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * One look of a gate that decides nothing. It runs on a thread of its own, and its answer is waited
 * for at most a second.
 */
final class BackgroundLook {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final TimeSource time;
  private final Deadline end;
  private final FutureTask<Verdict> look;

  /** Starts it. */
  BackgroundLook(Gate gate, Gate.Context context, TimeSource time) {
    this.time = time;
    this.end = time.deadline(LIMIT);
    this.look = new FutureTask<>(() -> CompositeGate.judge(gate, context));
    time.executor().execute(look);
  }

  /** Returns what it says, or that it says nothing in time. */
  Verdict verdict() throws InterruptedException {
    try {
      return time.await(end.left(), look);
    } catch (TimeoutException e) {
      return withoutVerdict("no answer within " + Durations.describe(LIMIT));
    } catch (InterruptedException e) {
      if (look.isDone() && !look.isCancelled()) {
        return withoutVerdict("the gate was interrupted");
      }
      throw e;
    } catch (Exception e) {
      return withoutVerdict("the gate failed: " + Failures.reason(e));
    }
  }

  void end() {
    look.cancel(true);
  }

  private static Verdict withoutVerdict(String reason) {
    return WarnOnlyGate.told(Verdict.inconclusive(reason));
  }
}
