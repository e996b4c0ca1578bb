package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns an operation into steps on the slots that were chosen. Touches nothing. */
final class Planner {
  private final OperationRun run;
  private final ManagerSetup setup;
  private final StateDocument state;
  private final Operation operation;
  private final DeploymentPolicy policy;
  private final ServedNow served;
  private final SlotChoice choice;
  private final Map<String, Color> candidates;
  private final List<Slot> routed;
  private final TreeMap<String, Handover> handovers = new TreeMap<>();
  private final List<Step> steps = new ArrayList<>();
  private TrafficSplit to;

  /**
   * Creates one for what the router serves now.
   *
   * @throws OperationRefusedException if the operation makes no sense as things are
   */
  Planner(OperationRun run, ServedNow served) {
    this.run = run;
    this.setup = run.setup;
    this.state = run.state();
    this.operation = run.operation;
    this.policy = run.policy;
    this.served = served;
    this.choice = new SlotChoice(run, served);
    this.candidates = choice.candidates();
    this.routed = choice.routed();
    this.to = served.truth().running();
  }

  /**
   * Returns the plan.
   *
   * @throws OperationRefusedException if the operation makes no sense as things are
   */
  Plan plan() {
    String nothingToDo = choice.nothingToDo();
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
        case ADOPT -> adopt();
        case SWITCH, ROLLBACK -> {
          tellOfUnknownVersions();
          emptyBackground();
          prove();
          moves();
        }
      }
    }
    new MeterCheck(run).require(steps);
    requireTime();
    return new Plan(
        served.truth().running(),
        to,
        candidates,
        served.unassigned(),
        served.foundLive(),
        handovers,
        List.copyOf(steps),
        nothingToDo);
  }

  /** Refuses a plan that can't end in time, before it moves any traffic. */
  private void requireTime() {
    Duration whole = policy.limits().whole();
    Duration holds =
        steps.stream()
            .filter(HoldStep.class::isInstance)
            .map(step -> ((HoldStep) step).watch().duration())
            .reduce(Duration.ZERO, Duration::plus);
    if (!whole.isZero() && holds.compareTo(whole) >= 0) {
      throw served.refused(
          "its holds alone take "
              + Durations.describe(holds)
              + ", and the whole may take "
              + Durations.describe(whole)
              + " (limits.whole): give it more, or hold for less");
    }
  }

  private void prepare() {
    hooks(Phase.PREPARE);
    empty(Phase.PREPARE);
    emptyBackground();
  }

  /** Stops what is left on the idle colours by a handover that could not go back. */
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

  private void tellOfUnknownVersions() {
    routed.stream()
        .filter(slot -> state.occupant(slot).isEmpty())
        .forEach(
            slot ->
                run.events.warn(
                    "which version runs on "
                        + slot
                        + " is not on record: its health alone is proved"));
  }

  private void adopt() {
    Release release = operation.release().orElseThrow();
    List<Slot> slots = run.slots(candidates);
    Adoption adoption = new Adoption(run, served);
    for (Slot slot : slots) {
      steps.add(new AdoptStep(slot, release, adoption.token(slot), adoption.isByName(slot)));
    }
    if (operation.force().isEmpty()) {
      steps.add(new ProveStep(Phase.HEALTH, slots, false));
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
    boolean first = routed.stream().allMatch(served::nothingLive);
    boolean inSteps = operation.kind() == Operation.Kind.DEPLOY || operation.isGradual();
    boolean gradual = !first && inSteps;
    for (int percent : gradual ? policy.steps() : List.of(100)) {
      TrafficSplit next = to;
      for (Slot slot : routed) {
        // Where nothing is live, the first move takes all traffic: none is sent to nothing. And a
        // share that the colour has already is not taken from it on the way to all.
        int share = served.nothingLive(slot) ? 100 : percent;
        String service = slot.service().name();
        int has = served.truth().running().share(service, slot.color());
        next = next.with(service, slot.color(), Math.max(share, has));
      }
      if (next.equals(to) && routed.stream().noneMatch(served::nothingLive)) {
        continue;
      }
      steps.add(new MoveStep(to, next, List.copyOf(routed)));
      to = next;
      if (percent < 100 && !policy.hold().isNone()) {
        steps.add(hold(Phase.SHIFT));
      }
    }
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
        routed.stream().filter(slot -> !served.nothingLive(slot)).map(Slot::other).toList());
  }

  private void hooks(Phase phase) {
    List<Slot> slots = run.slots(candidates);
    setup.hooks().stream()
        .filter(hook -> hook.phase() == phase && operation.kind() == Operation.Kind.DEPLOY)
        .forEach(hook -> steps.add(new HookStep(phase, hook.name(), slots)));
  }
}
