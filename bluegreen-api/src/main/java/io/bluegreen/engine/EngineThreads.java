package io.bluegreen.engine;

import io.bluegreen.OperationRefusedException;
import io.bluegreen.TimeSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does work on the engine's own threads, whether the caller waits or not. Nobody interrupts these:
 * an interrupted thread closes the channels that it uses, and one of them is the lock of the store.
 */
final class EngineThreads {
  static final String INTERRUPTED = "the calling thread was interrupted";

  private final ManagerSetup setup;
  private final Set<Acting> acting = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /**
   * Work to be done, and its result.
   *
   * @param result is completed when the work is over, also if it could not start
   */
  record Task<T>(
      Interventions interventions, CompletableFuture<T> result, Callable<? extends T> work) {
    Task(Interventions interventions, Callable<? extends T> work) {
      this(interventions, new CompletableFuture<>(), work);
    }
  }

  /** One piece of work that this manager does now. */
  private static final class Acting {
    private final Interventions interventions;
    private final CompletableFuture<Boolean> ended;
    private final AtomicReference<@Nullable Thread> engine = new AtomicReference<>();

    Acting(Interventions interventions, TimeSource time) {
      this.interventions = interventions;
      this.ended = time.future();
    }
  }

  /** When the calling thread was interrupted. */
  enum When {
    BEFORE,
    MEANWHILE
  }

  /** Is told of an interruption; an exception that it throws ends the wait. */
  interface Interruption {
    void came(When when);
  }

  EngineThreads(ManagerSetup setup) {
    this.setup = setup;
  }

  /**
   * Starts a task, and does not wait. The interrupt flag of the calling thread makes no difference,
   * and stays as it is.
   */
  <T> void start(Task<T> task) {
    boolean interrupted = Thread.interrupted();
    try {
      begin(task, setup.time()::start);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Does a task and waits for it. An interruption of the calling thread, also one before this, is
   * told; the flag is set again at the end.
   */
  <T> T run(Task<T> task, Interruption interruption) {
    boolean interrupted = Thread.interrupted();
    try {
      if (interrupted) {
        interruption.came(When.BEFORE);
      }
      begin(task, setup.time().executor());
      while (true) {
        try {
          return value(task.result());
        } catch (InterruptedException e) {
          interrupted = true;
          interruption.came(When.MEANWHILE);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> void begin(Task<T> task, Executor beside) {
    Acting now = new Acting(task.interventions(), setup.time());
    acting.add(now);
    try {
      requireOpen();
      beside.execute(() -> carryOut(now, task));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      end(now); // It never began, and close() waits for its end.
      task.result().completeExceptionally(noThread(e));
    } catch (RuntimeException e) {
      end(now);
      task.result().completeExceptionally(e);
      throw e;
    }
  }

  private <T> void carryOut(Acting now, Task<T> task) {
    now.engine.set(Thread.currentThread());
    try {
      T value = task.work().call();
      end(now);
      task.result().complete(value);
    } catch (Throwable e) {
      end(now);
      task.result().completeExceptionally(e);
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
        throw CallerStack.seen(cause);
      }
      if (e.getCause() instanceof Error cause) {
        throw CallerStack.seen(cause);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Does work on another thread, or on the caller's if there is no other. */
  void besideOrHere(Runnable work) {
    try {
      setup.time().executor().execute(work);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      work.run(); // The TimeSource is closed: by an earlier close, or by its host.
    }
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Refuses to start anything once the manager is closed.
   *
   * @throws IllegalStateException if it is
   */
  void requireOpen() {
    if (closed) {
      throw closedAlready(null);
    }
  }

  private IllegalStateException closedAlready(@Nullable Throwable cause) {
    return new IllegalStateException(
        "the manager of " + setup.group().name() + " is closed", cause);
  }

  private RuntimeException noThread(Throwable cause) {
    return closed
        ? closedAlready(cause)
        : new OperationRefusedException(
            "group "
                + setup.group().name()
                + ": its TimeSource gave no thread to work on ("
                + StepNotDone.reason(cause)
                + "): it is closed, or has no thread left. Nothing was touched, and what served"
                + " before serves; give the manager one that is open, or try again later",
            cause);
  }

  /**
   * Suspends a deployment that waits, aborts one that acts, and does the rest when it has ended.
   * Waits for all of it, unless the deployment itself calls this, which would wait for itself; an
   * interruption does not end the wait.
   *
   * @param rest is done on a thread that nobody interrupts
   */
  void close(String reason, Runnable rest) {
    closed = true;
    boolean inside = setup.listeners().tellingHere();
    CompletableFuture<Boolean> all = setup.time().future();
    all.complete(true);
    for (Acting now : acting) {
      inside |=
          now.engine.get() == Thread.currentThread()
              || now.interventions.isInside(Thread.currentThread());
      now.interventions.close(reason);
      all = all.thenCombine(now.ended, (before, ended) -> true);
    }
    CompletableFuture<?> done = all.thenRunAsync(rest, this::besideOrHere);
    if (!inside) {
      done.join();
    }
  }
}
