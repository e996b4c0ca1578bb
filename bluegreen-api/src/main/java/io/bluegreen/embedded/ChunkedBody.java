package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a chunked body strictly (RFC 9112 section 7.1) and writes it again, without extensions and
 * without fields that must not come behind a body. The length of lines is bounded.
 */
final class ChunkedBody {
  /** The longest line, and all lines behind the last chunk together, in bytes. */
  static final int LONGEST = 8 * 1024;

  /** Some servers write spaces behind the size. */
  private static final Pattern SIZE = Pattern.compile("([0-9A-Fa-f]{1,15}) *(?:;.*)?");

  private static final byte[] END_OF_LINE = {'\r', '\n'};

  private enum Part {
    SIZE,
    DATA,
    END_OF_DATA,
    TRAILER,
    OVER
  }

  private final StringBuilder line = new StringBuilder();
  private Part part = Part.SIZE;
  private long left;
  private int trailers;

  boolean isOver() {
    return part == Part.OVER;
  }

  /** Returns how many bytes of data come before the next line. */
  long left() {
    return part == Part.DATA ? left : 0;
  }

  void passed(int bytes) {
    left -= bytes;
    part = left == 0 ? Part.END_OF_DATA : Part.DATA;
  }

  /**
   * Takes one line, or as much of it as is there.
   *
   * @return what is to be passed on in its place
   * @throws IOException if it is malformed; then nobody can tell where the body ends
   */
  byte[] line(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      byte b = from.get();
      if (b == '\n') {
        return whole();
      }
      line.append((char) (b & 0xff));
      if (line.length() > LONGEST) {
        throw malformed("a line of more than " + LONGEST + " bytes");
      }
    }
    return new byte[0];
  }

  private byte[] whole() throws IOException {
    int length = line.length() - 1;
    if (length < 0 || line.charAt(length) != '\r') {
      throw malformed("a line that ends without CR");
    }
    line.setLength(length);
    String text = line.toString();
    line.setLength(0);
    if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw malformed("a control character");
    }
    return switch (part) {
      case SIZE -> size(text);
      case END_OF_DATA -> endOfData(text);
      default -> trailer(text);
    };
  }

  private byte[] size(String text) throws IOException {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw malformed("a size that is no number");
    }
    left = Long.parseLong(size.group(1), 16);
    part = left == 0 ? Part.TRAILER : Part.DATA;
    return (Long.toHexString(left) + "\r\n").getBytes(ISO_8859_1);
  }

  private byte[] endOfData(String text) throws IOException {
    if (!text.isEmpty()) {
      throw malformed("more data than its size");
    }
    part = Part.SIZE;
    return END_OF_LINE.clone();
  }

  private byte[] trailer(String text) throws IOException {
    if (text.isEmpty()) {
      part = Part.OVER;
      return END_OF_LINE.clone();
    }
    trailers += text.length();
    if (trailers > LONGEST) {
      throw malformed("more than " + LONGEST + " bytes behind the last chunk");
    }
    try {
      HeaderField field = MessageHead.field(text, false, MessageHead.BAD_REQUEST);
      return Hygiene.mayComeLate(field) ? (text + "\r\n").getBytes(ISO_8859_1) : new byte[0];
    } catch (BadMessage e) {
      throw malformed(e.reason());
    }
  }

  private static IOException malformed(String what) {
    return new IOException("a malformed chunk: " + what);
  }
}
