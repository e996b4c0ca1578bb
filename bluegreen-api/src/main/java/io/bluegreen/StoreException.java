package io.bluegreen;

/** The state store could not be read or written, or the lease was lost. */
public class StoreException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  /** Creates one without a cause. */
  public StoreException(String message) {
    super(message);
  }

  /** Creates one with its cause. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
