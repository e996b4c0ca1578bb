package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.haproxy.Scheme.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares HAProxy's servers with the endpoints that the group names. */
final class Targets {
  private static final Pattern LITERAL =
      Pattern.compile("[0-9.]+|\\[.*]|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*");

  private Targets() {}

  /**
   * Refuses a configuration in which a colour has no server, or other ones than those that are
   * launched and checked: one address would be proved and another one served.
   */
  static void check(Scheme scheme, Servers servers) {
    for (Slot slot : slots(scheme)) {
      Target target = scheme.target(slot);
      List<ServerState> own = servers.of(target);
      if (own.isEmpty()) {
        throw refused(
            "HAProxy has no server for " + slot,
            "add the backend "
                + target.backend()
                + " with a server "
                + (target.prefix().isEmpty() ? "" : target.prefix() + " ")
                + "for each of "
                + slot.service().endpoints(slot.color()));
      }
      List<String> strange = strange(slot, own);
      if (!strange.isEmpty()) {
        throw refused(
            "HAProxy's servers for " + slot + " are not the group's: " + strange,
            "let both name " + slot.service().endpoints(slot.color()));
      }
    }
    List<String> ofNeither = ofNeither(scheme, servers);
    if (!ofNeither.isEmpty()) {
      throw refused(
          "HAProxy has servers of neither colour: " + ofNeither,
          "move them to a backend of their own, or begin their names with blue or green");
    }
  }

  /** Returns what differs by now, and what a person took out of service. */
  static List<Drift> drift(Scheme scheme, Servers servers) {
    List<Drift> drift = new ArrayList<>();
    for (String server : ofNeither(scheme, servers)) {
      drift.add(new Drift(Drift.Kind.UNKNOWN_TARGET, server + " is of neither colour"));
    }
    for (Slot slot : slots(scheme)) {
      List<ServerState> own = servers.of(scheme.target(slot));
      for (String strange : own.isEmpty() ? List.of("no server") : strange(slot, own)) {
        drift.add(new Drift(Drift.Kind.UNKNOWN_TARGET, slot + ": " + strange));
      }
      for (ServerState server : own) {
        if (server.inMaintenance() || server.draining()) {
          drift.add(
              new Drift(
                  Drift.Kind.MAINTENANCE,
                  server.backend()
                      + "/"
                      + server.server()
                      + (server.inMaintenance() ? " is in maintenance" : " is draining")));
        }
      }
    }
    return drift;
  }

  /** Returns servers of our backends that are of neither colour: they take a share, too. */
  private static List<String> ofNeither(Scheme scheme, Servers servers) {
    List<String> strangers = new ArrayList<>();
    byBackend(scheme)
        .forEach(
            (backend, targets) ->
                servers.of(backend).stream()
                    .filter(s -> targets.stream().noneMatch(target -> target.has(s.server())))
                    .map(s -> Replies.shown(s.backend() + "/" + s.server()))
                    .forEach(strangers::add));
    return strangers;
  }

  static Map<String, List<Target>> byBackend(Scheme scheme) {
    return slots(scheme).stream()
        .map(scheme::target)
        .collect(Collectors.groupingBy(Target::backend, TreeMap::new, Collectors.toList()));
  }

  static List<Slot> slots(Scheme scheme) {
    List<Slot> slots = new ArrayList<>();
    for (Service service : scheme.group().routed()) {
      for (Color color : Color.values()) {
        slots.add(new Slot(scheme.group().name(), service, color));
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
            Replies.shown(
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

  /** A host that is a name can't be compared with HAProxy's literal address; then the port is. */
  private static boolean same(URI endpoint, ServerState server) {
    String host = endpoint.getHost();
    return endpoint.getPort() == server.port()
        && (!LITERAL.matcher(host).matches()
            || host.replaceAll("[\\[\\]]", "").equalsIgnoreCase(server.address()));
  }

  private static RouterException refused(String what, String remedy) {
    return new RouterException(what + "; remedy: " + remedy, Effect.UNCHANGED);
  }
}
