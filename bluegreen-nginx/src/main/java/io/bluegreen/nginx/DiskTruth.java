package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies on the disk: what a cold start would serve.
 *
 * @param generation that is current; 0 if none is
 * @param status as the generation describes itself; empty if it can't be read
 * @param green percent to green by service, as nginx will find it
 * @param drift what was changed by somebody else; may be empty
 * @param fence the highest that can be found
 */
record DiskTruth(
    long generation,
    Optional<GenerationStatus> status,
    Map<String, Integer> green,
    List<Drift> drift,
    long fence) {
  /** What is so before the first switch: blue. */
  static final DiskTruth NONE = new DiskTruth(0, Optional.empty(), Map.of(), List.of(), 0);

  DiskTruth {
    green = Map.copyOf(green);
    drift = List.copyOf(drift);
  }

  /** Returns what a switch of live mode makes of it. */
  GenerationStatus next(Group group, Switch change) {
    return status.orElseGet(() -> GenerationStatus.first(group, "live")).fence(fence).after(change);
  }

  TrafficSplit splitOf(Group group) {
    return split(group, green);
  }

  /** Returns the split of the group's routed services; a service that has none gets blue. */
  static TrafficSplit split(Group group, Map<String, Integer> green) {
    Map<String, Integer> split = new TreeMap<>();
    for (Service service : group.routed()) {
      split.put(service.name(), green.getOrDefault(service.name(), 0));
    }
    return new TrafficSplit(split);
  }
}
