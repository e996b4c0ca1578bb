package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The head of a request as it is passed on: with one clear end, and without what must not pass. */
record RequestHead(String text, BodyFraming framing) {
  /** The most parameters of a query, which Undertow takes apart; a request with more is refused. */
  static final int MOST_PARAMETERS = 10_000;

  private static final String HOST =
      "(?:[A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?";
  private static final Pattern IS_HOST = Pattern.compile(HOST);
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?i:http)://(" + HOST + ")([/?].*)?", Pattern.DOTALL);
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /**
   * Reads the head of a request.
   *
   * @param trusted whether a trusted proxy sends it
   */
  static RequestHead of(byte[] raw, boolean trusted) throws BadMessage {
    MessageHead head = MessageHead.ofRequest(raw);
    String[] start = head.start().split(" ", -1);
    if (start.length != 3 || !HeaderField.isToken(start[0]) || start[0].equals("CONNECT")) {
      throw bad("a malformed request line");
    }
    boolean current = start[2].equals("HTTP/1.1");
    if (!current && !start[2].equals("HTTP/1.0")) {
      throw bad("a version other than HTTP/1.1 and HTTP/1.0");
    }
    Optional<String> host = host(head, current);
    String target = target(start[0], start[1], host);
    BodyFraming framing =
        BodyFraming.said(head, current, MessageHead.BAD_REQUEST).orElse(BodyFraming.EMPTY);
    boolean upgrade = current && isUpgrade(start[0], head);

    StringBuilder line = new StringBuilder(raw.length + 32);
    line.append(start[0]).append(' ').append(target).append(' ').append(start[2]).append("\r\n");
    Hygiene.ofRequest(head, trusted).forEach(field -> field.write(line));
    connection(head, current, upgrade).forEach(field -> field.write(line));
    return new RequestHead(line.append("\r\n").toString(), upgrade ? BodyFraming.TUNNEL : framing);
  }

  /** Returns it as it is sent. */
  byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  /** Returns the fields for the connection to the client; the application gets others later. */
  private static List<HeaderField> connection(MessageHead head, boolean current, boolean upgrade) {
    if (upgrade) {
      return List.of(
          new HeaderField("Connection", "Upgrade"), new HeaderField("Upgrade", "websocket"));
    }
    boolean keep =
        current
            ? !Hygiene.connectionSays(head, "close")
            : Hygiene.connectionSays(head, "keep-alive");
    return List.of(new HeaderField("Connection", keep ? "keep-alive" : "close"));
  }

  /** Returns whether it asks for a WebSocket, once and without a body; nothing else passes. */
  private static boolean isUpgrade(String method, MessageHead head) {
    List<HeaderField> upgrade = head.all("Upgrade");
    return method.equals("GET")
        && upgrade.size() == 1
        && upgrade.get(0).value().toLowerCase(Locale.ROOT).equals("websocket")
        && Hygiene.connectionSays(head, "upgrade")
        && head.all("Transfer-Encoding").isEmpty()
        && head.all("Content-Length").isEmpty();
  }

  private static Optional<String> host(MessageHead head, boolean current) throws BadMessage {
    Optional<String> host = head.one("Host", MessageHead.BAD_REQUEST);
    if (host.isPresent() ? !isHost(host.get()) : current) {
      throw bad("a missing or malformed Host");
    }
    return host;
  }

  private static boolean isHost(String host) {
    return IS_HOST.matcher(host).matches();
  }

  /** Returns the target without scheme and host, which must be those of the Host field. */
  private static String target(String method, String target, Optional<String> host)
      throws BadMessage {
    String path = target;
    Matcher absolute = ABSOLUTE.matcher(target);
    if (absolute.matches()) {
      if (host.isEmpty() || !absolute.group(1).equalsIgnoreCase(host.get())) {
        throw bad("a target of another host than Host");
      }
      String rest = absolute.group(2) == null ? "" : absolute.group(2);
      path = rest.startsWith("/") ? rest : "/" + rest;
    }
    boolean whole = method.equals("OPTIONS") && path.equals("*");
    if (!whole && !path.startsWith("/")) {
      throw bad("a target that is no path");
    }
    if (path.indexOf('\t') >= 0 || BAD_ESCAPE.matcher(path).find()) {
      throw bad("a malformed target");
    }
    if (path.chars().filter(c -> c == '&' || c == ';').count() >= MOST_PARAMETERS) {
      throw bad("too many parameters");
    }
    return path;
  }

  private static BadMessage bad(String reason) {
    return new BadMessage(MessageHead.BAD_REQUEST, reason);
  }
}
