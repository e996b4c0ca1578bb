package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.haproxy.RoutingMode.Target;
import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares HAProxy's servers with the endpoints that the group names. */
final class GroupServers {
  private static final Pattern LITERAL =
      Pattern.compile("[0-9.]+|\\[.*]|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*");

  private GroupServers() {}

  /**
   * Refuses a configuration in which a colour has no server, or has other servers than those that
   * are launched and checked: one address would be proved and another one served.
   */
  static void check(RoutingMode mode, ServersByBackend servers) {
    Map<String, List<Slot>> slots =
        slots(mode).stream()
            .collect(
                Collectors.groupingBy(
                    s -> mode.target(s).backend(), TreeMap::new, Collectors.toList()));
    for (Map.Entry<String, List<Target>> each : byBackend(mode).entrySet()) {
      String backend = each.getKey();
      List<Slot> own = slots.getOrDefault(backend, List.of());
      List<String> wrong = new ArrayList<>();
      for (Slot slot : own) {
        List<ServerState> present = servers.of(mode.target(slot));
        wrong.addAll(present.isEmpty() ? List.of("no server for " + slot) : strange(slot, present));
      }
      for (String server : ofNeither(each.getValue(), servers, backend)) {
        wrong.add(server + " is of neither colour, for its name begins with neither");
      }
      if (!wrong.isEmpty()) {
        throw OpenFindings.refused(
            servers.of(backend).isEmpty()
                ? "HAProxy has no server in a backend " + backend + ": " + wrong
                : "the servers of HAProxy's backend " + backend + " are not the group's: " + wrong,
            new WantedServers(backend, own, servers.of(backend)).remedy());
      }
    }
  }

  /**
   * Returns how the servers differ from the group by now, and which ones a person took out of
   * service.
   */
  static List<Drift> drift(RoutingMode mode, ServersByBackend servers) {
    List<Drift> drift = new ArrayList<>();
    byBackend(mode)
        .forEach(
            (backend, targets) ->
                ofNeither(targets, servers, backend).stream()
                    .map(server -> server + " is of neither colour")
                    .forEach(what -> drift.add(new Drift(Drift.Kind.UNKNOWN_TARGET, what))));
    for (Slot slot : slots(mode)) {
      List<ServerState> own = servers.of(mode.target(slot));
      for (String strange : own.isEmpty() ? List.of("no server") : strange(slot, own)) {
        drift.add(new Drift(Drift.Kind.UNKNOWN_TARGET, slot + ": " + strange));
      }
      for (ServerState server : own) {
        outOfService(mode.target(slot), server)
            .map(why -> new Drift(Drift.Kind.MAINTENANCE, server.path() + why))
            .ifPresent(drift::add);
      }
    }
    return drift;
  }

  private static Optional<String> outOfService(Target target, ServerState server) {
    if (!server.inService()) {
      return Optional.of(server.inMaintenance() ? " is in maintenance" : " is draining");
    }
    if (target.wholeBackend()) {
      // In this mode only a person or an agent sets weights.
      return server.weight() == 0 && server.configured() > 0
          ? Optional.of(" was given the weight 0, by which it gets no traffic")
          : Optional.empty();
    }
    return server.obeysAgent()
        ? Optional.of(" obeys an agent, which sets the weights that the split is made of")
        : Optional.empty();
  }

  /** Returns the servers of a backend that are of neither colour; they would take a share, too. */
  private static List<String> ofNeither(
      List<Target> targets, ServersByBackend servers, String backend) {
    return servers.of(backend).stream()
        .filter(s -> targets.stream().noneMatch(target -> target.has(s.server())))
        .map(s -> ReplyCheck.shown(s.path() + " " + s.address() + ":" + s.port()))
        .toList();
  }

  /** Returns the names of the group's backends. */
  static Set<String> backends(RoutingMode mode) {
    return byBackend(mode).keySet();
  }

  /** Asks a process for the group's servers. */
  static ServersByBackend servers(RoutingMode mode, RuntimeApi worker) {
    return ServersByBackend.of(worker.queries().servers(backends(mode)));
  }

  static Map<String, List<Target>> byBackend(RoutingMode mode) {
    return slots(mode).stream()
        .map(mode::target)
        .collect(Collectors.groupingBy(Target::backend, TreeMap::new, Collectors.toList()));
  }

  static List<Slot> slots(RoutingMode mode) {
    return slots(mode.group());
  }

  static List<Slot> slots(Group group) {
    List<Slot> slots = new ArrayList<>();
    for (Service service : group.routed()) {
      for (Color color : Color.values()) {
        slots.add(new Slot(group.name(), service, color));
      }
    }
    return slots;
  }

  private static List<String> strange(Slot slot, List<ServerState> own) {
    List<String> strange = new ArrayList<>();
    Set<URI> missing = new HashSet<>(slot.service().endpoints(slot.color()));
    for (ServerState server : own) {
      if (!missing.removeIf(endpoint -> same(endpoint, server))) {
        strange.add(
            ReplyCheck.shown(
                "unknown server "
                    + server.server()
                    + " "
                    + server.address()
                    + ":"
                    + server.port()));
      }
    }
    missing.forEach(endpoint -> strange.add("no server for " + endpoint));
    return strange;
  }

  /**
   * Returns whether a server is an endpoint. HAProxy tells literal addresses; if a name can't be
   * resolved here, only the port is compared.
   */
  static boolean same(URI endpoint, ServerState server) {
    if (endpoint.getPort() != server.port()) {
      return false;
    }
    try {
      InetAddress address = LiteralAddress.of(endpoint).address();
      return LITERAL.matcher(server.address()).matches()
          && address.equals(InetAddress.getByName(server.address()));
    } catch (UnknownHostException e) {
      return true;
    } catch (IOException e) {
      return false; // It has several addresses, and HAProxy took one by chance.
    }
  }
}
