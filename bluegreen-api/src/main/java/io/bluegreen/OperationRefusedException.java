package io.bluegreen;

/**
 * An operation could not begin: it makes no sense as things are, or it is not safe. Nothing was
 * changed.
 */
public class OperationRefusedException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  /** Creates one that says what is so, what is serving, and what to do. */
  public OperationRefusedException(String message) {
    super(message);
  }

  /** Creates one with what it comes from. */
  public OperationRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
