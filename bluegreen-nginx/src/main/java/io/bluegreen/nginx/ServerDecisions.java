package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.Optional;

/**
 * Which colour each service's own server decides on, asked of those services to which a split gives
 * one colour: the status page alone proves nothing of other server blocks.
 */
record ServerDecisions(Group group, LiveConfig config) {
  /** Returns what the servers are asked. */
  List<StatusRequest> requests(TrafficSplit split) {
    return sole(split).stream()
        .map(service -> new StatusRequest(LiveConfig.PROBE, config.names().host(service)))
        .toList();
  }

  /**
   * Returns which service's own server does not decide as a split says; empty if all do.
   *
   * @param answers to the {@link #requests} of this split
   */
  Optional<String> undecided(TrafficSplit split, List<StatusAnswer> answers) {
    List<Service> sole = sole(split);
    for (int i = 0; i < sole.size(); i++) {
      Service service = sole.get(i);
      String color = split.sole(service.name()).orElseThrow().label();
      if (!answers.get(i).ok()
          || !answers.get(i).body().contains(config.decision(service, color))) {
        return Optional.of("the server of " + service + " does not decide " + color);
      }
    }
    return Optional.empty();
  }

  private List<Service> sole(TrafficSplit split) {
    return group.routed().stream()
        .filter(service -> split.sole(service.name()).isPresent())
        .toList();
  }
}
