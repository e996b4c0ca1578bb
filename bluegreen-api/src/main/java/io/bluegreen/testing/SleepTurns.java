package io.bluegreen.testing;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Which of several threads may let virtual time pass: the one that waits for the earliest moment,
 * once the others have had their turn. Its own monitor guards the time.
 */
final class SleepTurns {
  private static final int POLL_MILLIS = 2;

  /** A thread that waits for something else than time is seen doing so this often in a row. */
  private static final int CALM = 5;

  private static final int PATIENCE_MILLIS = 1_000;

  /** How deep each thread is in work of the executor's. */
  private final Map<Thread, Integer> working = new LinkedHashMap<>();

  /** The moment that each sleeping thread waits for, in the order in which they fell asleep. */
  private final Map<Thread, Duration> sleeping = new LinkedHashMap<>();

  /** Runs work on the caller's thread, which is waited for meanwhile unless it sleeps. */
  void work(Runnable work) {
    Thread self = Thread.currentThread();
    synchronized (this) {
      working.merge(self, 1, Integer::sum);
    }
    try {
      work.run();
    } finally {
      synchronized (this) {
        working.computeIfPresent(self, (thread, depth) -> depth == 1 ? null : depth - 1);
        notifyAll();
      }
    }
  }

  /**
   * Waits, in real time, until the calling thread may let time pass to a moment. The caller holds
   * the monitor, so that what it does next is its turn.
   *
   * @return false if it has got what it waits for meanwhile
   */
  boolean await(Duration moment, BooleanSupplier enough) {
    Thread self = Thread.currentThread();
    sleeping.put(self, moment);
    boolean interrupted = false;
    try {
      int calm = 0;
      for (int waited = 0; !isFirst(self) || othersWork(calm, waited); waited += POLL_MILLIS) {
        calm = anyRuns() ? 0 : calm + 1;
        try {
          wait(POLL_MILLIS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (interrupted) {
          self.interrupt();
          if (enough.getAsBoolean()) {
            return false;
          }
          Thread.interrupted();
        } else if (enough.getAsBoolean()) {
          return false;
        }
      }
      return true;
    } finally {
      sleeping.remove(self);
      notifyAll();
      if (interrupted) {
        self.interrupt();
      }
    }
  }

  private boolean isFirst(Thread self) {
    Thread first = self;
    for (Map.Entry<Thread, Duration> other : sleeping.entrySet()) {
      if (other.getValue().compareTo(sleeping.getOrDefault(first, other.getValue())) < 0) {
        first = other.getKey();
      }
    }
    return first == self;
  }

  private boolean othersWork(int calm, int waited) {
    return waited < PATIENCE_MILLIS
        && calm < CALM
        && working.keySet().stream().anyMatch(this::isAwakeElsewhere);
  }

  private boolean anyRuns() {
    return working.keySet().stream()
        .filter(this::isAwakeElsewhere)
        .map(Thread::getState)
        .anyMatch(state -> state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED);
  }

  private boolean isAwakeElsewhere(Thread thread) {
    return thread != Thread.currentThread() && !sleeping.containsKey(thread);
  }
}
