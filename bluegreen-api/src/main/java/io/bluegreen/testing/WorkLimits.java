package io.bluegreen.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/**
 * Keeps the deadlines of the work that each thread does in virtual time: work within work has
 * several.
 */
final class WorkLimits {
  private final ThreadLocal<Deque<Limit>> limits = ThreadLocal.withInitial(ArrayDeque::new);

  /** The deadline of one piece of work. */
  static final class Limit {
    private final Duration end;
    private boolean over;

    private Limit(Duration end) {
      this.end = end;
    }

    Duration end() {
      return end;
    }

    /** Returns whether the deadline was reached, even if the work has caught that. */
    boolean isOver() {
      return over;
    }

    Unwound reached() {
      over = true;
      return new Unwound(this, false);
    }
  }

  /**
   * Ends work whose limit is over. It is an error and no exception, so that the work does not catch
   * it.
   */
  static final class Unwound extends Error {
    private static final long serialVersionUID = 1L;
    private final transient Limit to;
    private final boolean interrupted;

    private Unwound(Limit to, boolean interrupted) {
      super("left by VirtualTime", null, false, false);
      this.to = to;
      this.interrupted = interrupted;
    }

    boolean leaves(Limit limit) {
      return to == limit;
    }

    boolean isInterrupted() {
      return interrupted;
    }
  }

  /** Starts work with a limit on this thread. */
  Limit begin(Duration end) {
    Limit limit = new Limit(end);
    here().push(limit);
    return limit;
  }

  void end(Limit limit) {
    here().remove(limit);
  }

  boolean isEmpty() {
    return here().isEmpty();
  }

  Optional<Limit> earliest() {
    return here().stream().min(Comparator.comparing(Limit::end));
  }

  /** Returns whether this error ends work that this thread still does. */
  boolean includes(Unwound thrown) {
    return here().contains(thrown.to);
  }

  /** Runs an action that is no part of the work on this thread. */
  void outside(Runnable action) {
    Deque<Limit> waiting = here();
    limits.set(new ArrayDeque<>());
    try {
      action.run();
    } finally {
      limits.set(waiting);
    }
  }

  /**
   * Throws if this thread was interrupted. Work within limits is left at the caller outside of all
   * of them: in real time that caller is interrupted, and not the work.
   */
  void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      if (isEmpty()) {
        throw new InterruptedException();
      }
      throw new Unwound(here().getLast(), true);
    }
  }

  private Deque<Limit> here() {
    return limits.get();
  }
}
