package io.bluegreen.support;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The proxies in front of a router, such as a TLS terminator, that are believed where a request
 * came from, as {@link ForwardedHeaders} says. Immutable.
 *
 * @param networks their addresses; empty if none is trusted
 */
public record TrustedProxies(List<AddressRange> networks) {
  /** Nobody is believed. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** Copies the list. */
  public TrustedProxies {
    ArgumentChecks.noNulls("networks", networks);
    networks = List.copyOf(networks);
  }

  /**
   * Returns the proxies with these addresses.
   *
   * @param networks at least one literal address or block, such as {@code 10.0.0.0/8}
   * @throws IllegalArgumentException if there is none, one is malformed, or one is every address:
   *     then each client would be believed
   */
  public static TrustedProxies of(String... networks) {
    ArgumentChecks.noNulls("networks", networks);
    ArgumentChecks.notEmpty("networks", List.of(networks));
    return new TrustedProxies(Stream.of(networks).map(TrustedProxies::some).toList());
  }

  /** Returns whether the one at this address is believed. */
  public boolean contains(InetAddress address) {
    Objects.requireNonNull(address, "address");
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  private static AddressRange some(String text) {
    AddressRange network = AddressRange.parse("network", text);
    if (network.isEveryAddress()) {
      throw new IllegalArgumentException(
          "network: expected some addresses and not all, but was " + text);
    }
    return network;
  }
}
