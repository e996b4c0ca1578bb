package io.bluegreen.support;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The one address that the host of an endpoint stands for. Whatever asks, starts or serves an
 * instance goes through here, so that all of them mean the same process: what a health check proves
 * at one address is worth nothing where the proxy sends its users to another. A name goes on to be
 * what people see, what a Host header says and what a certificate must have.
 *
 * <ul>
 *   <li>A literal address stands for itself; an IPv4-mapped IPv6 one is the IPv4 address.
 *   <li>A name with one address is that one.
 *   <li>A name with one IPv4 address is that one whatever else it has: {@code localhost} is {@code
 *       127.0.0.1} also where it is {@code ::1}, too. An application that listens at the other one
 *       only is not reached, and {@link #hint} says what to write.
 *   <li>A name with several addresses of the kind that would be taken is refused.
 * </ul>
 *
 * <p>The order in which a name service lists addresses, and the JVM's preference for IPv6, do not
 * matter. A name is resolved each time that it is asked for; the JVM keeps the answer for as long
 * as it is configured to. Immutable.
 */
public final class LiteralAddress {
  private final String host;
  private final InetAddress address;
  private final List<InetAddress> others;

  private LiteralAddress(String host, InetAddress address, List<InetAddress> others) {
    this.host = host;
    this.address = address;
    this.others = others;
  }

  /**
   * Returns the address of an endpoint; a name is resolved on the calling thread.
   *
   * @param endpoint with a host
   * @throws UnknownHostException if the name has no address now
   * @throws IOException if it has several of which none can be preferred, or only link-local IPv6
   *     ones, which mean nothing without a zone; the message names them, and what to write
   * @throws IllegalArgumentException if the endpoint has no host
   */
  public static LiteralAddress of(URI endpoint) throws IOException {
    Objects.requireNonNull(endpoint, "endpoint");
    if (endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "endpoint: expected one with a host, but was " + Text.clean(endpoint.toString(), 100));
    }
    return of(endpoint.getHost());
  }

  /**
   * Returns the address of a host.
   *
   * @param host a name, an IPv4 address, or an IPv6 address with or without brackets
   * @throws IOException as {@link #of(URI)}
   */
  public static LiteralAddress of(String host) throws IOException {
    Objects.requireNonNull(host, "host");
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      UnknownHostException unknown =
          new UnknownHostException("the host " + Text.clean(host, 100) + " can't be resolved");
      unknown.initCause(e);
      throw unknown;
    }
    return chosen(host, found);
  }

  /** Chooses among all addresses of a host. */
  static LiteralAddress chosen(String host, InetAddress... found) throws IOException {
    List<InetAddress> usable =
        Arrays.stream(found)
            .filter(each -> !(each instanceof Inet6Address && each.isLinkLocalAddress()))
            .distinct()
            .sorted(
                Comparator.<InetAddress, Boolean>comparing(Inet6Address.class::isInstance)
                    .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned))
            .toList();
    if (usable.isEmpty()) {
      throw new IOException(
          host
              + " is a link-local IPv6 address, which means nothing to a proxy; write another"
              + " address of that machine");
    }
    boolean four = usable.get(0) instanceof Inet4Address;
    List<InetAddress> same =
        usable.stream().filter(each -> each instanceof Inet4Address == four).toList();
    if (same.size() > 1) {
      throw new IOException(
          "the host "
              + host
              + " has several addresses ("
              + same.stream().map(LiteralAddress::text).collect(Collectors.joining(", "))
              + "), of which a check may ask one and a proxy serve another; write the address of"
              + " the instance in place of the name");
    }
    return new LiteralAddress(host, usable.get(0), usable.subList(1, usable.size()));
  }

  /**
   * Returns the address and the port of an endpoint as the configuration of a proxy has them: a
   * name is resolved now, so that the proxy, at each start, takes no other address for it than is
   * proved.
   *
   * @param argument what the endpoint is, for the message
   * @return {@code 127.0.0.1:8080}, or {@code [::1]:8080}
   * @throws IllegalArgumentException if the host has no address or several
   */
  public static String configured(String argument, URI endpoint) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(endpoint, "endpoint");
    try {
      return of(endpoint).inUrl() + ":" + endpoint.getPort();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          argument
              + ": the host of \""
              + Text.clean(endpoint.toString(), 100)
              + "\" can't be resolved; name a host that can, or an IP address",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(argument + ": " + endpoint + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns what is wrong with an address whose host looks right and is not read as one, to stand
   * behind what was expected; empty if that is not known. The address itself is not shown.
   */
  public static String fault(URI address) {
    Objects.requireNonNull(address, "address");
    String authority = String.valueOf(address.getRawAuthority());
    return faultOf(authority.substring(authority.lastIndexOf('@') + 1));
  }

  /** As {@link #fault}, of a host, with a port or without. */
  static String faultOf(String host) {
    if (host.contains("_")) {
      return "; a host's name has no '_' (RFC 1123), and many servers refuse a request that names"
          + " one: give it a name with '-' (an alias in compose), or write its address";
    }
    return host.contains("%")
        ? "; an address with a zone means nothing to a proxy: write another address of that machine"
        : "";
  }

  /** Returns the address. */
  public InetAddress address() {
    return address;
  }

  /** Returns the address and a port. */
  public InetSocketAddress at(int port) {
    return new InetSocketAddress(address, port);
  }

  /** Returns the address as a URL has it: {@code 127.0.0.1}, or {@code [::1]}. */
  public String inUrl() {
    return inUrl(address);
  }

  /** Returns the address without brackets: {@code 127.0.0.1}, or {@code ::1}. */
  public String text() {
    return text(address);
  }

  /**
   * Returns which other addresses the name has, and what to write for them, for a person who finds
   * nothing at this address; empty if there are none.
   */
  public String hint() {
    return others.isEmpty()
        ? ""
        : host
            + " is "
            + text()
            + ", which is what is asked and served, and also "
            + others.stream().map(LiteralAddress::text).collect(Collectors.joining(", "))
            + "; if the application listens only there, write "
            + inUrl(others.get(0))
            + " in place of "
            + host;
  }

  /** Returns why there is no answer from the address, and {@link #hint} behind it. */
  public String explain(String failure) {
    Objects.requireNonNull(failure, "failure");
    return others.isEmpty() ? failure : failure + " (" + hint() + ")";
  }

  /** Returns the host, and its address where that is something else. */
  @Override
  public String toString() {
    return host.equals(text()) || host.equals(inUrl()) ? host : host + " (" + text() + ")";
  }

  static String inUrl(InetAddress address) {
    return address instanceof Inet6Address ? "[" + text(address) + "]" : text(address);
  }

  static String text(InetAddress address) {
    return address instanceof Inet6Address six ? Ipv6Text.of(six) : address.getHostAddress();
  }
}
