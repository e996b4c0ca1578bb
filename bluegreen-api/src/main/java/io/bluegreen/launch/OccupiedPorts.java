package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.support.LiteralAddress;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks whether another program holds the address of an instance, and which one. */
final class OccupiedPorts {
  private final ProcessTable table;
  private final SocketTable sockets;

  OccupiedPorts(ProcessTable table) {
    this.table = table;
    this.sockets = new SocketTable(table);
  }

  /**
   * Does nothing if every instance's address is free, or not an address of this machine.
   *
   * @throws LaunchException if one is held; the message names the holder where that can be told
   * @throws IOException if it can't be looked at
   */
  void refuseHeld(List<Instance> instances) throws IOException {
    for (Instance instance : instances) {
      Optional<InetSocketAddress> address = local(instance);
      if (address.isPresent() && held(address.get())) {
        throw new LaunchException(
            instance
                + ": "
                + described(
                    instance,
                    address.get(),
                    sockets.holders(address.get()),
                    "; nothing was started")
                + ".",
            Effect.UNCHANGED);
      }
    }
  }

  /**
   * Says at the address of which instance a program listens that will not end before the launch.
   * Nothing is bound where nobody listens.
   *
   * @param ending the processes that will end before the launch
   * @throws IOException if it can't be looked at
   */
  List<String> held(List<Instance> instances, List<HostProcess> ending) throws IOException {
    List<String> held = new ArrayList<>();
    for (Instance instance : instances) {
      Optional<InetSocketAddress> address = local(instance);
      if (address.isEmpty() || !sockets.listened(address.get())) {
        continue;
      }
      Set<Long> holders = sockets.holders(address.get());
      boolean own = ending.stream().map(HostProcess::pid).anyMatch(holders::contains);
      boolean hidden =
          holders.isEmpty() && !ending.isEmpty(); // The occupant may have changed its user.
      if (!own && !hidden && held(address.get())) {
        held.add(instance + ": " + described(instance, address.get(), holders, ""));
      }
    }
    return held;
  }

  private String described(
      Instance instance, InetSocketAddress address, Set<Long> holders, String done) {
    return "port "
        + address.getPort()
        + " is held by "
        + holders.stream()
            .findFirst()
            .map(pid -> "pid " + pid + " (" + Text.clean(table.name(pid), 40) + ")")
            .orElse("another process, which does not show itself to this user")
        + done
        + ". Stop that process, or take it over with "
        + LaunchContext.adopting(instance.service(), instance.color())
        + ", or give "
        + instance.service()
        + " another port";
  }

  /**
   * Returns where an instance listens; empty where it has no endpoint, or one that is not of this
   * machine.
   *
   * @throws IOException if the endpoint's name can't be resolved to one address
   */
  static Optional<InetSocketAddress> local(Instance instance) throws IOException {
    Optional<URI> endpoint = instance.endpoint();
    return endpoint.isEmpty()
        ? Optional.empty()
        : local(endpoint.get())
            .map(address -> new InetSocketAddress(address, endpoint.get().getPort()));
  }

  /** Only an address of this machine can be looked at; a health check finds out about others. */
  private static Optional<InetAddress> local(URI endpoint) throws IOException {
    try {
      InetAddress address = LiteralAddress.of(endpoint).address();
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
   *
   * @throws IOException if it can't be tried
   */
  static boolean held(InetSocketAddress address) throws IOException {
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
}
