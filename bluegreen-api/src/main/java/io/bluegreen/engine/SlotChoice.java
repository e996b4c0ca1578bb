package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Operation;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Chooses the slots that an operation is about: its services, and of each the colour that it acts
 * on. Touches nothing.
 */
final class SlotChoice {
  private final OperationRun run;
  private final ManagerSetup setup;
  private final StateDocument state;
  private final Operation operation;
  private final ServedNow served;
  private final Rollback rollback;
  private final TreeMap<String, Color> candidates = new TreeMap<>();
  private final List<Slot> routed = new ArrayList<>();

  /**
   * Chooses the slots.
   *
   * @throws OperationRefusedException if the operation makes no sense as things are
   */
  SlotChoice(OperationRun run, ServedNow served) {
    this.run = run;
    this.setup = run.setup;
    this.state = run.state();
    this.operation = run.operation;
    this.served = served;
    this.rollback = new Rollback(run, served);
    for (Service service : selected()) {
      Color candidate = candidate(service);
      candidates.put(service.name(), candidate);
      if (service.routed()) {
        routed.add(setup.group().slot(service.name(), candidate));
      }
    }
  }

  /** Returns the colour that it acts on, by service. */
  Map<String, Color> candidates() {
    return candidates;
  }

  /** Returns the slots of services that get requests. */
  List<Slot> routed() {
    return routed;
  }

  /** Returns why there is nothing to do; empty if there is something. */
  String nothingToDo() {
    if (operation.kind() == Operation.Kind.ROLLBACK) {
      return rollback.nothingToDo();
    }
    boolean live =
        switch (operation.kind()) {
          case DEPLOY ->
              !operation.isRedeploy()
                  && candidates.keySet().stream().allMatch(this::runsIt)
                  && candidates.keySet().stream().allMatch(this::lives);
          case ADOPT -> run.slots(candidates).stream().allMatch(adoption()::isAdopted);
          case SWITCH ->
              routed.stream()
                  .allMatch(
                      slot ->
                          !served.unassigned().contains(slot.service().name())
                              && served.truth().running().share(slot.service().name(), slot.color())
                                  == 100);
          default -> false;
        };
    return live
        ? operation
            + (operation.kind() == Operation.Kind.ADOPT
                ? ": that is on record already"
                : ": that is live already")
        : "";
  }

  private Adoption adoption() {
    return new Adoption(run, served);
  }

  private List<Service> selected() {
    if (operation.kind() == Operation.Kind.ROLLBACK) {
      return rollback.services();
    }
    List<Service> named =
        operation.services().isEmpty()
            ? setup.group().services()
            : operation.services().stream().map(setup.group()::service).toList();
    List<Service> able = named.stream().filter(this::able).toList();
    if (able.isEmpty() || (able.size() < named.size() && !operation.services().isEmpty())) {
      throw served.refused(
          switch (operation.kind()) {
            case STOP -> "nothing was started on the idle colour of " + named;
            default -> operation.kind() + " is not possible for a background service: " + named;
          });
    }
    return able;
  }

  /** Returns whether the operation means anything for a service. */
  private boolean able(Service service) {
    return switch (operation.kind()) {
      case DEPLOY, ROLLBACK, ADOPT -> true;
      case SWITCH, START -> service.routed();
      case STOP ->
          service.routed()
              && (operation.target().isPresent()
                  || state
                      .occupant(setup.group().slot(service.name(), served.idle(service)))
                      .isPresent());
    };
  }

  private Color candidate(Service service) {
    if (operation.kind() == Operation.Kind.SWITCH) {
      return operation.target().orElseThrow();
    }
    if (operation.kind() == Operation.Kind.ADOPT) {
      return adoption().color(service);
    }
    Color idle = served.idle(service);
    if (operation.target().isPresent() && operation.target().get() != idle) {
      throw served.refused(
          service
              + "/"
              + operation.target().get()
              + " is live; "
              + operation.kind()
              + " acts on the idle colour, which is "
              + idle);
    }
    return idle;
  }

  private boolean runsIt(String service) {
    Slot live = live(service);
    return !served.unassigned().contains(service)
        && state
            .occupant(live)
            .map(occupant -> occupant.release().equals(operation.release().orElseThrow()))
            .orElse(false);
  }

  private Slot live(String service) {
    return setup.group().slot(service, Objects.requireNonNull(candidates.get(service)).other());
  }

  /** Returns whether the live process still runs; warns if it does not. */
  private boolean lives(String service) {
    Slot live = live(service);
    try {
      if (run.launchState(live).alive()) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
    run.events.warn(operation + " is live already, but its process has ended: it is done again");
    return false;
  }
}
