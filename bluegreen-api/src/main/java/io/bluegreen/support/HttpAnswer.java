package io.bluegreen.support;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What an HTTP server answered, with as much of its body as is kept. Immutable. */
public final class HttpAnswer {
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

  /** Returns the time from the begin of the connection to the end of the answer. */
  public Duration took() {
    return took;
  }

  /** Returns the status and how long it took. */
  @Override
  public String toString() {
    return status + " in " + took.toMillis() + " ms";
  }
}
