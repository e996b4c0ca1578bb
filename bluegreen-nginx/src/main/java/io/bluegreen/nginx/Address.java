package io.bluegreen.nginx;

import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Turns an endpoint into the literal address that nginx is told. A host name is resolved here:
 * nginx resolves it at its start, and does not start at all when that fails.
 */
final class Address {
  private Address() {}

  /**
   * Returns {@code ip:port}, or {@code [ip]:port}.
   *
   * @throws IllegalArgumentException if the scheme is not http, or the host has no address or
   *     several
   */
  static String literal(String argument, URI endpoint) {
    if (!endpoint.getScheme().equals("http")) {
      throw new IllegalArgumentException(
          argument + ": expected an http address, but was " + Allowed.quoted(endpoint.toString()));
    }
    try {
      return LiteralAddress.of(endpoint).inUrl() + ":" + endpoint.getPort();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          argument
              + ": the host of "
              + Allowed.quoted(endpoint.toString())
              + " can't be resolved; name a host that can, or an IP address",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(argument + ": " + endpoint + ": " + e.getMessage(), e);
    }
  }
}
