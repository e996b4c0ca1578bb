package io.bluegreen.testing;

import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A future that lets virtual time pass while somebody waits for it, or for a future that depends on
 * it.
 */
final class VirtualFuture<T> extends CompletableFuture<T> {
  private final VirtualTime time;

  VirtualFuture(VirtualTime time) {
    this.time = time;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new VirtualFuture<>(time);
  }

  @Override
  public T join() {
    AtomicBoolean interrupted = new AtomicBoolean();
    time.advance(
        VirtualTime.NEVER,
        () -> {
          interrupted.compareAndSet(false, Thread.interrupted());
          return isDone();
        });
    try {
      return super.join();
    } finally {
      if (interrupted.get()) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    time.advance(VirtualTime.NEVER, this::isDoneOrInterrupted);
    return super.get();
  }

  /** Waits at most this long in virtual time. */
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration limit = Duration.ofNanos(unit.toNanos(timeout));
    time.advance(time.elapsed().plus(limit), this::isDoneOrInterrupted);
    if (!isDoneOrInterrupted()) {
      throw new TimeoutException(
          "not done within " + Durations.describe(limit) + " of virtual time");
    }
    return super.get();
  }

  private boolean isDoneOrInterrupted() {
    return isDone() || Thread.currentThread().isInterrupted();
  }
}
