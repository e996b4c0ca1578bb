package io.bluegreen.embedded;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What must not pass a proxy: requests that two programs could frame differently, and headers that
 * are meant for one connection only (RFC 9112 sections 6.1 and 6.3, RFC 9110 section 7.6.1).
 */
final class Hygiene {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  /** Headers that frame or address a message: naming them in Connection must not remove them. */
  private static final Set<HttpString> NEVER_HOP =
      Set.of(
          Headers.HOST,
          Headers.CONTENT_LENGTH,
          Headers.TRANSFER_ENCODING,
          Headers.COOKIE,
          Headers.AUTHORIZATION);

  private static final HttpString KEEP_ALIVE = new HttpString("Keep-Alive");
  private static final HttpString PROXY_CONNECTION = new HttpString("Proxy-Connection");
  private static final HttpString HTTP2_SETTINGS = new HttpString("HTTP2-Settings");

  private Hygiene() {}

  /**
   * Returns whether the request is to be answered 400. Undertow itself refuses a message with both
   * Content-Length and Transfer-Encoding, or with two of either; but it takes any transfer coding
   * for chunked, lets a length overflow, and, told to leave the target as it is, lets control
   * characters through.
   */
  static boolean refuses(HttpServerExchange exchange) {
    HeaderMap headers = exchange.getRequestHeaders();
    String coding = headers.getFirst(Headers.TRANSFER_ENCODING);
    String length = headers.getFirst(Headers.CONTENT_LENGTH);
    return exchange.getRequestMethod().equals(Methods.CONNECT)
        || (coding != null && !coding.equalsIgnoreCase("chunked"))
        || (length != null && !LENGTH.matcher(length).matches())
        || hasControl(exchange.getRequestURI())
        || hasControl(exchange.getQueryString());
  }

  /** Also drops what a client could say in another proxy's name. */
  static void cleanRequest(HttpServerExchange exchange) {
    HeaderMap headers = exchange.getRequestHeaders();
    headers.remove(Headers.FORWARDED);
    headers.remove(Headers.X_FORWARDED_HOST);
    if (isUpgrade(headers)) {
      return;
    }
    dropHopByHop(headers);
    headers.remove(Headers.UPGRADE);
    headers.remove(HTTP2_SETTINGS);
  }

  /** An application that closes its side of a connection must not close the user's side by that. */
  static void cleanResponse(HttpServerExchange exchange) {
    if (!exchange.isUpgrade()) {
      dropHopByHop(exchange.getResponseHeaders());
    }
  }

  /** RFC 9110 section 8.6 lets a 304 say how long the body would be. */
  static boolean announcesBodyThatNeverComes(HttpServerExchange exchange) {
    return !exchange.isUpgrade()
        && !exchange.getRequestMethod().equals(Methods.HEAD)
        && !Connectors.isEntityBodyAllowed(exchange)
        && !"0".equals(exchange.getResponseHeaders().getFirst(Headers.CONTENT_LENGTH))
        && exchange.getResponseHeaders().contains(Headers.CONTENT_LENGTH);
  }

  static boolean isUpgrade(HeaderMap headers) {
    String protocol = headers.getFirst(Headers.UPGRADE);
    return protocol != null && !protocol.toLowerCase(Locale.ROOT).contains("h2c");
  }

  private static void dropHopByHop(HeaderMap headers) {
    HeaderValues connection = headers.get(Headers.CONNECTION);
    if (connection != null) {
      List<HttpString> named = new ArrayList<>();
      for (String value : connection) {
        for (String token : value.split(",", -1)) {
          HttpString name = HttpString.tryFromString(token.strip());
          if (name != null) {
            named.add(name);
          }
        }
      }
      named.stream().filter(name -> !NEVER_HOP.contains(name)).forEach(headers::remove);
      headers.remove(Headers.CONNECTION);
    }
    headers.remove(KEEP_ALIVE);
    headers.remove(PROXY_CONNECTION);
    headers.remove(Headers.TE);
  }

  private static boolean hasControl(String target) {
    return target.chars().anyMatch(c -> c < ' ' || c == 0x7f);
  }
}
