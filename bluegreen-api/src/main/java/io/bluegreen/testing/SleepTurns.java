package io.bluegreen.testing;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of several threads may let virtual time pass: the one that waits for the earliest
 * moment, once the others have had their turn. If two wait for the same moment, it is the one that
 * was started here, or else the one that has waited longer. Its own monitor guards the time.
 */
final class SleepTurns {
  private static final int POLL_MILLIS = 2;

  /** A thread that waits for something else than time is seen doing so this often in a row. */
  private static final int CALM = 5;

  private static final int PATIENCE_MILLIS = 10_000;

  private static final Set<Thread.State> RUNS =
      EnumSet.of(Thread.State.NEW, Thread.State.RUNNABLE, Thread.State.BLOCKED);

  /** How often each thread is inside work of the executor, or has started work that goes on. */
  private final Map<Thread, Integer> working = new LinkedHashMap<>();

  /** The threads that were started here and have not ended. */
  private final Set<Thread> started = new LinkedHashSet<>();

  /** The moment that each sleeping thread waits for, in the order in which they fell asleep. */
  private final Map<Thread, Duration> sleeping = new LinkedHashMap<>();

  /** The threads that were seen waiting for something else, and may wait for it still. */
  private final Set<Thread> resting = new LinkedHashSet<>();

  /** Runs work on the caller's thread. Time waits for that thread meanwhile, unless it sleeps. */
  void work(Runnable work) {
    Thread self = Thread.currentThread();
    begin(self);
    try {
      work.run();
    } finally {
      end(self);
    }
  }

  /** Starts work on a thread of its own. Until that has ended, it and the caller take turns. */
  void start(Runnable work) {
    Thread caller = Thread.currentThread();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } finally {
                ended(Thread.currentThread(), caller);
              }
            },
            "virtual-time");
    thread.setDaemon(true);
    synchronized (this) {
      started.add(thread);
      begin(thread);
      begin(caller);
    }
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      ended(thread, caller);
      throw e;
    }
  }

  private synchronized void ended(Thread thread, Thread caller) {
    started.remove(thread);
    working.remove(thread); // Also as the caller of work that it has started.
    end(caller);
  }

  private synchronized void begin(Thread thread) {
    working.merge(thread, 1, Integer::sum);
  }

  private synchronized void end(Thread thread) {
    working.computeIfPresent(thread, (self, depth) -> depth == 1 ? null : depth - 1);
    if (!resting.isEmpty()) {
      resting.retainAll(working.keySet());
    }
    notifyAll();
  }

  /**
   * Waits, in real time, until the calling thread may let time pass to a moment. The caller holds
   * the monitor, so that its next step is its turn.
   *
   * @return false if its condition has come true meanwhile
   */
  boolean await(Duration moment, BooleanSupplier enough) {
    Thread self = Thread.currentThread();
    sleeping.put(self, moment);
    resting.remove(self);
    notifyAll();
    boolean interrupted = false;
    try {
      int calm = 0;
      for (int waited = 0; ; waited += POLL_MILLIS) {
        boolean othersWork = othersWork(waited);
        if (!(othersWork && startedWork()) && isEnough(enough, interrupted)) {
          return false;
        }
        if (!othersWork && isFirst(self)) {
          return true;
        }
        calm = anyRuns() ? 0 : calm + 1;
        if (calm == CALM) {
          working.keySet().stream().filter(this::isAwakeElsewhere).forEach(resting::add);
        }
        interrupted |= interruptedInPause();
      }
    } finally {
      sleeping.remove(self);
      notifyAll();
      if (interrupted) {
        self.interrupt();
      }
    }
  }

  /**
   * Asks the condition, with the thread's interrupt flag set if it was interrupted, and clears the
   * flag.
   */
  private static boolean isEnough(BooleanSupplier enough, boolean interrupted) {
    if (!interrupted) {
      return enough.getAsBoolean();
    }
    Thread.currentThread().interrupt();
    try {
      return enough.getAsBoolean();
    } finally {
      Thread.interrupted();
    }
  }

  /** Lets others go on for a moment of real time. The caller holds the monitor. */
  void pause() {
    if (interruptedInPause()) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Each caller looks again in a loop of its own.
  private boolean interruptedInPause() {
    try {
      wait(POLL_MILLIS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private boolean isFirst(Thread self) {
    @Nullable Thread first = null;
    for (Thread thread : sleeping.keySet()) {
      if (first == null || isBefore(thread, first)) {
        first = thread;
      }
    }
    return first == self;
  }

  private boolean isBefore(Thread one, Thread other) {
    int order = moment(one).compareTo(moment(other));
    return order == 0 ? started.contains(one) && !started.contains(other) : order < 0;
  }

  private Duration moment(Thread thread) {
    return sleeping.getOrDefault(thread, Duration.ZERO);
  }

  private boolean othersWork(int waited) {
    return waited < PATIENCE_MILLIS && working.keySet().stream().anyMatch(this::isAwakeElsewhere);
  }

  private boolean startedWork() {
    return started.stream().anyMatch(this::isAwakeElsewhere);
  }

  private boolean anyRuns() {
    return working.keySet().stream().filter(this::isAwakeElsewhere).anyMatch(SleepTurns::runs);
  }

  private boolean isAwakeElsewhere(Thread thread) {
    return thread != Thread.currentThread() && !sleeping.containsKey(thread) && !rests(thread);
  }

  private boolean rests(Thread thread) {
    if (runs(thread)) {
      resting.remove(thread);
    }
    return resting.contains(thread);
  }

  private static boolean runs(Thread thread) {
    return RUNS.contains(thread.getState());
  }
}
