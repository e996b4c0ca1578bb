package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Drift;
import io.bluegreen.DriftException;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns an operation into steps, from what the router serves and what the record knows. Touches
 * nothing.
 */
final class Planner {
  private final Run run;
  private final Setup setup;
  private final StateDocument state;
  private final RouterTruth.Known truth;
  private final Operation operation;
  private final DeploymentPolicy policy;

  private final TreeMap<String, Color> candidates = new TreeMap<>();
  private final Set<String> unassigned;
  private final Rollback rollback;
  private final TreeMap<String, Handover> handovers = new TreeMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Slot> routed = new ArrayList<>();
  private TrafficSplit to;

  /**
   * Creates one for what the router serves now.
   *
   * @throws RouterException if the router can't be asked
   * @throws DriftException if it serves what nobody acknowledged
   */
  Planner(Run run) {
    this.run = run;
    this.setup = run.setup;
    this.state = run.state();
    this.operation = run.operation;
    this.policy = run.policy;
    this.truth = truth(run);
    this.to = truth.running();
    this.unassigned = state.unassigned(truth);
    this.rollback = new Rollback(run, this, unassigned);
    requireNoDrift();
  }

  static RouterTruth.Known truth(Run run) {
    try {
      return run.traffic.truth();
    } catch (StepNotDone e) {
      throw new RouterException(e.reason(), RouterException.Effect.UNCHANGED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationRefusedException("interrupted before anything was done");
    }
  }

  private void requireNoDrift() {
    List<Drift> drift = Drifts.between(truth, state);
    if (!drift.isEmpty()) {
      throw new DriftException(
          operation
              + " of group "
              + setup.group().name()
              + " is refused: what the router serves is not what was last acknowledged: "
              + drift
              + "; it serves "
              + state.serving(truth)
              + ", acknowledged is "
              + state.acknowledged
              + "; look at it, then call recover(ADOPT, who) or recover(REPAIR, who)",
          drift);
    }
  }

  /**
   * Plans.
   *
   * @throws OperationRefusedException if it makes no sense as things are
   */
  Plan plan() {
    for (Service service : selected()) {
      Color candidate = candidate(service);
      candidates.put(service.name(), candidate);
      if (service.routed()) {
        routed.add(new Slot(setup.group().name(), service, candidate));
      }
    }
    String nothingToDo = nothingToDo();
    if (nothingToDo.isEmpty()) {
      switch (operation.kind()) {
        case DEPLOY -> {
          prepare();
          launch();
          moves();
        }
        case START -> {
          prepare();
          launch();
        }
        case STOP -> empty(Phase.FINISH);
        case SWITCH, ROLLBACK -> {
          emptyBackground();
          prove();
          moves();
        }
      }
    }
    new Metering(run).require(steps);
    return new Plan(
        truth.running(), to, candidates, unassigned, handovers, List.copyOf(steps), nothingToDo);
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
      throw refused(
          switch (operation.kind()) {
            case STOP -> "nothing was started on the idle colour of " + named;
            default -> "that is not done to a background service: " + named;
          });
    }
    return able;
  }

  /** Returns whether the operation means anything for a service. */
  private boolean able(Service service) {
    return switch (operation.kind()) {
      case DEPLOY, ROLLBACK -> true;
      case SWITCH, START -> service.routed();
      case STOP ->
          service.routed()
              && (operation.target().isPresent()
                  || state.occupant(setup.group().slot(service.name(), idle(service))).isPresent());
    };
  }

  private Color candidate(Service service) {
    if (operation.kind() == Operation.Kind.SWITCH) {
      return operation.target().orElseThrow();
    }
    Color idle = idle(service);
    if (operation.target().isPresent() && operation.target().get() != idle) {
      throw refused(
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

  /** Returns the colour that gets no traffic, also if nothing was ever live. */
  Color idle(Service service) {
    String name = service.name();
    if (!service.routed()) {
      return Optional.ofNullable(state.background.get(name)).orElse(Color.BLUE).other();
    }
    return truth
        .running()
        .sole(name)
        .orElseThrow(
            () ->
                refused(
                    "both colours of "
                        + name
                        + " get traffic, so that neither is idle; switch to"
                        + " one of them first"))
        .other();
  }

  private String nothingToDo() {
    if (operation.kind() == Operation.Kind.ROLLBACK) {
      return rollback.nothingToDo();
    }
    boolean live =
        switch (operation.kind()) {
          case DEPLOY ->
              !operation.isRedeploy()
                  && candidates.keySet().stream().allMatch(this::runsIt)
                  && candidates.keySet().stream().allMatch(this::lives);
          case SWITCH ->
              routed.stream()
                  .allMatch(
                      slot ->
                          !unassigned.contains(slot.service().name())
                              && truth.running().share(slot.service().name(), slot.color()) == 100);
          default -> false;
        };
    return live ? operation + ": that is live already" : "";
  }

  private boolean runsIt(String service) {
    Slot live = live(service);
    return !unassigned.contains(service)
        && state
            .occupant(live)
            .map(occupant -> occupant.release().equals(operation.release().orElseThrow()))
            .orElse(false);
  }

  private Slot live(String service) {
    return setup.group().slot(service, Objects.requireNonNull(candidates.get(service)).other());
  }

  /** Returns whether the process of what is live has not ended. */
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

  private void prepare() {
    hooks(Phase.PREPARE);
    empty(Phase.PREPARE);
    emptyBackground();
  }

  /** Stops what a handover that could not go back has left on the idle colours. */
  private void emptyBackground() {
    candidates.forEach(
        (service, color) -> {
          Slot slot = setup.group().slot(service, color);
          if (!slot.service().routed() && state.occupant(slot).isPresent()) {
            steps.add(new StopStep(Phase.PREPARE, slot));
          }
        });
  }

  /** Stops what is kept on the idle colours. */
  private void empty(Phase phase) {
    for (Slot slot : routed) {
      if (state.occupant(slot).isPresent()) {
        steps.add(new DrainStep(phase, slot));
        steps.add(new StopStep(phase, slot));
      }
    }
  }

  private void launch() {
    for (Slot slot : routed) {
      steps.add(new LaunchStep(slot, operation.release().orElseThrow(), setup.randomName(32)));
    }
    prove();
    hooks(Phase.VERIFY);
  }

  private void prove() {
    if (operation.force().isEmpty() && !routed.isEmpty()) {
      steps.add(proof(Phase.HEALTH, routed));
    }
  }

  /** Returns the proof of a phase: at the slots' own addresses, or at their front doors. */
  static ProveStep proof(Phase phase, List<Slot> routed) {
    boolean atFrontDoor = phase == Phase.CONFIRM;
    return new ProveStep(
        phase,
        routed.stream()
            .filter(slot -> !atFrontDoor || slot.service().frontDoor().isPresent())
            .toList(),
        atFrontDoor);
  }

  private void moves() {
    boolean forward = operation.kind() != Operation.Kind.ROLLBACK;
    if (forward && policy.has(Option.ASK_FOR_APPROVAL)) {
      steps.add(hold(Phase.APPROVE));
    }
    shift();
    handovers();
    ProveStep confirm = proof(Phase.CONFIRM, routed);
    if (operation.force().isEmpty() && !confirm.slots().isEmpty()) {
      steps.add(confirm);
    }
    if (forward && !policy.bake().isNone()) {
      steps.add(hold(Phase.BAKE));
    }
    hooks(Phase.FINISH);
    if (policy.has(Option.STOP_FORMER_LIVE)) {
      for (Slot slot : routed) {
        if (state.occupant(slot.other()).isPresent()) {
          steps.add(new DrainStep(Phase.DRAIN, slot.other()));
          steps.add(new StopStep(Phase.FINISH, slot.other()));
        }
      }
    }
  }

  private void shift() {
    boolean first = routed.stream().allMatch(this::unassigned);
    boolean gradual = !first && operation.kind() == Operation.Kind.DEPLOY;
    for (int percent : gradual ? policy.steps() : List.of(100)) {
      TrafficSplit next = to;
      for (Slot slot : routed) {
        // Where nothing is live the first move is the whole one: it is never sent to nothing.
        next = next.with(slot.service().name(), slot.color(), unassigned(slot) ? 100 : percent);
      }
      if (next.equals(to) && routed.stream().noneMatch(this::unassigned)) {
        continue;
      }
      steps.add(new MoveStep(to, next, List.copyOf(routed)));
      to = next;
      if (percent < 100 && !policy.hold().isNone()) {
        steps.add(hold(Phase.SHIFT));
      }
    }
  }

  private boolean unassigned(Slot slot) {
    return unassigned.contains(slot.service().name());
  }

  private void handovers() {
    for (Map.Entry<String, Color> entry : candidates.entrySet()) {
      Slot slot = setup.group().slot(entry.getKey(), entry.getValue());
      if (!slot.service().routed()) {
        Release release =
            operation.release().orElseGet(() -> state.formerBackground.get(entry.getKey()));
        Handover handover =
            new Handover(
                release,
                setup.randomName(32),
                state.occupant(slot.other()).orElse(null),
                setup.randomName(32));
        handovers.put(entry.getKey(), handover);
        steps.add(new HandoverStep(slot, handover));
      }
    }
  }

  private HoldStep hold(Phase phase) {
    return new HoldStep(
        phase,
        HoldStep.watch(phase, policy),
        to,
        List.copyOf(routed),
        routed.stream().filter(slot -> !unassigned(slot)).map(Slot::other).toList());
  }

  private void hooks(Phase phase) {
    List<Slot> slots =
        candidates.entrySet().stream()
            .map(entry -> setup.group().slot(entry.getKey(), entry.getValue()))
            .toList();
    setup.hooks().stream()
        .filter(hook -> hook.phase() == phase && operation.kind() == Operation.Kind.DEPLOY)
        .forEach(hook -> steps.add(new HookStep(phase, hook.name(), slots)));
  }

  OperationRefusedException refused(String why) {
    return new OperationRefusedException(
        operation
            + " of group "
            + setup.group().name()
            + " is refused: "
            + why
            + "; the router serves "
            + state.serving(truth));
  }
}
