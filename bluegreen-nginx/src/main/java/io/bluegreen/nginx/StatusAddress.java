package io.bluegreen.nginx;

import io.bluegreen.ContainerView;
import io.bluegreen.support.ArgumentChecks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * Where nginx tells what it serves, its private door: a unix socket or a loopback address, which
 * nobody reaches from elsewhere.
 *
 * @param address of the door
 * @param listen the same as nginx's {@code listen} spells it
 */
record StatusAddress(SocketAddress address, String listen) {
  static StatusAddress socket(Path path) {
    Path socket = SafeText.socket(path);
    return new StatusAddress(UnixDomainSocketAddress.of(socket.toString()), "unix:" + socket);
  }

  static StatusAddress loopback(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "status: expected a URL, but was " + SafeText.quoted(url), e);
    }
    String host = uri.getHost() == null ? "" : uri.getHost();
    boolean literal = host.matches("127\\.0\\.0\\.[0-9]{1,3}") || host.equals("[::1]");
    if (!literal || !("http://" + host + ":" + uri.getPort()).equals(url)) {
      throw new IllegalArgumentException(
          "status: expected a loopback address such as http://127.0.0.1:8099, but was "
              + SafeText.quoted(url));
    }
    int port = ArgumentChecks.between("port of status", 1, 65_535, uri.getPort());
    try {
      return new StatusAddress(
          new InetSocketAddress(InetAddress.getByName(host), port), host + ":" + port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("status: no such address: " + SafeText.quoted(url), e);
    }
  }

  /** Returns this door as an nginx in a container names it. */
  StatusAddress in(ContainerView view) {
    return address instanceof UnixDomainSocketAddress unix
        ? socket(view.inside(unix.getPath()))
        : loopback(view.inside(URI.create("http://" + listen)).toString());
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

  /** Returns the path of the socket, or the loopback address, for a person. */
  String place() {
    return address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : listen;
  }

  @Override
  public String toString() {
    return listen;
  }
}
