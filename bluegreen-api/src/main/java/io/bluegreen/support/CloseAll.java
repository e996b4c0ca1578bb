package io.bluegreen.support;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Closes all parts of something: each part once, in order, whatever another throws. */
public final class CloseAll {
  private CloseAll() {}

  /**
   * Closes each part once.
   *
   * @throws RuntimeException what the first part that failed has thrown, with what the others have
   *     thrown as suppressed; an {@link IllegalStateException} around it where it is checked
   */
  public static void of(Collection<? extends AutoCloseable> parts) {
    Set<AutoCloseable> closed = Collections.newSetFromMap(new IdentityHashMap<>());
    @Nullable Throwable first = null;
    ArgumentChecks.noNulls("parts", parts);
    for (AutoCloseable part : parts) {
      try {
        if (closed.add(part)) {
          part.close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        first = kept(first, e);
      } catch (Exception | Error e) {
        first = kept(first, e);
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
    if (first != null) {
      throw new IllegalStateException("could not be closed: " + Failures.reason(first), first);
    }
  }

  private static Throwable kept(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }
}
