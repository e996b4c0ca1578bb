package io.bluegreen.health;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a check holds open from its first probe to {@link #close}. A probe after that opens it anew,
 * so that a check outlives the manager that closed it.
 */
final class Opened<T> {
  private final Supplier<T> opening;
  private final Consumer<T> closing;
  private @Nullable T open;

  Opened(Supplier<T> opening, Consumer<T> closing) {
    this.opening = opening;
    this.closing = closing;
  }

  synchronized T get() {
    if (open == null) {
      open = opening.get();
    }
    return open;
  }

  void close() {
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
