package io.bluegreen.support;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One request to an HTTP server, without the server's address. Immutable; each method returns a
 * changed copy. Everything is validated here, so that nothing a caller puts in can become a second
 * header or a second request.
 *
 * @param method one of {@code GET HEAD OPTIONS POST PUT PATCH DELETE}
 * @param path the path with its query, as it is sent; it starts with one {@code /}
 * @param host what the Host header says and, with TLS, the name that is asked for and that the
 *     certificate must have; empty for the host of the endpoint
 * @param headers by name; names are compared without regard to case
 * @param body sent as UTF-8; its type is the header {@code Content-Type}
 */
public record HttpCall(
    String method,
    String path,
    Optional<String> host,
    Map<String, String> headers,
    Optional<String> body) {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E\\t]{0,8192}");
  // They belong to the connection and to the framing of the message, which a caller does not
  // choose.
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "keep-alive",
          "content-length",
          "transfer-encoding",
          "expect",
          "upgrade",
          "te",
          "trailer");

  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if anything is malformed; the message names it, and shows no
   *     header's value
   */
  public HttpCall {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(host, "host");
    ArgumentChecks.noNulls("headers", headers);
    Objects.requireNonNull(body, "body");
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "method: expected GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE, but was "
              + quoted(method));
    }
    validatePath(path);
    host.ifPresent(
        name -> {
          if (!HOST.matcher(name).matches()) {
            throw new IllegalArgumentException(
                "host: expected a name or a name:port, but was "
                    + quoted(name)
                    + LiteralAddress.faultOf(name));
          }
        });
    TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, value) -> {
          validateHeader(name, value);
          sorted.put(name, value);
        });
    headers = Collections.unmodifiableMap(sorted);
  }

  /**
   * Returns a GET.
   *
   * @throws IllegalArgumentException if the path is malformed
   */
  public static HttpCall get(String path) {
    return new HttpCall("GET", path, Optional.empty(), Map.of(), Optional.empty());
  }

  /**
   * Returns a POST of JSON.
   *
   * @throws IllegalArgumentException if the path is malformed
   */
  public static HttpCall postJson(String path, String json) {
    Objects.requireNonNull(json, "json");
    return new HttpCall(
        "POST",
        path,
        Optional.empty(),
        Map.of("Content-Type", "application/json; charset=utf-8"),
        Optional.of(json));
  }

  /**
   * Returns this call with another method.
   *
   * @throws IllegalArgumentException if it is none of those above
   */
  public HttpCall method(String other) {
    Objects.requireNonNull(other, "other");
    return new HttpCall(other, path, host, headers, body);
  }

  /**
   * Returns this call for another name than that of the endpoint: in the Host header and, with TLS,
   * as the name that is asked for and verified.
   *
   * @throws IllegalArgumentException if it is no {@code name} or {@code name:port}
   */
  public HttpCall host(String name) {
    Objects.requireNonNull(name, "name");
    return new HttpCall(method, path, Optional.of(name), headers, body);
  }

  /**
   * Returns this call with one more header, or another value of it.
   *
   * @throws IllegalArgumentException if the name or the value is malformed, or the header belongs
   *     to the connection, such as {@code Connection} or {@code Host}
   */
  public HttpCall header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    TreeMap<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(name, value);
    return new HttpCall(method, path, host, more, body);
  }

  /**
   * Returns the method and the path, which is what may be shown and logged: the query, the headers
   * and the body may have secrets.
   */
  @Override
  public String toString() {
    return method + " " + withoutQuery(path);
  }

  /** Returns a path as it may be shown: in place of a query, which may have secrets, dots. */
  public static String withoutQuery(String path) {
    Objects.requireNonNull(path, "path");
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query) + "?...";
  }

  private static void validatePath(String path) {
    try {
      URI uri = new URI(path);
      // Two slashes would be read as another host's name.
      if (path.startsWith("/")
          && !path.startsWith("//")
          && uri.getRawFragment() == null
          && uri.toASCIIString().equals(path)) {
        return;
      }
    } catch (URISyntaxException e) {
      // The cause would show the query.
      throw new IllegalArgumentException(pathExpected(path) + ": " + e.getReason());
    }
    throw new IllegalArgumentException(pathExpected(path));
  }

  private static String pathExpected(String path) {
    return "path: expected a path such as /health?full=1, starting with one '/', with everything"
        + " else than ASCII letters, digits and URL punctuation percent-encoded, but was "
        + quoted(withoutQuery(path));
  }

  private static void validateHeader(String name, String value) {
    if (!HEADER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "header: expected a header's name, but was " + quoted(name));
    }
    if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "header: "
              + name
              + " belongs to the connection and can't be set; for Host use host(...)");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "header " + name + ": expected at most 8192 printable ASCII characters as its value");
    }
  }

  private static String quoted(String value) {
    return '"' + Text.clean(value, 80) + '"';
  }
}
