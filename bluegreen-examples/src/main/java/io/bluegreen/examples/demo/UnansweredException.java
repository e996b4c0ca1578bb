package io.bluegreen.examples.demo;

import java.io.IOException;

/** Says that a connection that was used before was closed before a byte of the next answer came. */
final class UnansweredException extends IOException {
  private static final long serialVersionUID = 1;

  UnansweredException(IOException cause) {
    super("a kept connection was closed before a byte of the answer came: " + cause, cause);
  }
}
