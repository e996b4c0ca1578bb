package io.bluegreen.support;

import java.io.IOException;

/**
 * Thrown where what a server sends is no answer that can be read; the message says why, for a
 * person.
 */
final class UnreadableAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableAnswer(String message) {
    super(message);
  }
}
