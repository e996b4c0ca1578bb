package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterTruth;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Compares router truth with what was last acknowledged. */
final class DriftFinder {
  private DriftFinder() {}

  static List<Drift> between(RouterTruth.Known truth, StateDocument state) {
    List<Drift> drift = new ArrayList<>(truth.drift());
    TrafficSplit acknowledged = state.acknowledged;
    if (acknowledged != null) {
      state.behind(truth).ifPresent(how -> drift.add(new Drift(Drift.Kind.RECORD_BEHIND, how)));
      TreeSet<String> lost = new TreeSet<>(acknowledged.services());
      lost.retainAll(truth.unassigned());
      lost.removeAll(state.untouched);
      lost.removeAll(state.adopted.keySet()); // No switch of ours was about them yet.
      if (!lost.isEmpty()) {
        drift.add(
            new Drift(
                Drift.Kind.STATE_LOST,
                "the proxy serves its rendered default for "
                    + lost
                    + ", acknowledged was "
                    + acknowledged));
      } else if (differs(truth.running(), acknowledged)) {
        drift.add(
            new Drift(
                Drift.Kind.RUNNING_DIFFERS,
                "the proxy serves " + state.serving(truth) + ", acknowledged was " + acknowledged));
      }
    }
    if (!truth.durable().equals(truth.running())) {
      drift.add(
          new Drift(
              Drift.Kind.DURABLE_DIFFERS,
              "the proxy serves "
                  + truth.running()
                  + ", after a restart it would serve "
                  + truth.durable()));
    }
    return drift;
  }

  /** Compares the services that both splits have: a group may have gained or lost one since. */
  private static boolean differs(TrafficSplit running, TrafficSplit acknowledged) {
    return acknowledged.services().stream()
        .anyMatch(service -> differs(running, acknowledged, service));
  }

  /** Compares one service, if both splits have it. */
  static boolean differs(TrafficSplit running, TrafficSplit acknowledged, String service) {
    return running.services().contains(service)
        && acknowledged.services().contains(service)
        && running.share(service, Color.GREEN) != acknowledged.share(service, Color.GREEN);
  }
}
