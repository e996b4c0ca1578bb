package io.bluegreen.nginx;

import io.bluegreen.support.LiteralAddress;
import java.net.URI;

/**
 * Turns an endpoint into the literal address that stands in nginx's configuration. A host name is
 * resolved here, because nginx does not start when it can't resolve one.
 */
final class NginxAddress {
  private NginxAddress() {}

  /**
   * Returns {@code ip:port}, or {@code [ip]:port}.
   *
   * @throws IllegalArgumentException if the scheme is not http, or the host has no address or
   *     several
   */
  static String literal(String argument, URI endpoint) {
    if (!endpoint.getScheme().equals("http")) {
      throw new IllegalArgumentException(
          argument + ": expected an http address, but was " + SafeText.quoted(endpoint.toString()));
    }
    return LiteralAddress.configured(argument, endpoint);
  }
}
