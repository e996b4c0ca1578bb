package io.bluegreen.embedded;

import io.bluegreen.support.ForwardedHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Which fields pass a proxy (RFC 9110 section 7.6.1), at the head of a message and at its end. */
final class Hygiene {
  /** Fields that are meant for one connection; the router writes its own. */
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "keep-alive", "proxy-connection", "te", "upgrade", "http2-settings");

  /** Fields that frame or address a message: naming them in Connection must not remove them. */
  private static final Set<String> NEVER_HOP =
      Set.of("host", "content-length", "transfer-encoding", "cookie", "authorization", "expect");

  /** Fields that change how a message is routed, framed or judged: at its end they are too late. */
  private static final Set<String> NEVER_LATE =
      Set.of(
          "host",
          "transfer-encoding",
          "trailer",
          "cookie",
          "set-cookie",
          "authorization",
          "www-authenticate",
          "expect",
          "range",
          "max-forwards",
          "cache-control",
          "pragma",
          "age",
          "date",
          "expires",
          "location",
          "retry-after",
          "vary",
          "warning");

  private static final List<String> NEVER_LATE_BEGINNINGS = List.of("content-", "if-", "proxy-");

  private Hygiene() {}

  /**
   * Returns the fields of a request that may pass, with all cookies in one field.
   *
   * @param trusted whether a trusted proxy sends it
   */
  static List<HeaderField> ofRequest(MessageHead head, boolean trusted) {
    Set<String> named = namedByConnection(head);
    List<HeaderField> passing = new ArrayList<>();
    StringJoiner cookies = new StringJoiner("; ");
    cookies.setEmptyValue("");
    for (HeaderField field : head.fields()) {
      if (field.is("Cookie")) {
        cookies.add(field.value());
      } else if (passes(field, named) && mayTell(field, trusted)) {
        passing.add(field);
      }
    }
    if (cookies.length() > 0) {
      passing.add(new HeaderField("Cookie", cookies.toString()));
    }
    return passing;
  }

  /** Returns the fields of an answer that may pass; "Connection: close" is not among them. */
  static List<HeaderField> ofAnswer(MessageHead head) {
    Set<String> named = namedByConnection(head);
    return head.fields().stream().filter(field -> passes(field, named)).toList();
  }

  /** Returns whether a field may follow the last chunk of a body. */
  static boolean mayComeLate(HeaderField field) {
    String name = name(field);
    return !HOP_BY_HOP.contains(name)
        && !NEVER_LATE.contains(name)
        && NEVER_LATE_BEGINNINGS.stream().noneMatch(name::startsWith)
        && !ForwardedHeaders.isOne(field.name());
  }

  static boolean connectionSays(MessageHead head, String token) {
    return head.all("Connection").stream().flatMap(HeaderField::tokens).anyMatch(token::equals);
  }

  private static boolean passes(HeaderField field, Set<String> named) {
    return !HOP_BY_HOP.contains(name(field)) && !named.contains(name(field));
  }

  private static Set<String> namedByConnection(MessageHead head) {
    return head.all("Connection").stream()
        .flatMap(HeaderField::tokens)
        .filter(token -> !NEVER_HOP.contains(token))
        .collect(Collectors.toSet());
  }

  private static boolean mayTell(HeaderField field, boolean trusted) {
    return !ForwardedHeaders.isOne(field.name())
        || (trusted && ForwardedHeaders.isBelieved(field.name()));
  }

  private static String name(HeaderField field) {
    return field.name().toLowerCase(Locale.ROOT);
  }
}
