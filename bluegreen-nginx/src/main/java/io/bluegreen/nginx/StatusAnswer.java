package io.bluegreen.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One answer of nginx at its private door, whole.
 *
 * @param status of HTTP
 * @param headers by their names in lower case; the last one where a name comes several times
 * @param body as it came
 */
record StatusAnswer(int status, Map<String, String> headers, String body) {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})[^\r\n]*\r\n");
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *([0-9]{1,7})\r\n", Pattern.CASE_INSENSITIVE);

  StatusAnswer {
    headers = Map.copyOf(headers);
  }

  boolean ok() {
    return status == 200;
  }

  /** Returns a header, or an empty text. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Returns the size of the first answer in these bytes; 0 if it is not whole yet. */
  static int whole(byte[] bytes) {
    String text = text(bytes);
    int body = text.indexOf("\r\n\r\n") + 4;
    OptionalInt length = length(text);
    boolean whole = body > 3 && length.isPresent() && bytes.length - body >= length.getAsInt();
    return whole ? body + length.getAsInt() : 0;
  }

  /**
   * Reads an answer.
   *
   * @throws IOException if it is not HTTP, or was cut short
   */
  static StatusAnswer parse(byte[] bytes) throws IOException {
    String text = text(bytes);
    int body = text.indexOf("\r\n\r\n") + 4;
    Matcher status = STATUS.matcher(text);
    if (body < 4 || !status.lookingAt()) {
      throw new IOException(
          bytes.length == 0 ? "closed without an answer" : "the answer is not HTTP, or is cut");
    }
    OptionalInt length = length(text);
    if (length.isPresent() && length.getAsInt() != bytes.length - body) {
      throw new IOException("the answer is cut short");
    }
    return new StatusAnswer(
        Integer.parseInt(status.group(1)),
        headers(text.substring(0, body - 4)),
        new String(bytes, body, bytes.length - body, StandardCharsets.UTF_8));
  }

  private static Map<String, String> headers(String head) {
    Map<String, String> headers = new HashMap<>();
    for (String line : head.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static OptionalInt length(String text) {
    int end = text.indexOf("\r\n\r\n");
    Matcher length = LENGTH.matcher(end < 0 ? "" : text.substring(0, end + 2));
    return length.find() ? OptionalInt.of(Integer.parseInt(length.group(1))) : OptionalInt.empty();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
