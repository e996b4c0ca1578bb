package io.bluegreen.testing;

/**
 * The process died here. An {@link Error}, so that nothing in the process handles it; thrown by an
 * {@link Incarnation}, and by fakes that were told to crash half-way.
 */
public final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash(String where) {
    super(where, null, false, false);
  }
}
