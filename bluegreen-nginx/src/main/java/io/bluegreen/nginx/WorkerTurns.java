package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves that no worker stands between the choice of a request's colour and its count. nginx counts
 * a request a moment after it gave it a colour, without a wait in between; but the kernel may stop
 * the worker at that point for any time. A worker that waits for requests, or that has worked for
 * longer than that moment can last, is past it.
 */
final class WorkerTurns {
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(1);

  /**
   * In ticks of the kernel, 10 ms each. Two, because the first may have started before this look.
   */
  private static final long WORKED = 2;

  private final TimeSource time;

  WorkerTurns(TimeSource time) {
    this.time = time;
  }

  /**
   * Returns whether all of these workers are past that point; false if one still may not be after a
   * second.
   *
   * @throws InterruptedIOException if interrupted
   */
  boolean areDone(List<NginxWorkers.Worker> workers) throws InterruptedIOException {
    Map<Long, NginxWorkers.Activity> left = new HashMap<>();
    for (NginxWorkers.Worker worker : workers) {
      NginxWorkers.Activity first = NginxWorkers.activity(worker.pid());
      if (!first.isWaitingOrGone()) {
        left.put(worker.pid(), first);
      }
    }
    Deadline end = time.deadline(LIMIT);
    while (!left.isEmpty()) {
      if (end.over()) {
        return false;
      }
      pause();
      left.entrySet().removeIf(one -> isDone(one.getValue(), NginxWorkers.activity(one.getKey())));
    }
    return true;
  }

  private static boolean isDone(NginxWorkers.Activity before, NginxWorkers.Activity now) {
    return now.isWaitingOrGone() || now.ticks() - before.ticks() >= WORKED;
  }

  private void pause() throws InterruptedIOException {
    try {
      time.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
