package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks whether somebody else holds the address that an instance is to answer at, and who. */
final class Ports {
  private final ProcessTable table;

  Ports(ProcessTable table) {
    this.table = table;
  }

  /**
   * Does nothing if every instance's address is free, or not an address of this machine.
   *
   * @throws LaunchException if one is held; the message names the holder where that can be told
   * @throws IOException if it can't be looked at
   */
  void refuseHeld(List<Instance> instances) throws IOException {
    for (Instance instance : instances) {
      Optional<URI> endpoint = instance.endpoint();
      if (endpoint.isPresent()) {
        Optional<InetAddress> address = local(endpoint.get().getHost());
        int port = endpoint.get().getPort();
        if (address.isPresent() && held(new InetSocketAddress(address.get(), port))) {
          throw new LaunchException(
              instance
                  + ": port "
                  + port
                  + " is held by "
                  + holder(address.get(), port)
                  + "; nothing was started. Stop that process, or give "
                  + instance.service()
                  + " another port.");
        }
      }
    }
  }

  /** Only an address of this machine can be looked at; a health check finds out about others. */
  private static Optional<InetAddress> local(String host) throws IOException {
    try {
      InetAddress address = InetAddress.getByName(host);
      boolean own =
          address.isLoopbackAddress()
              || address.isAnyLocalAddress()
              || NetworkInterface.getByInetAddress(address) != null;
      return own ? Optional.of(address) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /**
   * Binds and does not listen, so that no client ever reaches this socket. With SO_REUSEADDR an
   * address that only has connections in TIME_WAIT is free, as it is for the program to come.
   */
  private static boolean held(InetSocketAddress address) throws IOException {
    boolean v4 = address.getAddress() instanceof Inet4Address;
    try (SocketChannel probe =
        SocketChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      probe.bind(address);
      return false;
    } catch (BindException e) {
      // A port below 1024 may be forbidden to us and yet free for a program with a capability.
      return String.valueOf(e.getMessage()).contains("in use");
    }
  }

  private String holder(InetAddress address, int port) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (String file : List.of("net/tcp", "net/tcp6")) {
      List<SocketRow> rows = SocketRow.parse(table.read("self/" + file));
      rows.stream()
          .filter(row -> row.holds(address, port))
          .forEach(row -> sockets.add("socket:[" + row.inode() + "]"));
    }
    for (long pid : table.pids()) {
      if (opens(pid, sockets)) {
        return "pid " + pid + " (" + Text.clean(table.name(pid), 40) + ")";
      }
    }
    return "another process, which does not show itself to this user";
  }

  private boolean opens(long pid, Set<String> sockets) {
    Path directory = table.root().resolve(pid + "/fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException endedOrForeign) {
      return false;
    }
    return false;
  }
}
