package io.bluegreen.engine;

import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of an operation: what its steps have in common. Used by the engine's thread only. */
final class Run {
  private static final int LONGEST_REASON = 1_000;

  final String id;
  final Operation operation;
  final DeploymentPolicy policy;
  final Setup setup;
  final Journal journal;
  final Events events;
  final Interventions interventions;
  final Traffic traffic;
  final HealthProofs proofs;

  Run(
      String id,
      Operation operation,
      DeploymentPolicy policy,
      Setup setup,
      Journal journal,
      Events events,
      Interventions interventions) {
    this.id = id;
    this.operation = operation;
    this.policy = policy;
    this.setup = setup;
    this.journal = journal;
    this.events = events;
    this.interventions = interventions;
    this.traffic = new Traffic(this);
    this.proofs = new HealthProofs(this);
  }

  StateDocument state() {
    return journal.state();
  }

  void tell(Function<DeploymentEvent.Stamp, DeploymentEvent> kind) {
    events.tell(kind);
  }

  /** Waits, and gives up waiting when somebody asks to abort. */
  void sleep(Duration duration) throws StepNotDone, InterruptedException {
    sleep(duration, () -> true);
  }

  /** Waits as long as something is so, looking at it about once a second. */
  void sleep(Duration duration, BooleanSupplier still) throws StepNotDone, InterruptedException {
    Duration end = setup.time().elapsed().plus(duration);
    Duration left = duration;
    while (left.compareTo(Duration.ZERO) > 0 && still.getAsBoolean()) {
      interventions.heed();
      setup
          .time()
          .sleep(left.compareTo(Interventions.ASKED_EVERY) < 0 ? left : Interventions.ASKED_EVERY);
      left = end.minus(setup.time().elapsed());
    }
    interventions.heed();
  }

  /** Runs somebody else's code with a deadline; whatever it throws fails the step. */
  <T> T within(Duration limit, String what, Callable<T> work)
      throws StepNotDone, InterruptedException {
    try {
      return setup.time().within(limit, interventions.inside(work));
    } catch (TimeoutException e) {
      throw StepNotDone.because(what + " did not end within " + Durations.describe(limit), e);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw StepNotDone.because(what + " failed: " + reason(e), e);
    }
  }

  /** Returns what the launcher says of the launch that the record knows for this slot. */
  LaunchState launchState(Slot slot) throws InterruptedException {
    Optional<Occupant> occupant = state().occupant(slot);
    if (occupant.isEmpty()) {
      return state().stopped.contains(slot.toString())
          ? LaunchState.absent()
          : LaunchState.external();
    }
    return launchState(slot, occupant.get().token());
  }

  /** Returns what the launcher says of a launch, whether the record knows that or not. */
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

  /** Returns whether the record knows a launch with this token in the slot. */
  boolean occupies(Slot slot, String token) {
    return state().occupant(slot).filter(occupant -> occupant.token().equals(token)).isPresent();
  }

  /** Makes the record of a slot what it was before the last step that was about to change it. */
  void putBack(Slot slot) {
    journal.open().before(slot).ifPresent(before -> state().putBack(slot, before));
  }

  /** Tells which way back the last step has ended that changed this slot, if it has ended one. */
  void warnOfWayBack(Slot slot) {
    journal.open().before(slot).flatMap(before -> before.wayBackEnds(slot)).ifPresent(events::warn);
  }

  /** Asks the launcher what speaks against a launch; touches nothing. */
  List<LaunchFinding> findings(Slot slot, Release release)
      throws StepNotDone, InterruptedException {
    Optional<String> occupant = state().occupant(slot).map(Occupant::token);
    return within(
        policy.limits().launch(),
        "asking the launcher whether " + release + " can be launched on " + slot,
        () ->
            List.copyOf(
                Objects.requireNonNull(
                    setup.launcher(slot.service()).check(slot, release, occupant),
                    "check() returned null")));
  }

  /** Fails where the launcher knows something that speaks against a launch. */
  void requireLaunchable(Slot slot, Release release) throws StepNotDone, InterruptedException {
    Preflight.require(slot, release, findings(slot, release));
  }

  /** Stops what the record knows of this slot, and forgets it. */
  void stop(Slot slot) throws StepNotDone, InterruptedException {
    Optional<Occupant> occupant = state().occupant(slot);
    if (occupant.isEmpty()) {
      return;
    }
    Duration grace = policy.limits().stopGrace();
    journal.requireLease();
    within(
        grace.plus(policy.limits().launch()),
        "stopping " + slot,
        () -> {
          setup.launcher(slot.service()).stop(slot, occupant.get().token(), grace);
          return true;
        });
    state().slots.remove(slot.toString());
    state().stopped.add(slot.toString());
    state().noLongerFormer(slot);
    proofs.forget(slot);
    tell(stamp -> new DeploymentEvent.Stopped(stamp, slot));
  }

  void launch(Slot slot, Release release, String token) throws StepNotDone, InterruptedException {
    proofs.forget(slot);
    state().stopped.remove(slot.toString());
    journal.requireLease();
    within(
        policy.limits().launch(),
        "launching " + slot,
        () -> {
          setup.launcher(slot.service()).launch(slot, release, token);
          return true;
        });
    LaunchState launched = launchState(slot);
    state().slots.computeIfPresent(slot.toString(), (key, at) -> at.launched(launched.toString()));
    tell(stamp -> new DeploymentEvent.Launched(stamp, slot, release.version(), launched));
  }

  /** Returns the journal line behind which the deployment is done. */
  JournalEntry finishing() {
    return new JournalEntry(
        -1,
        JournalEntry.Mark.INTENT,
        StepKind.FINISH,
        Phase.FINISH,
        "",
        "finish",
        setup.time().now(),
        policy.limits().drain(),
        null,
        null);
  }

  /** Returns a journal line for a step, still without its place in the plan. */
  JournalEntry entry(Step step, @Nullable TrafficSplit split, @Nullable Long generation) {
    return new JournalEntry(
        -1,
        JournalEntry.Mark.INTENT,
        step.kind(),
        step.phase(),
        step.subject(),
        step.what(),
        setup.time().now(),
        step.within(policy),
        split,
        generation);
  }

  /** Returns why something failed: the words of who failed, bounded and cleaned. */
  static String reason(Throwable failure) {
    return Text.clean(Failures.reason(failure), LONGEST_REASON);
  }
}
