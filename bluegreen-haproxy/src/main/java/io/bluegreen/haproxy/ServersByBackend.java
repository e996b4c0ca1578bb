package io.bluegreen.haproxy;

import io.bluegreen.haproxy.RoutingMode.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The servers of one process at one moment, found by their backends. Immutable. */
record ServersByBackend(Map<String, List<ServerState>> byBackend) {
  static final ServersByBackend NONE = of(List.of());

  static ServersByBackend of(List<ServerState> servers) {
    return new ServersByBackend(
        servers.stream()
            .collect(
                Collectors.groupingBy(ServerState::backend, HashMap::new, Collectors.toList())));
  }

  boolean isEmpty() {
    return byBackend.isEmpty();
  }

  List<ServerState> of(String backend) {
    return byBackend.getOrDefault(backend, List.of());
  }

  /** Returns the servers of a slot. */
  List<ServerState> of(Target target) {
    return of(target.backend()).stream().filter(server -> target.has(server.server())).toList();
  }
}
