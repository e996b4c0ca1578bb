package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that requests are routed by, replaced as a whole: whoever reads it once sees all
 * services of one generation.
 *
 * @param unassigned services that no switch has ever moved
 */
record RoutingTable(TrafficSplit split, long generation, Set<String> unassigned) {
  RoutingTable {
    unassigned = Set.copyOf(unassigned);
  }

  /** What was acknowledged last; blue, and unassigned, for services that it does not speak of. */
  static RoutingTable initial(Router.Opening opening) {
    Group group = opening.group();
    TrafficSplit split = TrafficSplit.all(group, Color.BLUE);
    Map<String, Integer> acknowledged =
        opening.acknowledged().map(TrafficSplit::green).orElse(Map.of());
    Set<String> unassigned = new TreeSet<>();
    for (String service : split.services()) {
      Optional<Integer> green = Optional.ofNullable(acknowledged.get(service));
      if (green.isPresent()) {
        split = split.with(service, Color.GREEN, green.get());
      } else {
        unassigned.add(service);
      }
    }
    return new RoutingTable(split, opening.generation(), unassigned);
  }

  /** A switch assigns every service that it speaks of. */
  RoutingTable after(Switch change) {
    return new RoutingTable(change.to(), change.generation(), Set.of());
  }

  /** What is served by it: it is all that there is, and dies with its JVM. */
  RouterTruth truth(long fence) {
    return new RouterTruth.Known(split, split, List.of(), generation, fence, unassigned, List.of());
  }

  int green(String service) {
    return split.share(service, Color.GREEN);
  }

  /** The table that is in force. Whoever replaces it is seen by all threads from then on. */
  static final class InForce {
    private volatile RoutingTable table;

    InForce(RoutingTable initial) {
      table = initial;
    }

    RoutingTable get() {
      return table;
    }

    /** By identity: this is asked for every request, and a table is never put back. */
    @SuppressWarnings("ReferenceEquality")
    boolean is(RoutingTable one) {
      return table == one;
    }

    void replace(RoutingTable by) {
      table = by;
    }
  }
}
