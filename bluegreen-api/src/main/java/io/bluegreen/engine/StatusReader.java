package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks the router, the launchers and every instance how the group stands. */
final class StatusReader {
  private final ManagerSetup setup;
  private final OpenedRouter router;
  private final OperationRun run;

  StatusReader(ManagerSetup setup, OpenedRouter router, OperationRun run) {
    this.setup = setup;
    this.router = router;
    this.run = run;
  }

  Status read() {
    StateDocument state = run.state();
    List<String> warnings = new ArrayList<>();
    RouterTruth truth = truth(warnings);
    warnings.addAll(setup.store().warnings());
    List<Drift> drift =
        truth instanceof RouterTruth.Known known ? DriftFinder.between(known, state) : List.of();
    Set<String> unassigned =
        truth instanceof RouterTruth.Known known ? unassigned(known, warnings) : Set.of();
    List<Status.SlotStatus> slots = slots(truth, unassigned, warnings);
    return new Status(
        setup.group().name(),
        truth,
        unassigned,
        slots,
        drift,
        setup.store().holder(),
        Optional.ofNullable(state.open).map(open -> open.id),
        warnings);
  }

  /** Returns the services for which nothing is live; what serves without a switch of ours is. */
  private Set<String> unassigned(RouterTruth.Known truth, List<String> warnings) {
    FirstLook look = new FirstLook(run, truth);
    TreeSet<String> unassigned = new TreeSet<>(run.state().unassigned(truth));
    for (String service : run.state().toLookAt(truth)) {
      try {
        Optional<FirstLook.Found> found = look.at(service);
        if (found.filter(what -> what.kind() == FirstLook.Kind.LIVE).isPresent()) {
          unassigned.remove(service);
        }
        found
            .filter(what -> what.kind() != FirstLook.Kind.NOTHING)
            .ifPresent(what -> warnings.add(what.what()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return unassigned;
  }

  /**
   * Returns the router's truth. A router that can't be opened counts as unreachable, so that the
   * rest can still be told.
   */
  private RouterTruth truth(List<String> warnings) {
    try {
      router.report().warnings().forEach(warning -> warnings.add(warning.toString()));
      return router.truth();
    } catch (RouterException e) {
      return new RouterTruth.Unreachable(StepNotDone.reason(e));
    }
  }

  private List<Status.SlotStatus> slots(
      RouterTruth truth, Set<String> unassigned, List<String> warnings) {
    List<Slot> slots = new ArrayList<>();
    for (Service service : setup.group().services()) {
      for (Color color : Color.values()) {
        slots.add(new Slot(setup.group().name(), service, color));
      }
    }
    try {
      Map<Instance, Health> healths =
          setup.probe(
              slots.stream().flatMap(slot -> instances(slot).stream()).toList(),
              run.policy.probing().timeout());
      List<Status.SlotStatus> statuses = new ArrayList<>();
      for (Slot slot : slots) {
        Status.SlotStatus status = status(slot, truth, unassigned, healths);
        statuses.add(status);
        if (!status.live()) {
          new LeftRunning(run).told(slot).ifPresent(warnings::add);
        }
      }
      return statuses;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private List<Instance> instances(Slot slot) {
    Optional<String> version = run.state().version(slot);
    return slot.instances().stream().map(instance -> instance.running(version)).toList();
  }

  private Status.SlotStatus status(
      Slot slot, RouterTruth truth, Set<String> unassigned, Map<Instance, Health> healths)
      throws InterruptedException {
    String service = slot.service().name();
    Optional<Integer> share = Optional.empty();
    boolean live = slot.color() == run.state().background.get(service);
    if (slot.service().routed() && truth instanceof RouterTruth.Known known) {
      share = Optional.of(known.running().share(service, slot.color()));
      live = share.get() == 100 && !unassigned.contains(service);
    }
    List<Health> answers = instances(slot).stream().map(healths::get).toList();
    return new Status.SlotStatus(
        slot,
        live,
        share,
        run.state().version(slot),
        run.launchState(slot),
        answers.stream().filter(health -> !health.up()).findFirst().orElse(answers.get(0)));
  }
}
