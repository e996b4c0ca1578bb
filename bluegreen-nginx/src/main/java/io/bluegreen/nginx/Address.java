package io.bluegreen.nginx;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Turns an endpoint into the literal address that nginx is told. A host name is resolved here:
 * nginx resolves it at its start, and does not start at all when that fails.
 */
final class Address {
  private Address() {}

  /**
   * Returns {@code ip:port}, or {@code [ip]:port}.
   *
   * @throws IllegalArgumentException if the scheme is not http, or the host can't be resolved
   */
  static String literal(String argument, URI endpoint) {
    if (!endpoint.getScheme().equals("http")) {
      throw new IllegalArgumentException(
          argument + ": expected an http address, but was " + Allowed.quoted(endpoint.toString()));
    }
    return literal(resolve(argument, endpoint)) + ":" + endpoint.getPort();
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + text + "]" : text;
  }

  private static InetAddress resolve(String argument, URI endpoint) {
    try {
      InetAddress found =
          Arrays.stream(InetAddress.getAllByName(endpoint.getHost()))
              .min(Comparator.comparing(a -> a instanceof Inet6Address))
              .orElseThrow();
      if (found.isLinkLocalAddress() && found instanceof Inet6Address) {
        throw new IllegalArgumentException(
            argument + ": nginx takes no link-local IPv6 address: " + endpoint);
      }
      return found;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          argument
              + ": the host of "
              + Allowed.quoted(endpoint.toString())
              + " can't be resolved; name a host that can, or an IP address",
          e);
    }
  }
}
