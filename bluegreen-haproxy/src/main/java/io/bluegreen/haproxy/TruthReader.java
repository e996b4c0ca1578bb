package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.Drift;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.RouterTruth;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.RoutingMode.Served;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads what is served now, what a start would serve, and how the two differ. */
final class TruthReader {
  private final RunningHaproxy proxy;
  private final RoutingMode mode;
  private final boolean acknowledged;

  /**
   * Asks nothing yet.
   *
   * @param acknowledged whether there was a switch before: a proxy that knows none has then lost it
   */
  TruthReader(RunningHaproxy proxy, RoutingMode mode, boolean acknowledged) {
    this.proxy = proxy;
    this.mode = mode;
    this.acknowledged = acknowledged;
  }

  /** Asks the worker that takes new connections, the record, and the former workers. */
  RouterTruth read() {
    try {
      Deadline deadline = proxy.limit();
      RuntimeApi api = proxy.api().until(deadline);
      Served running = mode.served(api);
      if (running.split().isEmpty()) {
        return new RouterTruth.Unreachable(
            "what HAProxy serves can't be read: " + running.drift() + "; " + mode.byHand());
      }
      Optional<String> unknown = proxy.unproven(api, mode.file()).map(Warning::what);
      Served recorded = mode.durable(api);
      // The file here keeps the fence, but does not tell what a HAProxy elsewhere would serve.
      Served durable = unknown.isPresent() ? running.fencedBy(recorded) : recorded;
      if (durable.split().isEmpty()) {
        return new RouterTruth.Unreachable(
            "what the next reload would serve can't be read: "
                + durable.drift()
                + "; put the value right in "
                + mode.file().path()
                + " (<service> 0:0 gives all to blue, 100:0 all to green), then call recover(ADOPT,"
                + " who)");
      }
      return known(running, durable, deadline, unknown);
    } catch (RuntimeApiException | IOException e) {
      return new RouterTruth.Unreachable(ReplyCheck.shown(String.valueOf(e.getMessage())));
    }
  }

  private RouterTruth known(
      Served running, Served durable, Deadline deadline, Optional<String> unknown) {
    TrafficSplit split = running.split().orElseThrow();
    TrafficSplit next = durable.split().orElseThrow();
    List<Drift> drift = new ArrayList<>(running.drift());
    // Before the first switch a file without a mark has nothing to lose: that switch writes it.
    boolean untouched =
        !acknowledged
            && running.unassigned().equals(split.services())
            && durable.unassigned().equals(split.services());
    durable.drift().stream()
        .filter(defect -> !untouched || defect.kind() != Drift.Kind.MARKER_MISSING)
        .forEach(drift::add);
    Set<String> unassigned = new TreeSet<>(running.unassigned());
    unassigned.retainAll(durable.unassigned());
    boolean lost =
        running.unassigned().equals(split.services())
            && (acknowledged || !durable.unassigned().equals(split.services()));
    if (lost) {
      drift.add(new Drift(Drift.Kind.STATE_LOST, "HAProxy serves its rendered default, all blue"));
    } else if (!split.equals(next) && durable.drift().isEmpty()) {
      drift.add(
          new Drift(
              Drift.Kind.RUNNING_DIFFERS, "HAProxy serves " + split + ", recorded is " + next));
    }
    if (!split.equals(next)) {
      drift.add(
          new Drift(
              Drift.Kind.DURABLE_DIFFERS,
              "the next reload would serve " + next + ", not " + split));
    }
    List<TrafficSplit> former = new ArrayList<>();
    proxy.eachFormer(
        deadline, former::clear, worker -> mode.served(worker).split().ifPresent(former::add));
    if (former.stream().anyMatch(other -> !other.equals(split))) {
      drift.add(new Drift(Drift.Kind.FORMER_WORKERS, "former workers still serve " + former));
    }
    drift.addAll(GroupServers.drift(mode, GroupServers.servers(mode, proxy.api().until(deadline))));
    return new RouterTruth.Known(
        split, next, former, running.generation(), durable.fence(), unassigned, drift, unknown);
  }
}
