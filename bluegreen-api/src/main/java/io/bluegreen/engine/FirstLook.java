package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at what serves a service of which no switch is known: it is live if it is healthy, whoever
 * started it, and nothing is live if nothing runs there. Touches nothing.
 */
final class FirstLook {
  private final OperationRun run;
  private final RouterTruth.Known truth;

  FirstLook(OperationRun run, RouterTruth.Known truth) {
    this.run = run;
    this.truth = truth;
  }

  enum Kind {
    LIVE,
    NOTHING,
    /** It can't be told, or it is not whole. */
    UNCLEAR
  }

  /** What was found, for a person. */
  record Found(Kind kind, String what) {}

  /** Looks at the colour that has all traffic of a service; empty if none has. */
  Optional<Found> at(String service) throws InterruptedException {
    Optional<Color> served = truth.running().sole(service);
    return served.isEmpty()
        ? Optional.empty()
        : Optional.of(at(run.setup.group().slot(service, served.get())));
  }

  private Found at(Slot slot) throws InterruptedException {
    Duration limit = run.policy.probing().timeout();
    List<Instance> silent = new ArrayList<>();
    for (Instance instance : slot.instances()) {
      switch (run.listening(instance)) {
        case YES -> {}
        case NO -> silent.add(instance);
        case UNKNOWN -> {
          return new Found(
              Kind.UNCLEAR, "no connection to " + instance + " is accepted, nor refused");
        }
      }
    }
    if (silent.size() == slot.instances().size()) {
      return new Found(Kind.NOTHING, "nothing accepts a connection at " + slot);
    }
    if (!silent.isEmpty()) {
      return new Found(
          Kind.UNCLEAR, "nothing accepts a connection at " + silent + ", though others of it run");
    }
    return answering(slot, run.setup.probe(slot.instances(), limit));
  }

  private static Found answering(Slot slot, Map<Instance, Health> healths) {
    return healths.entrySet().stream()
        .filter(entry -> !entry.getValue().up())
        .findFirst()
        .map(
            entry ->
                new Found(
                    Kind.UNCLEAR,
                    entry.getKey()
                        + " accepts connections, but its check says "
                        + entry.getValue()))
        .orElseGet(
            () ->
                new Found(
                    Kind.LIVE,
                    slot
                        + " gets the traffic and is healthy: it is taken for live, though nothing"
                        + " is on record of it; its version is not known, and somebody else runs"
                        + " it"));
  }
}
