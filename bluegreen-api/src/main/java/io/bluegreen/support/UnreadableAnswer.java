package io.bluegreen.support;

import java.io.IOException;

/** What a server sends is no answer that is read here; the message says why, for a person. */
final class UnreadableAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableAnswer(String message) {
    super(message);
  }
}
