package io.bluegreen;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Takes the lease and works under it on a thread of the engine's, while the caller waits: an
 * interrupted thread would close its channels, the lock's included, so the engine's never is.
 */
final class LeasedWork {
  private final Setup setup;
  private final Host host = new Host();
  private final AtomicReference<@Nullable Acting> acting = new AtomicReference<>();

  private volatile boolean closed;

  /** What acts now in this manager. */
  private record Acting(
      Wishes wishes, CompletableFuture<?> ended, AtomicReference<@Nullable Thread> engine) {}

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
   * Does it.
   *
   * @throws DeploymentInProgressException if somebody else has the lease, and keeps it
   */
  <T> T run(String id, Wishes wishes, Waiting waiting, Work<T> work) {
    CompletableFuture<T> ended = new CompletableFuture<>();
    StateStore.Lease lease = acquire(id, waiting);
    Acting now = new Acting(wishes, ended, new AtomicReference<>());
    acting.set(now);
    try {
      if (closed) {
        lease.close();
        throw new IllegalStateException("the manager of " + setup.group().name() + " is closed");
      }
      setup
          .time()
          .executor()
          .execute(
              () -> {
                now.engine().set(Thread.currentThread());
                try {
                  ended.complete(underLease(id, lease, work));
                } catch (Throwable e) {
                  ended.completeExceptionally(e);
                }
              });
      return await(ended, wishes);
    } catch (RejectedExecutionException e) {
      lease.close();
      throw new IllegalStateException("the manager of " + setup.group().name() + " is closed", e);
    } finally {
      acting.compareAndSet(now, null);
      ended.cancel(false); // Where it never began: who closes waits for its end.
    }
  }

  private <T> T underLease(String id, StateStore.Lease lease, Work<T> work) {
    MDC.put("group", setup.group().name());
    MDC.put("deployment", id);
    try (lease) {
      return work.run(Journal.begin(setup.store(), lease, setup.time(), setup.group().name()));
    } finally {
      MDC.remove("group");
      MDC.remove("deployment");
    }
  }

  private StateStore.Lease acquire(String id, Waiting waiting) {
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
      if (closed || left.isZero() || left.isNegative()) {
        throw new DeploymentInProgressException(held.owner());
      }
      try {
        time.sleep(left.compareTo(Wishes.ASKED_EVERY) < 0 ? left : Wishes.ASKED_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DeploymentInProgressException(held.owner());
      }
    }
  }

  /**
   * Waits for the engine; an interruption is turned into an abort, and the flag is set again at the
   * end.
   */
  private static <T> T await(CompletableFuture<T> ended, Wishes wishes) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return ended.get();
        } catch (InterruptedException e) {
          interrupted = true;
          wishes.abort("the calling thread was interrupted");
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Suspends what waits now, or aborts what acts now, and does the rest when that has ended. Waits
   * for it, unless what acts now has asked for it itself.
   */
  void close(String reason, Runnable rest) {
    closed = true;
    Acting now = acting.get();
    if (now == null) {
      rest.run();
      return;
    }
    now.wishes().close(reason);
    CompletableFuture<?> all =
        now.ended()
            .handle(
                (result, failure) -> {
                  rest.run();
                  return true;
                });
    if (Thread.currentThread() != now.engine().get()) {
      all.join();
    }
  }
}
