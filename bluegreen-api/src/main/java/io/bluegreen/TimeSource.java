package io.bluegreen;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Time, and everything that waits for it: the one place where the engine sleeps, gives a deadline
 * to somebody else's code, or starts a thread. In tests {@code io.bluegreen.testing.VirtualTime}
 * takes its place: there sleeping advances the time, one thread at a time does something, and a run
 * replays exactly.
 */
public interface TimeSource extends AutoCloseable {
  /** Returns the wall clock, for people and records; it may jump. */
  Instant now();

  /**
   * Returns the time since some fixed moment; it never jumps, and all waiting is measured by it.
   */
  Duration elapsed();

  /**
   * Waits.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  void sleep(Duration duration) throws InterruptedException;

  /**
   * Runs work that may never return, and gives up on it, interrupting it, when the limit is over.
   *
   * @throws TimeoutException if the limit is over; the work may still be running
   * @throws Exception what the work throws
   */
  <T> T within(Duration limit, Callable<T> work) throws Exception;

  /**
   * Waits for a result that somebody else brings, and cancels it when the limit is over.
   *
   * @throws TimeoutException if the limit is over
   * @throws Exception what the result failed with
   */
  <T> T await(Duration limit, Future<T> result) throws Exception;

  /**
   * Returns the moment that far from now, by {@link #elapsed}; a limit of more than a hundred years
   * ends then.
   */
  default Deadline deadline(Duration limit) {
    return Deadline.in(this, limit);
  }

  /** Returns what runs work beside the caller, on as many threads as there is work. */
  Executor executor();

  /**
   * Starts work whose end the caller does not wait for now, on a thread of this time source. Where
   * time is virtual it goes on only while somebody waits, so that it replays exactly.
   *
   * @throws RejectedExecutionException if there is no thread for it
   */
  default void start(Runnable work) {
    Objects.requireNonNull(work, "work");
    executor().execute(work);
  }

  /**
   * Returns a future that somebody completes later. Where time is virtual, it passes while somebody
   * waits for this future or for one that depends on it.
   */
  default <T> CompletableFuture<T> future() {
    return new CompletableFuture<>();
  }

  /** Ends the threads that it started. */
  @Override
  default void close() {}

  /** Returns real time, with threads of its own that {@link #close} ends. */
  static TimeSource system() {
    return new SystemTime();
  }
}
