package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a message as it came: its start line and its fields (RFC 9112 section 2.1). This
 * class reads it, and not Undertow, so that what is refused does not depend on Undertow's version.
 */
record MessageHead(String start, List<HeaderField> fields) {
  /** The longest head of a request, and of an answer, in bytes. */
  static final int LONGEST = 64 * 1024;

  /** The most lines of a head. */
  static final int MOST_FIELDS = 2_000;

  /** The most lines of one name, apart from cookies; Undertow can hold 127. */
  static final int MOST_OF_A_NAME = 100;

  static final int BAD_REQUEST = 400;
  static final int TOO_LARGE = 431;
  static final int BAD_GATEWAY = 502;

  MessageHead {
    fields = List.copyOf(fields);
  }

  /** Reads a head strictly, and refuses what two programs could read differently. */
  static MessageHead ofRequest(byte[] bytes) throws BadMessage {
    return read(bytes, false, BAD_REQUEST, TOO_LARGE);
  }

  /**
   * Reads a head as RFC 9112 lets a proxy read an answer: a line may end without CR, a value may go
   * on in the next line, and there may be a space before a colon. None of that is passed on.
   */
  static MessageHead ofAnswer(byte[] bytes) throws BadMessage {
    return read(bytes, true, BAD_GATEWAY, BAD_GATEWAY);
  }

  /** Reads one line of a head, or of what follows the last chunk. */
  static HeaderField field(String line, boolean ofAnswer, int otherwise) throws BadMessage {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new BadMessage(otherwise, "a header line without a colon");
    }
    String name = line.substring(0, colon);
    name = ofAnswer ? name.stripTrailing() : name;
    if (!HeaderField.isToken(name)) {
      throw new BadMessage(otherwise, "a malformed header name");
    }
    return new HeaderField(name, line.substring(colon + 1).strip());
  }

  List<HeaderField> all(String name) {
    return fields.stream().filter(field -> field.is(name)).toList();
  }

  /** Returns the value of a field that may be there once. */
  Optional<String> one(String name, int otherwise) throws BadMessage {
    List<HeaderField> all = all(name);
    if (all.size() > 1) {
      throw new BadMessage(otherwise, "more than one " + name);
    }
    return all.stream().map(HeaderField::value).findFirst();
  }

  private static MessageHead read(byte[] bytes, boolean ofAnswer, int otherwise, int tooLarge)
      throws BadMessage {
    List<String> lines = lines(bytes, ofAnswer, otherwise);
    if (lines.size() > MOST_FIELDS) {
      throw new BadMessage(tooLarge, "more than " + MOST_FIELDS + " header lines");
    }
    List<HeaderField> fields = new ArrayList<>(lines.size());
    for (String line : lines.subList(1, lines.size())) {
      if (!isFolded(line)) {
        fields.add(field(line, ofAnswer, otherwise));
      } else if (ofAnswer && !fields.isEmpty()) {
        HeaderField former = fields.remove(fields.size() - 1);
        fields.add(new HeaderField(former.name(), (former.value() + " " + line.strip()).strip()));
      } else {
        throw new BadMessage(otherwise, "a header line that goes on in the next one");
      }
    }
    Map<String, Integer> names = new HashMap<>();
    for (HeaderField field : fields) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (names.merge(name, 1, Integer::sum) > MOST_OF_A_NAME && !name.equals("cookie")) {
        throw new BadMessage(tooLarge, "more than " + MOST_OF_A_NAME + " lines of one name");
      }
    }
    return new MessageHead(lines.get(0), fields);
  }

  private static boolean isFolded(String line) {
    return line.startsWith(" ") || line.startsWith("\t");
  }

  /** Returns the lines, of which there is at least one, without the empty one at the end. */
  private static List<String> lines(byte[] bytes, boolean ofAnswer, int otherwise)
      throws BadMessage {
    List<String> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < bytes.length; i++) {
      int c = bytes[i] & 0xff;
      if (c == '\n') {
        boolean carriage = i > begin && bytes[i - 1] == '\r';
        if (!carriage && !ofAnswer) {
          throw new BadMessage(otherwise, "a line that ends without CR");
        }
        lines.add(new String(bytes, begin, i - begin - (carriage ? 1 : 0), ISO_8859_1));
        begin = i + 1;
      } else if ((c < ' ' && c != '\t' && !isEndOfLine(bytes, i)) || c == 0x7f) {
        throw new BadMessage(otherwise, "a control character in a head");
      }
    }
    lines.remove(lines.size() - 1);
    if (lines.isEmpty()) {
      throw new BadMessage(otherwise, "an empty head");
    }
    return lines;
  }

  private static boolean isEndOfLine(byte[] bytes, int at) {
    return bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
  }
}
