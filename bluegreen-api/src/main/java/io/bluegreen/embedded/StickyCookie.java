package io.bluegreen.embedded;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.server.handlers.CookieImpl;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Keeps a user in one of a hundred cohorts by a random key in a cookie. Cohorts below green's
 * percent are served by green, so that a rising share moves users to green and none back.
 */
record StickyCookie(String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{16}");

  StickyCookie {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "sticky cookie: expected 1 to 64 of A-Z, a-z, 0-9, '_' and '-'");
    }
  }

  /**
   * Returns the user's cohort, 0 to 99. Who brings no key, or one that was not issued here, is
   * given one with the answer.
   */
  int cohort(HttpServerExchange exchange) {
    Cookie cookie = exchange.getRequestCookie(name);
    String key =
        cookie != null && KEY.matcher(cookie.getValue()).matches()
            ? cookie.getValue()
            : issue(exchange);
    // The key is random already: its remainder spreads as well as that of any hash.
    return (int) Long.remainderUnsigned(Long.parseUnsignedLong(key, 16), 100);
  }

  /** As a cookie of the exchange, not as a header: the application's own cookies stay. */
  private String issue(HttpServerExchange exchange) {
    String key = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    exchange.setResponseCookie(
        new CookieImpl(name, key)
            .setPath("/")
            .setHttpOnly(true)
            .setSameSite(true)
            .setSameSiteMode("Lax"));
    return key;
  }
}
