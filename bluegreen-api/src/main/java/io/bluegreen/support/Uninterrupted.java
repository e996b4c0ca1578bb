package io.bluegreen.support;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs work with files on a thread that may be interrupted. A file channel closes itself when its
 * thread is interrupted, and leaves its work half done; here the interrupt waits until the work is
 * done.
 */
public final class Uninterrupted {
  private static final int MOST_INTERRUPTS = 100;

  private Uninterrupted() {}

  /**
   * Runs the work with the thread's interrupt flag cleared, and again from its start if it is
   * interrupted meanwhile. Before it returns or throws, it sets the flag if it had been set or an
   * interrupt came.
   *
   * @param work short, and safe to be run again after any of its steps
   * @return what the work returns
   * @throws IOException what the work throws; or that it was interrupted more than 100 times
   */
  public static <T extends @Nullable Object> T call(Work<T> work) throws IOException {
    Objects.requireNonNull(work, "work");
    boolean interrupted = Thread.interrupted();
    try {
      for (int interrupts = 0; ; interrupts++) {
        try {
          return work.run();
        } catch (ClosedByInterruptException | InterruptedException e) {
          interrupted = true;
          Thread.interrupted(); // A channel that closed itself leaves the flag set.
          if (interrupts >= MOST_INTERRUPTS) {
            throw new IOException("interrupted again and again", e);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Work with files.
   *
   * @param <T> what it returns
   */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    /**
     * Does it.
     *
     * @throws IOException if it can't be done
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    T run() throws IOException, InterruptedException;
  }
}
