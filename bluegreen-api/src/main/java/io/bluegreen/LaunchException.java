package io.bluegreen;

/** A launcher could not start, stop or find what it was asked for. */
public class LaunchException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  /** Creates one without a cause. */
  public LaunchException(String message) {
    super(message);
  }

  /** Creates one with its cause. */
  public LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
