package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer as it is passed on.
 *
 * @param framing of what follows it
 * @param last whether the application closes the connection after it
 */
record AnswerHead(int status, String text, BodyFraming framing, boolean last) {
  private static final Pattern START = Pattern.compile("HTTP/1\\.([0-9]) ([1-9][0-9]{2})(?: .*)?");
  private static final int SWITCHING = 101;

  /** Reads the head of the answer to a request. */
  static AnswerHead of(byte[] raw, RequestTraits asked) throws BadMessage {
    MessageHead head = MessageHead.ofAnswer(raw);
    Matcher start = START.matcher(head.start());
    if (!start.matches()) {
      throw bad("a malformed status line");
    }
    boolean current = !start.group(1).equals("0");
    int status = Integer.parseInt(start.group(2));
    boolean last = !current || Hygiene.connectionSays(head, "close");
    if (status == SWITCHING) {
      return switching(head, asked);
    }
    if (status < 200) {
      return new AnswerHead(status, written(status, List.of()), BodyFraming.EMPTY, false);
    }
    Optional<BodyFraming> said = BodyFraming.said(head, current, MessageHead.BAD_GATEWAY);
    boolean bodiless = status == 204 || status == 304;
    boolean never = bodiless || asked.head();
    BodyFraming framing = never ? BodyFraming.EMPTY : said.orElse(BodyFraming.UNTIL_CLOSE);
    last |= framing.kind() == BodyFraming.Kind.UNTIL_CLOSE;
    List<HeaderField> fields =
        Hygiene.ofAnswer(head).stream()
            // RFC 9110 section 8.6 lets a 304 tell a length, for which Undertow would wait.
            .filter(field -> !(bodiless && field.is("Content-Length")))
            .filter(field -> !(never && field.is("Transfer-Encoding")))
            .toList();
    return new AnswerHead(
        status,
        written(status, last ? with(fields, "Connection", "close") : fields),
        framing,
        last);
  }

  /** Returns it as it is sent. */
  byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  boolean isInformational() {
    return status < 200 && status != SWITCHING;
  }

  private static AnswerHead switching(MessageHead head, RequestTraits asked) throws BadMessage {
    List<HeaderField> upgrade = head.all("Upgrade");
    if (!asked.upgrade()
        || upgrade.size() != 1
        || !upgrade.get(0).value().toLowerCase(Locale.ROOT).equals("websocket")
        || !Hygiene.connectionSays(head, "upgrade")) {
      throw bad("an upgrade that was not asked for");
    }
    List<HeaderField> fields =
        Hygiene.ofAnswer(head).stream()
            .filter(field -> !field.is("Content-Length") && !field.is("Transfer-Encoding"))
            .toList();
    return new AnswerHead(
        SWITCHING,
        written(SWITCHING, with(with(fields, "Connection", "Upgrade"), "Upgrade", "websocket")),
        BodyFraming.TUNNEL,
        true);
  }

  private static List<HeaderField> with(List<HeaderField> fields, String name, String value) {
    List<HeaderField> more = new java.util.ArrayList<>(fields);
    more.add(new HeaderField(name, value));
    return more;
  }

  /** The reason phrase is not passed on: it is Undertow that says one. */
  private static String written(int status, List<HeaderField> fields) {
    StringBuilder lines = new StringBuilder("HTTP/1.1 ").append(status).append(" X\r\n");
    fields.forEach(field -> field.write(lines));
    return lines.append("\r\n").toString();
  }

  private static BadMessage bad(String reason) {
    return new BadMessage(MessageHead.BAD_GATEWAY, reason);
  }
}
