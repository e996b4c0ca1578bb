package io.bluegreen.embedded;

/** Says that a message is not passed on, why, and which status to answer. It has no stack trace. */
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  BadMessage(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  int status() {
    return status;
  }
}
