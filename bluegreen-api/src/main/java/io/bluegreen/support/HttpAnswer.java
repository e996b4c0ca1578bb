package io.bluegreen.support;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an HTTP server answered, with as much of its body as is kept. Immutable. */
public final class HttpAnswer {
  private static final Pattern BEHIND_PATH = Pattern.compile("[?#].*", Pattern.DOTALL);
  private static final Pattern USER = Pattern.compile("^((?:[A-Za-z][A-Za-z0-9+.-]*:)?//)[^/]*@");

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final boolean truncated;
  private final Duration took;

  HttpAnswer(
      int status, Map<String, String> headers, byte[] body, boolean truncated, Duration took) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.truncated = truncated;
    this.took = took;
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /**
   * Returns the value of a header, whatever the case of its name, or empty; several of one name are
   * joined by a comma.
   */
  public Optional<String> header(String name) {
    Objects.requireNonNull(name, "name");
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Returns the beginning of the body, at most {@link BoundedHttp#BODY_KEPT} bytes, as it was sent:
   * an encoding such as gzip is not undone.
   */
  public byte[] body() {
    return body.clone();
  }

  /** Returns {@link #body} read as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Returns whether the body was longer than what is kept; the rest was never read. */
  public boolean truncated() {
    return truncated;
  }

  /**
   * Returns how the body is encoded, such as {@code gzip}, where it came in an encoding although
   * none was asked for; it is not undone, so that the body says nothing. Else empty.
   */
  public Optional<String> encoding() {
    return header("Content-Encoding")
        .filter(encoding -> !encoding.isBlank() && !encoding.equalsIgnoreCase("identity"))
        .map(encoding -> Text.clean(encoding, 40));
  }

  /**
   * Returns the status for a person, and for a redirect, which is never followed, where it leads:
   * without user, query and fragment, which may have secrets.
   */
  public String outcome() {
    Optional<String> leads = status / 100 == 3 ? header("Location") : Optional.empty();
    return status
        + leads
            .map(to -> USER.matcher(BEHIND_PATH.matcher(to).replaceFirst("")).replaceFirst("$1"))
            .map(to -> " to " + Text.clean(to, 200) + ", and redirects are not followed")
            .orElse("");
  }

  /** Returns the time from the start of the connection to the end of the answer. */
  public Duration took() {
    return took;
  }

  /** Returns the status and how long it took. */
  @Override
  public String toString() {
    return status + " in " + took.toMillis() + " ms";
  }
}
