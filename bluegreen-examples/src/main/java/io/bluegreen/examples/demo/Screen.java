package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Shows a person how the demo goes: by lines, and in a terminal by one more line below them that
 * changes. Safe for use by several threads.
 */
final class Screen implements AutoCloseable {
  private static final Duration REFRESH = Duration.ofMillis(150);
  private static final String CLEAR = "\r\033[K";
  private static final int WIDTH = 79;

  private final PrintStream out;
  private final boolean terminal;
  private final Supplier<String> status;
  private boolean closed;

  /**
   * Starts to show.
   *
   * @param terminal whether a line can be changed; otherwise the status is never shown
   * @param status returns the line that changes, asked for several times a second
   */
  Screen(PrintStream out, boolean terminal, Supplier<String> status, TimeSource time) {
    this.out = out;
    this.terminal = terminal;
    this.status = status;
    if (terminal) {
      time.executor().execute(() -> refresh(time));
    }
  }

  /** Shows a line that stays. */
  synchronized void say(String line) {
    out.println((terminal ? CLEAR : "") + line);
    out.flush();
  }

  /** Takes the changing line away. */
  @Override
  public synchronized void close() {
    if (terminal && !closed) {
      out.print(CLEAR);
      out.flush();
    }
    closed = true;
  }

  private void refresh(TimeSource time) {
    try {
      while (show()) {
        time.sleep(REFRESH);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean show() {
    if (!closed) {
      String line = status.get();
      out.print(CLEAR + line.substring(0, Math.min(WIDTH, line.length())));
      out.flush();
    }
    return !closed;
  }
}
