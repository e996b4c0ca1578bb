package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Everything that requests are routed by, replaced as a whole: a reader that reads it once sees all
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
    RouterTruth.Known start = opening.start();
    return new RoutingTable(start.running(), start.generation(), start.unassigned());
  }

  /** A switch assigns every service that it speaks of. */
  RoutingTable after(Switch change) {
    return new RoutingTable(change.to(), change.generation(), Set.of());
  }

  /** Returns what a switch would change in it, for a person; nothing where it is so already. */
  List<String> plan(Switch change) {
    List<String> lines = new ArrayList<>();
    for (String service : change.to().services()) {
      int to = change.to().share(service, Color.GREEN);
      int now = green(service);
      if (now != to) {
        lines.add(
            "in this JVM: route " + to + "% of " + service + " to green, instead of " + now + "%");
      }
    }
    if (generation != change.generation()) {
      lines.add("in this JVM: carry generation " + change.generation());
    }
    return lines;
  }

  /** What is served by it: it is all that there is, and dies with its JVM. */
  RouterTruth.Known truth(long fence) {
    return new RouterTruth.Known(split, split, List.of(), generation, fence, unassigned, List.of());
  }

  int green(String service) {
    return split.share(service, Color.GREEN);
  }

  /** The table that is in force. A replacement is seen by all threads from then on. */
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
