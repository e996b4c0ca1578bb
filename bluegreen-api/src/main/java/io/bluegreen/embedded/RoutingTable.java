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

  /** Returns what was acknowledged last; a service that it does not name is blue and unassigned. */
  static RoutingTable initial(Router.Opening opening) {
    RouterTruth.Known start = opening.start();
    return new RoutingTable(start.running(), start.generation(), start.unassigned());
  }

  /** Returns the table after a switch, which assigns every service. */
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

  /** Returns what is served by it, which is also what is durable: nothing else is stored. */
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

    /** Compares by identity, which is fast and enough: no table is ever put in force twice. */
    @SuppressWarnings("ReferenceEquality")
    boolean is(RoutingTable one) {
      return table == one;
    }

    void replace(RoutingTable by) {
      table = by;
    }
  }
}
