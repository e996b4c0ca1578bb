package io.bluegreen.testing;

/**
 * Stands for the death of the process at this place. It is an {@link Error}, so that nothing in the
 * process handles it. An {@link Incarnation} throws it, and so do fakes that were told to crash
 * half-way.
 */
public final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash(String where) {
    super(where, null, false, false);
  }
}
