package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves that each worker has come back to where it waits for requests. nginx gives a request its
 * colour and counts it a moment later, without a wait in between; but the kernel may hold the
 * worker at that very point, for as long as it likes. One that sleeps, or that has worked for
 * longer than that moment can last, is past it.
 */
final class WorkerTurns {
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(1);

  /** Ticks of the kernel, 10 ms each; the first may have begun before the look. */
  private static final long WORKED = 2;

  private final TimeSource time;

  WorkerTurns(TimeSource time) {
    this.time = time;
  }

  /**
   * Returns whether all of them did since this was called; false if one did not for a second.
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
