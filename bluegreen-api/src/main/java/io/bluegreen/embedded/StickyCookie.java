package io.bluegreen.embedded;

import io.bluegreen.support.ArgumentChecks;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.CookieImpl;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.HexFormat;
import java.util.Optional;
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
    ArgumentChecks.matching("sticky cookie", NAME, "1 to 64 of A-Z, a-z, 0-9, '_' and '-'", name);
  }

  /**
   * Returns the user's cohort, 0 to 99. A user without a key, or with one that was not issued here,
   * gets a new one with the answer.
   */
  int cohort(HttpServerExchange exchange) {
    String key = brought(exchange).orElseGet(() -> issue(exchange));
    // The key is random already: its remainder spreads as well as that of any hash.
    return (int) Long.remainderUnsigned(Long.parseUnsignedLong(key, 16), 100);
  }

  /** Looks for this one cookie only, however many others there are. */
  private Optional<String> brought(HttpServerExchange exchange) {
    HeaderValues lines = exchange.getRequestHeaders().get(Headers.COOKIE);
    if (lines == null) {
      return Optional.empty();
    }
    return lines.stream()
        .flatMap(line -> Pattern.compile(";").splitAsStream(line))
        .map(String::strip)
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(name.length() + 1))
        .findFirst()
        .filter(key -> KEY.matcher(key).matches());
  }

  /**
   * Sets it as a cookie of the exchange, not as a header, so that the application's cookies stay.
   */
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
