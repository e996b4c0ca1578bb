package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Deadline;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.LaunchState;
import io.bluegreen.Operation;
import io.bluegreen.Slot;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What everything in one run of an operation needs: what was asked for, the record, the listeners,
 * and how to wait. Used by the engine's thread only.
 */
class RunContext {
  final String id;
  final Operation operation;
  final DeploymentPolicy policy;
  final ManagerSetup setup;
  final Journal journal;
  final EventReporter events;
  final Interventions interventions;
  final DeploymentLimit whole;

  RunContext(
      String id,
      Operation operation,
      DeploymentPolicy policy,
      ManagerSetup setup,
      Journal journal,
      EventReporter events,
      Interventions interventions) {
    this.id = id;
    this.operation = operation;
    this.policy = policy;
    this.setup = setup;
    this.journal = journal;
    this.events = events;
    this.interventions = interventions;
    this.whole = new DeploymentLimit(policy.limits().whole(), setup.time());
  }

  StateDocument state() {
    return journal.state();
  }

  /** Returns the slots of some colours, by service. */
  List<Slot> slots(Map<String, Color> colors) {
    return colors.entrySet().stream()
        .map(entry -> setup.group().slot(entry.getKey(), entry.getValue()))
        .toList();
  }

  void tell(Function<DeploymentEvent.Stamp, DeploymentEvent> kind) {
    events.tell(kind);
  }

  /** Waits, and gives up waiting when somebody asks to abort. */
  void sleep(Duration duration) throws StepNotDone, InterruptedException {
    sleep(duration, () -> true);
  }

  /** Waits as long as a condition holds, and looks at it about once a second. */
  void sleep(Duration duration, BooleanSupplier still) throws StepNotDone, InterruptedException {
    Deadline end = setup.time().deadline(duration);
    while (!end.over() && still.getAsBoolean()) {
      endIfAsked();
      setup.time().sleep(end.left(Interventions.ASKED_EVERY));
    }
    endIfAsked();
  }

  /** Fails if somebody has asked to end, or if the limit for the whole deployment is over. */
  void endIfAsked() throws StepNotDone {
    interventions.endIfAsked();
    whole.require();
  }

  /** Runs somebody else's code with a deadline; whatever it throws fails the step. */
  <T> T within(Duration limit, String what, Callable<T> work)
      throws StepNotDone, InterruptedException {
    try {
      return setup.time().within(limit, interventions.inside(work));
    } catch (TimeoutException e) {
      throw StepNotDone.because(
          what + " did not end within " + Durations.describe(limit) + whole.told(), e);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw StepNotDone.because(what + " failed: " + StepNotDone.reason(e), e);
    }
  }

  /** Returns what the launcher says of the launch that the record knows for this slot. */
  LaunchState launchState(Slot slot) throws InterruptedException {
    Optional<SlotOccupant> occupant = state().occupant(slot);
    if (occupant.isEmpty()) {
      return state().stopped.contains(slot.toString())
          ? LaunchState.absent()
          : LaunchState.external();
    }
    return occupant.get().byName()
        ? LaunchState.external()
        : launchState(slot, occupant.get().token());
  }

  /** Returns what the launcher says of a launch, whether the record knows the launch or not. */
  LaunchState launchState(Slot slot, String token) throws InterruptedException {
    try {
      return within(
          policy.limits().launch(),
          "asking the launcher for " + slot,
          () ->
              Objects.requireNonNull(
                  setup.launcher(slot.service()).state(slot, token), "state() returned null"));
    } catch (StepNotDone e) {
      return LaunchState.unknown(e.reason());
    }
  }
}
