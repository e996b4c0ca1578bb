package io.bluegreen.nginx;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * Where nginx tells what it serves: a unix socket or a loopback address, never one that others
 * reach.
 *
 * @param address of the door
 * @param listen the same as nginx's {@code listen} spells it
 */
record Door(SocketAddress address, String listen) {
  static Door socket(Path path) {
    Path socket = Allowed.socket(path);
    return new Door(UnixDomainSocketAddress.of(socket.toString()), "unix:" + socket);
  }

  static Door loopback(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "status: expected a URL, but was " + Allowed.quoted(url), e);
    }
    String host = uri.getHost() == null ? "" : uri.getHost();
    boolean literal = host.matches("127\\.0\\.0\\.[0-9]{1,3}") || host.equals("[::1]");
    if (!literal || !("http://" + host + ":" + uri.getPort()).equals(url)) {
      throw new IllegalArgumentException(
          "status: expected a loopback address such as http://127.0.0.1:8099, but was "
              + Allowed.quoted(url));
    }
    int port = Allowed.port("status", uri.getPort());
    try {
      return new Door(new InetSocketAddress(InetAddress.getByName(host), port), host + ":" + port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("status: no such address: " + Allowed.quoted(url), e);
    }
  }

  boolean isSocket() {
    return address instanceof UnixDomainSocketAddress;
  }

  StandardProtocolFamily family() {
    if (address instanceof InetSocketAddress internet) {
      return internet.getAddress().getAddress().length == 4
          ? StandardProtocolFamily.INET
          : StandardProtocolFamily.INET6;
    }
    return StandardProtocolFamily.UNIX;
  }

  @Override
  public String toString() {
    return listen;
  }
}
