package io.bluegreen.examples.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Ends everything that was started, the last first, even if one end fails: at the end of the demo,
 * or in the middle when the demo is interrupted. A second caller waits until all is done.
 */
public final class Cleanup implements AutoCloseable {
  private final Deque<AutoCloseable> begun = new ArrayDeque<>();
  private final Consumer<Exception> complaints;
  private boolean closed;
  private boolean failed;

  /**
   * Has nothing to end yet.
   *
   * @param complaints is told of each end that failed
   */
  public Cleanup(Consumer<Exception> complaints) {
    this.complaints = complaints;
  }

  /**
   * Takes charge of something, and returns it.
   *
   * @throws IllegalStateException if all has ended already; then this has, too
   */
  public synchronized <T extends AutoCloseable> T add(T resource) {
    begun.push(resource);
    if (closed) {
      close();
      throw new IllegalStateException("interrupted");
    }
    return resource;
  }

  /** Returns whether the end has come; waits while it is coming. */
  synchronized boolean closed() {
    return closed;
  }

  /** Returns whether nothing is left. */
  synchronized boolean complete() {
    return begun.isEmpty() && !failed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!begun.isEmpty()) {
      try {
        begun.pop().close();
      } catch (Exception e) {
        failed = true;
        complaints.accept(e);
      }
    }
  }
}
