package io.bluegreen.support;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds something open from its first use to {@link #close}, such as the client of a check. A use
 * after that opens it again, so that a check can be used after its manager has closed it. Safe for
 * use by several threads.
 *
 * @param <T> what is held open
 */
public final class Reopenable<T> implements AutoCloseable {
  private final Supplier<T> opening;
  private final Consumer<T> closing;
  private @Nullable T open;

  /**
   * Opens nothing yet.
   *
   * @param opening opens it; what it throws is thrown by {@link #get}, and tried again by the next
   * @param closing ends it
   */
  public Reopenable(Supplier<T> opening, Consumer<T> closing) {
    Objects.requireNonNull(opening, "opening");
    Objects.requireNonNull(closing, "closing");
    this.opening = opening;
    this.closing = closing;
  }

  /** Returns it, opened by this call if it is not open. */
  public synchronized T get() {
    if (open == null) {
      open = opening.get();
    }
    return open;
  }

  /** Ends it; does nothing if it is not open. */
  @Override
  public void close() {
    T last;
    synchronized (this) {
      last = open;
      open = null;
    }
    if (last != null) {
      closing.accept(last);
    }
  }
}
