package io.bluegreen;

import org.jspecify.annotations.Nullable;

/**
 * The root of what the library throws, apart from {@link IllegalArgumentException} for an argument
 * that is wrong in itself. Each message says what happened, what is serving, and what to do.
 */
public class BlueGreenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one without a cause. */
  public BlueGreenException(String message) {
    super(message);
  }

  /** Creates one with its cause, if it has one. */
  public BlueGreenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
