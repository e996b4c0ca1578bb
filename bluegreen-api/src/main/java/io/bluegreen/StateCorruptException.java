package io.bluegreen;

/**
 * What the state store holds is torn, edited, foreign or of a newer format; it is never reset
 * silently.
 */
public class StateCorruptException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** Creates one without a cause. */
  public StateCorruptException(String message) {
    super(message);
  }

  /** Creates one with its cause. */
  public StateCorruptException(String message, Throwable cause) {
    super(message, cause);
  }
}
