package io.bluegreen.engine;

import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Owner;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Works on a thread of the engine's, while the caller waits: takes the lease and acts under it, or
 * only looks. An interrupted thread would close its channels, the lock's included, so the engine's
 * never is.
 */
final class LeasedWork {
  private static final String INTERRUPTED = "the calling thread was interrupted";

  private final Setup setup;
  private final ThisHost host = new ThisHost();
  private final Set<Acting> acting = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** What acts, or looks, now in this manager. */
  private static final class Acting {
    private final Interventions interventions;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable Thread> engine = new AtomicReference<>();

    Acting(Interventions interventions) {
      this.interventions = interventions;
    }
  }

  /** How long to wait for who holds the lease, from the first attempt on. */
  interface Waiting {
    Duration with(Owner holder);
  }

  /** What is done under the lease. */
  interface Work<T> {
    T run(Journal journal);
  }

  LeasedWork(Setup setup) {
    this.setup = setup;
  }

  /**
   * Acts. An interruption of the calling thread, also one before this, aborts it; the flag is set
   * again at the end.
   *
   * @param before what is to be checked before the lease is taken
   * @param last makes the result, from that of the work and from what listeners were not told
   * @throws DeploymentInProgressException if somebody else has the lease, and keeps it
   */
  <T> T run(
      String id,
      Interventions interventions,
      Runnable before,
      Waiting waiting,
      Work<T> work,
      BiFunction<T, List<String>, T> last) {
    boolean told = setup.listeners().tellingHere(); // Who is told now can't be told the rest first.
    return beside(
        interventions,
        interrupted -> interventions.abort(INTERRUPTED),
        () -> {
          before.run();
          StateStore.Lease lease = acquire(id, interventions, waiting);
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
   * Looks, without the lease. An interruption before it is no reason not to; one meanwhile ends the
   * wait. The flag is set again at the end.
   *
   * @throws OperationRefusedException if the calling thread was interrupted meanwhile
   */
  <T> T look(Interventions interventions, Callable<T> look) {
    return beside(
        interventions,
        interrupted -> {
          if (interrupted == When.MEANWHILE) {
            throw new OperationRefusedException(
                "group "
                    + setup.group().name()
                    + ": "
                    + INTERRUPTED
                    + " while it only looked: nothing was touched, and what serves now was not"
                    + " found out");
          }
        },
        look);
  }

  /** When the calling thread was interrupted. */
  private enum When {
    BEFORE,
    MEANWHILE
  }

  /** Hears of an interruption; what it throws ends the wait. */
  private interface Interruption {
    void came(When when);
  }

  private <T> T beside(Interventions interventions, Interruption interruption, Callable<T> work) {
    boolean interrupted = Thread.interrupted();
    CompletableFuture<T> result = new CompletableFuture<>();
    Acting now = new Acting(interventions);
    acting.add(now);
    try {
      if (interrupted) {
        interruption.came(When.BEFORE);
      }
      requireOpen();
      setup.time().executor().execute(() -> carryOut(now, result, work));
      while (true) {
        try {
          return value(result);
        } catch (InterruptedException e) {
          interrupted = true;
          interruption.came(When.MEANWHILE);
        }
      }
    } catch (RejectedExecutionException e) {
      throw closedAlready(e);
    } finally {
      if (!result.isDone() && now.engine.get() == null) {
        end(now); // It never began: who closes waits for its end.
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> void carryOut(Acting now, CompletableFuture<T> result, Callable<T> work) {
    now.engine.set(Thread.currentThread());
    try {
      T value = work.call();
      end(now);
      result.complete(value);
    } catch (Throwable e) {
      end(now);
      result.completeExceptionally(e);
    }
  }

  private void end(Acting now) {
    acting.remove(now);
    now.ended.complete(true);
  }

  private static <T> T value(CompletableFuture<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw Caller.seen(cause);
      }
      if (e.getCause() instanceof Error cause) {
        throw Caller.seen(cause);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private <T> T underLease(String id, StateStore.Lease lease, Work<T> work) {
    MDC.put("group", setup.group().name());
    MDC.put("deployment", id);
    try (lease) {
      requireOpen();
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
      Owner owner = new Owner(setup.group().name(), id, host.pid(), host.name(), time.now());
      StateStore.Acquired acquired = setup.store().acquire(owner);
      if (acquired instanceof StateStore.Lease lease) {
        return lease;
      }
      StateStore.HeldBy held = (StateStore.HeldBy) acquired;
      Duration left = began.plus(waiting.with(held.owner())).minus(time.elapsed());
      if (closed || interventions.endsHere().isPresent() || left.isZero() || left.isNegative()) {
        throw new DeploymentInProgressException(held.owner());
      }
      try {
        time.sleep(
            left.compareTo(Interventions.ASKED_EVERY) < 0 ? left : Interventions.ASKED_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DeploymentInProgressException(held.owner());
      }
    }
  }

  private void besideOrHere(Runnable work) {
    try {
      setup.time().executor().execute(work);
    } catch (RejectedExecutionException e) {
      work.run(); // The time is closed already, by an earlier close or by the host that lent it.
    }
  }

  private void requireOpen() {
    if (closed) {
      throw closedAlready(null);
    }
  }

  private IllegalStateException closedAlready(@Nullable Throwable cause) {
    return new IllegalStateException(
        "the manager of " + setup.group().name() + " is closed", cause);
  }

  /**
   * Suspends what waits now, or aborts what acts now, and does the rest when that has ended. Waits
   * for it, unless what acts now has asked for it itself; an interruption does not end the wait.
   *
   * @param rest is done on a thread that nobody interrupts
   */
  void close(String reason, Runnable rest) {
    closed = true;
    boolean inside = setup.listeners().tellingHere();
    CompletableFuture<?> all = CompletableFuture.completedFuture(true);
    for (Acting now : acting) {
      inside |=
          now.engine.get() == Thread.currentThread()
              || now.interventions.isInside(Thread.currentThread());
      now.interventions.close(reason);
      all = CompletableFuture.allOf(all, now.ended);
    }
    CompletableFuture<?> done = all.thenRunAsync(rest, this::besideOrHere);
    if (!inside) {
      done.join();
    }
  }
}
