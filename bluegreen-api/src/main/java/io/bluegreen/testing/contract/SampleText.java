package io.bluegreen.testing.contract;

/** Texts that the clauses of {@link PassingContract} send. */
final class SampleText {
  /** The answer to the key of a WebSocket in RFC 6455. */
  static final String ACCEPTED = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private SampleText() {}

  /** Returns a text of so many letters and digits, of which no two stretches are the same. */
  static String of(int length) {
    StringBuilder text = new StringBuilder(length);
    for (long i = 0, state = length; i < length; i++) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      text.append(ALPHABET.charAt((int) ((state >>> 33) % ALPHABET.length())));
    }
    return text.toString();
  }

  static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  /** Returns the head of an answer of the status 200 whose body comes in chunks. */
  static String chunked(String... fields) {
    StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nConnection: close\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.append("Transfer-Encoding: chunked\r\n\r\n").toString();
  }

  /** Returns a whole answer of the status 200. */
  static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
