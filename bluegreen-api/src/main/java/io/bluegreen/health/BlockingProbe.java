package io.bluegreen.health;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Blocking work that hands over its result only when the work is over. A receiver that then cancels
 * everything does not interrupt the thread that called it.
 */
final class BlockingProbe<T> extends FutureTask<T> {
  private final BiConsumer<@Nullable T, @Nullable Throwable> told;

  /**
   * Creates one.
   *
   * @param told gets the result, or the failure, such as a cancellation
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
