package io.bluegreen.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole answer of nginx's private door.
 *
 * @param status of HTTP
 * @param server the name and version of the program, as it says
 * @param body as it came
 */
record DoorAnswer(int status, String server, String body) {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})[^\r\n]*\r\n");
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *([0-9]{1,7})\r\n", Pattern.CASE_INSENSITIVE);

  private static final Pattern SERVER =
      Pattern.compile("\r\nserver: *([^\r\n]{0,100})\r\n", Pattern.CASE_INSENSITIVE);

  boolean ok() {
    return status == 200;
  }

  /** Returns whether all of an answer is there, on a connection that stays open. */
  static boolean isWhole(byte[] bytes) {
    String text = text(bytes);
    int body = text.indexOf("\r\n\r\n") + 4;
    OptionalInt length = length(text);
    return body > 3 && length.isPresent() && bytes.length - body >= length.getAsInt();
  }

  /**
   * Reads an answer.
   *
   * @throws IOException if it is not HTTP, or was cut short
   */
  static DoorAnswer parse(byte[] bytes) throws IOException {
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
    return new DoorAnswer(
        Integer.parseInt(status.group(1)),
        server(text.substring(0, body - 2)),
        new String(bytes, body, bytes.length - body, StandardCharsets.UTF_8));
  }

  private static String server(String head) {
    Matcher server = SERVER.matcher(head);
    return server.find() ? server.group(1).strip() : "";
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
