package io.bluegreen.gate;

/** Why a meter's counts allow no verdict; the message is the reason. */
final class NoVerdict extends Exception {
  private static final long serialVersionUID = 1L;

  NoVerdict(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
