package io.bluegreen.launch;

import io.bluegreen.Instance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the process that listens at the endpoint of an instance: a master with its workers. */
record EndpointHolder(ProcessTable table, LaunchId id) {
  /** What listens at an endpoint. */
  sealed interface Found {
    /** Nothing does. */
    record Nothing() implements Found {}

    /** This process, with those that it has started. */
    record Holder(HostProcess process) implements Found {}

    /** Something that is not taken over; the reason says what to do. */
    record Refused(String reason) implements Found {}
  }

  /**
   * Looks. Nothing is bound where nobody listens.
   *
   * @throws IOException if it can't be looked at
   */
  Found at(Instance instance) throws IOException {
    if (instance.endpoint().isEmpty()) {
      return new Found.Refused(
          "it has no endpoint, so that nothing tells which process it is; use CommandLauncher with"
              + " the commands that start and stop it");
    }
    Optional<InetSocketAddress> address = OccupiedPorts.local(instance);
    if (address.isEmpty()) {
      return new Found.Refused(
          "it is not at an address of this machine; use CommandLauncher with commands that reach"
              + " its machine");
    }
    return at(address.get());
  }

  /**
   * Returns the numbers of all processes that listen at the endpoint of an instance, as far as they
   * show themselves.
   *
   * @throws IOException if it can't be looked at
   */
  Set<Long> all(Instance instance) throws IOException {
    Optional<InetSocketAddress> address = OccupiedPorts.local(instance);
    SocketTable sockets = new SocketTable(table);
    return address.isEmpty() ? Set.of() : sockets.holders(sockets.listening(address.get()));
  }

  private Found at(InetSocketAddress address) throws IOException {
    SocketTable sockets = new SocketTable(table);
    List<SocketRow> listening = sockets.listening(address);
    // A socket of IPv6 at any address is in the way of IPv4, too, unless it was told not to be.
    if (listening.isEmpty() || !OccupiedPorts.held(address)) {
      return new Found.Nothing();
    }
    int own = table.ownUser();
    Optional<SocketRow> foreign = listening.stream().filter(row -> row.user() != own).findFirst();
    Set<Long> holders = sockets.holders(listening);
    Optional<HostProcess> top = topmost(holders);
    if (foreign.isPresent() || holders.isEmpty()) {
      return new Found.Refused(
          (holders.isEmpty() ? "what listens there does not show itself" : shown(holders))
              + foreign.map(row -> ": user " + row.user() + " made its socket").orElse("")
              + "; run this program as that user, or use CommandLauncher");
    }
    for (long holder : holders) {
      Optional<String> forwards = TakeoverRule.forwards(table, holder);
      if (forwards.isPresent()) {
        return new Found.Refused(ProcessFacts.shown(table, holder) + ": " + forwards.get());
      }
    }
    if (top.isEmpty()) {
      return new Found.Refused(
          shown(holders)
              + " share its socket, and none has started all others; use CommandLauncher with"
              + " commands that stop them all");
    }
    return TakeoverRule.objection(table, top.get(), id)
        .<Found>map(
            why -> new Found.Refused(ProcessFacts.shown(table, top.get().pid()) + ": " + why))
        .orElseGet(() -> new Found.Holder(top.get()));
  }

  /** Returns the one of which all others descend, if there is one. */
  private Optional<HostProcess> topmost(Set<Long> holders) throws IOException {
    for (long top : holders) {
      boolean all = true;
      for (long other : holders) {
        all &= other == top || ProcessFacts.ancestors(table, other).contains(top);
      }
      if (all) {
        return table.find(top);
      }
    }
    return Optional.empty();
  }

  private String shown(Set<Long> holders) {
    List<Long> some = new ArrayList<>(holders).subList(0, Math.min(3, holders.size()));
    return some.stream()
            .map(pid -> ProcessFacts.shown(table, pid))
            .collect(Collectors.joining(", "))
        + (some.size() < holders.size() ? " and others" : "");
  }
}
