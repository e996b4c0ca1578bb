package io.bluegreen.embedded;

/** A message that is not passed on, and what to answer instead. It has no stack to tell of. */
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
