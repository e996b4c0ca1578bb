package io.bluegreen.support;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The headers in which a proxy tells an application where a request came from, and the one rule by
 * which every router of this library writes them.
 *
 * <p><b>By default a router takes itself for the outermost proxy.</b> The application gets:
 *
 * <ul>
 *   <li>{@code X-Forwarded-For}: the address of the client's connection
 *   <li>{@code X-Forwarded-Proto}: {@code http}, or {@code https} where the front door has TLS
 *   <li>{@code X-Forwarded-Host}: the Host header as the client wrote it; none without one
 *   <li>{@code X-Forwarded-Port}: the port of the front door
 *   <li>{@code Forwarded} (RFC 7239): the first two in one, such as {@code
 *       for=192.0.2.1;proto=http}
 * </ul>
 *
 * What a client says in one of these is dropped, in any case of letters, however often it is there,
 * also with {@code _} for {@code -}.
 *
 * <p><b>A {@linkplain TrustedProxies trusted proxy} is believed</b>, by the address of its
 * connection. {@code X-Forwarded-For} and {@code Forwarded} are kept and go on with the address of
 * that connection, as the next element or in a line of its own. {@code X-Forwarded-Proto}, {@code
 * -Host} and {@code -Port} stay as they came, and none of them is made up where the proxy did not
 * send it.
 *
 * <p><b>The {@link #OTHERS} of their kind never pass</b>, no matter who sends them, because no
 * router writes them, so that whatever is in them came from a client. All methods are safe for use
 * by several threads.
 */
public final class ForwardedHeaders {
  /** Headers of the same kind that are dropped from every request, with {@code -} in them. */
  public static final List<String> OTHERS =
      List.of(
          "X-Forwarded",
          "X-Forwarded-By",
          "X-Forwarded-Path",
          "X-Forwarded-Prefix",
          "X-Forwarded-Protocol",
          "X-Forwarded-Scheme",
          "X-Forwarded-Server",
          "X-Forwarded-Ssl",
          "X-Forwarded-Uri",
          "Forwarded-For",
          "X-Real-IP",
          "X-Client-IP",
          "X-Cluster-Client-IP",
          "True-Client-IP",
          "X-Original-Host",
          "X-Original-URL",
          "X-Rewrite-URL",
          "X-Scheme",
          "X-Url-Scheme",
          "Front-End-Https",
          "Proxy");

  private static final Set<String> WRITTEN =
      Set.of(
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "forwarded");

  private static final List<String> LOWER_OTHERS =
      OTHERS.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();

  private ForwardedHeaders() {}

  /** Returns whether a header is of this kind, however it is spelled; only proxies may send it. */
  public static boolean isOne(String name) {
    // CGI and programs like it take '_' for '-'.
    String plain = Objects.requireNonNull(name, "name").toLowerCase(Locale.ROOT).replace('_', '-');
    return plain.startsWith("x-forwarded-")
        || WRITTEN.contains(plain)
        || LOWER_OTHERS.contains(plain);
  }

  /** Returns whether a header passes if a trusted proxy sends it. */
  public static boolean isBelieved(String name) {
    return WRITTEN.contains(Objects.requireNonNull(name, "name").toLowerCase(Locale.ROOT));
  }

  /** Returns an address as {@code X-Forwarded-For} has it: {@code 192.0.2.1}, {@code ::1}. */
  public static String address(InetAddress client) {
    return LiteralAddress.text(Objects.requireNonNull(client, "client"));
  }

  /**
   * Returns one element of {@code Forwarded}: {@code for=192.0.2.1;proto=http}, {@code
   * for="[::1]";proto=http}.
   *
   * @param scheme by which the client asks
   */
  public static String element(InetAddress client, String scheme) {
    Objects.requireNonNull(scheme, "scheme");
    String address = address(client);
    String node = client instanceof Inet6Address ? "\"[" + address + "]\"" : address;
    return "for=" + node + ";proto=" + scheme;
  }
}
