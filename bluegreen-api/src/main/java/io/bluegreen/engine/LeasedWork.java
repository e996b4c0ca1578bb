package io.bluegreen.engine;

import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.LeaseOwner;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import io.bluegreen.engine.EngineThreads.Task;
import io.bluegreen.engine.EngineThreads.When;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.slf4j.MDC;

/** Takes the lease and acts under it, or only reads; on a thread of the engine. */
final class LeasedWork {
  private final ManagerSetup setup;
  private final EngineThreads threads;
  private final ThisHost host;

  /** How long to wait for the holder of the lease, from the first attempt on. */
  interface Waiting {
    Duration with(LeaseOwner holder);
  }

  /** What is done under the lease. */
  interface Work<T> {
    T run(Journal journal);
  }

  LeasedWork(ManagerSetup setup, EngineThreads threads) {
    this.setup = setup;
    this.threads = threads;
    this.host = new ThisHost(setup.time());
  }

  /**
   * Returns what is to be done under the lease. It fails with {@link DeploymentInProgressException}
   * if somebody else has the lease, and keeps it.
   *
   * @param before what is to be checked before the lease is taken
   * @param last makes the final result, from the work's and from what listeners were not told
   */
  <T> Task<T> task(
      String id,
      Interventions interventions,
      Runnable before,
      Waiting waiting,
      Work<T> work,
      BiFunction<T, List<String>, T> last) {
    // A listener that calls this can't be told the rest before it returns.
    boolean told = setup.listeners().tellingHere();
    return new Task<>(
        interventions,
        () -> {
          before.run();
          StateStore.Lease lease;
          try {
            lease = acquire(id, interventions, waiting);
          } catch (RuntimeException e) {
            interventions.forgetPosted();
            throw e;
          }
          List<String> untold = List.of();
          T done;
          try {
            done = underLease(id, lease, work);
          } finally {
            untold = told ? untold : setup.listeners().settle();
          }
          return last.apply(done, untold);
        });
  }

  /**
   * Does a task and waits for it. An interruption of the calling thread, also one before this call,
   * aborts the task; the flag is set again at the end.
   */
  <T> T run(Task<T> task) {
    return threads.run(task, interrupted -> task.interventions().abort(EngineThreads.INTERRUPTED));
  }

  /**
   * Reads something without the lease. An interruption before the call changes nothing; one during
   * it ends the wait. The flag is set again at the end.
   *
   * @throws OperationRefusedException if the calling thread was interrupted meanwhile
   */
  <T> T look(Interventions interventions, Callable<T> look) {
    return threads.run(
        new Task<>(interventions, look),
        interrupted -> {
          if (interrupted == When.MEANWHILE) {
            throw new OperationRefusedException(
                "group "
                    + setup.group().name()
                    + ": "
                    + EngineThreads.INTERRUPTED
                    + " while it only looked: nothing was touched, and what is served"
                    + " now is not known");
          }
        });
  }

  private <T> T underLease(String id, StateStore.Lease lease, Work<T> work) {
    MDC.put("group", setup.group().name());
    MDC.put("deployment", id);
    try (lease) {
      threads.requireOpen();
      return work.run(Journal.begin(setup.store(), lease, setup.time(), setup.group().name()));
    } finally {
      MDC.remove("group");
      MDC.remove("deployment");
    }
  }

  private StateStore.Lease acquire(String id, Interventions interventions, Waiting waiting) {
    TimeSource time = setup.time();
    Duration began = time.elapsed();
    while (true) {
      LeaseOwner owner =
          new LeaseOwner(setup.group().name(), id, host.pid(), host.name(), time.now());
      StateStore.Acquired acquired = setup.store().acquire(owner);
      if (acquired instanceof StateStore.Lease lease) {
        return lease;
      }
      LeaseOwner holder = ((StateStore.HeldBy) acquired).owner();
      Duration left = began.plus(waiting.with(holder)).minus(time.elapsed());
      Optional<String> ends = interventions.endsBefore();
      if (ends.isPresent()) {
        throw new DeploymentInProgressException(holder, ends.get());
      }
      if (threads.isClosed() || left.isZero() || left.isNegative()) {
        throw new DeploymentInProgressException(holder);
      }
      try {
        time.sleep(
            left.compareTo(Interventions.ASKED_EVERY) < 0 ? left : Interventions.ASKED_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DeploymentInProgressException(holder);
      }
    }
  }
}
