package io.bluegreen.health;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Blocking work whose result is told only after the work is over, so that a caller that hears it
 * and cancels everything does not interrupt the very thread that tells.
 */
final class BlockingProbe<T> extends FutureTask<T> {
  private final BiConsumer<@Nullable T, @Nullable Throwable> told;

  /**
   * Creates one.
   *
   * @param told gets the result, or why there is none: a cancellation included
   */
  BlockingProbe(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> told) {
    super(work);
    this.told = told;
  }

  @Override
  protected void done() {
    T result;
    try {
      result = get();
    } catch (ExecutionException e) {
      told.accept(null, e.getCause() == null ? e : e.getCause());
      return;
    } catch (CancellationException | InterruptedException e) {
      told.accept(null, new CancellationException("cancelled"));
      return;
    }
    told.accept(result, null);
  }
}
