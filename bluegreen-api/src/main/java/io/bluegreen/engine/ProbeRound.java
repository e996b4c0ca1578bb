package io.bluegreen.engine;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answers of one round of probes. */
record ProbeRound(Map<Instance, Health> healths) {
  static ProbeRound of(Map<Instance, Health> all, List<Instance> instances) {
    Map<Instance, Health> some = new LinkedHashMap<>(all);
    some.keySet().retainAll(instances);
    return new ProbeRound(some);
  }

  /** Returns which front doors are down, for a person; empty if these are slots. */
  Optional<String> frontDoors() {
    List<String> down =
        healths.entrySet().stream()
            .filter(entry -> entry.getKey().atFrontDoor() && !entry.getValue().up())
            .map(entry -> entry.getKey().toString())
            .toList();
    return down.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", down) + ": unhealthy");
  }

  int of() {
    return healths.size();
  }

  boolean passed() {
    return up() == healths.size();
  }

  int up() {
    return (int) healths.values().stream().filter(Health::up).count();
  }

  /** Returns the first answer that is DOWN, or else the first answer. */
  String detail() {
    return healths.entrySet().stream()
        .filter(entry -> !entry.getValue().up())
        .findFirst()
        .or(() -> healths.entrySet().stream().findFirst())
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .orElse("nothing to probe");
  }
}
