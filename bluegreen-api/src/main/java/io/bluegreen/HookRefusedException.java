package io.bluegreen;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a {@link Hook} that refuses before it has done anything. The deployment fails as with
 * any other exception of a hook, but this hook is not undone, and where it is a point of no return
 * that was not passed.
 */
public class HookRefusedException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  /** Creates one without a cause. */
  public HookRefusedException(String message) {
    this(message, null);
  }

  /**
   * Creates one.
   *
   * @param cause null for none
   */
  public HookRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
