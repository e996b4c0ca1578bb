package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.SlotEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of an operation: what its steps do with router, checks and launchers. Used by the
 * engine's thread only.
 */
final class OperationRun extends RunContext {
  final TrafficControl traffic;
  final HealthProofs proofs;

  OperationRun(
      String id,
      Operation operation,
      DeploymentPolicy policy,
      ManagerSetup setup,
      Journal journal,
      EventReporter events,
      Interventions interventions) {
    super(id, operation, policy, setup, journal, events, interventions);
    this.traffic = new TrafficControl(this);
    this.proofs = new HealthProofs(this);
  }

  /** Returns whether an instance accepts connections, as far as the router can tell. */
  Listening listening(Instance instance) throws InterruptedException {
    Duration limit = policy.probing().timeout();
    try {
      return within(
          limit.multipliedBy(2), // The router keeps to the limit itself.
          "looking whether anything listens at " + instance,
          () -> setup.router().listens(instance, limit));
    } catch (StepNotDone e) {
      events.warn(e.reason(), e);
      return Listening.UNKNOWN;
    }
  }

  /** Returns whether nothing listens at any address of a slot. */
  boolean isEnded(Slot slot) throws InterruptedException {
    for (Instance instance : slot.instances()) {
      if (listening(instance) != Listening.NO) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether somebody else starts and stops whatever runs in a slot. */
  boolean isExternal(Slot slot) throws InterruptedException {
    return launchState(slot, setup.randomName(32)).kind() == LaunchState.Kind.EXTERNAL;
  }

  /** Returns whether the record knows a launch with this token in the slot. */
  boolean occupies(Slot slot, String token) {
    return state().occupant(slot).filter(occupant -> occupant.token().equals(token)).isPresent();
  }

  /** Makes the record of a slot what it was before the last step that was about to change it. */
  void putBack(Slot slot) {
    journal.open().before(slot).ifPresent(before -> state().putBack(slot, before));
  }

  /** Warns if the last step that changed this slot has ended a way back. */
  void warnOfWayBack(Slot slot) {
    journal.open().before(slot).flatMap(before -> before.wayBackEnds(slot)).ifPresent(events::warn);
  }

  /**
   * Returns what speaks against a launch: what the launcher finds, and that it can't tell what runs
   * there now. Such a launcher could not tell of the new launch either, and the deployment would
   * fail only after the former one was stopped. Touches nothing.
   */
  List<LaunchFinding> findings(Slot slot, Release release)
      throws StepNotDone, InterruptedException {
    List<LaunchFinding> found = new ArrayList<>(checked(slot, release));
    if (!slot.service().routed()) {
      untold(slot).ifPresent(found::add);
      untold(slot.other()).ifPresent(found::add); // It will be stopped, and may have to come back.
      found.addAll(comingBack(slot.other()));
    } else if (operation.force().isEmpty()) { // A forced operation proves nothing.
      untold(slot).ifPresent(found::add);
    }
    return found;
  }

  /** Returns what speaks against launching what was taken over, and never launched here before. */
  private List<LaunchFinding> comingBack(Slot live) throws StepNotDone, InterruptedException {
    Optional<SlotOccupant> adopted =
        state().occupant(live).filter(at -> at.origin() == SlotOccupant.Origin.TAKEN_OVER);
    List<LaunchFinding> found = new ArrayList<>();
    if (adopted.isPresent()) {
      for (LaunchFinding one : checked(live, adopted.get().release())) {
        found.add(
            LaunchFinding.invalid(
                live + ", which was taken over, could not be started again: " + one.reason()));
      }
    }
    return found;
  }

  private Optional<LaunchFinding> untold(Slot slot) throws InterruptedException {
    // Without a launch on record the launcher is asked about a token that it can't know.
    String token = state().occupant(slot).map(SlotOccupant::token).orElse(setup.randomName(32));
    LaunchState state = launchState(slot, token);
    return state.kind() == LaunchState.Kind.UNKNOWN
        ? Optional.of(
            LaunchFinding.taken(
                "the launcher says of "
                    + slot
                    + " "
                    + state
                    + ", so that it could not tell either whether a new launch runs there: mend"
                    + " what it asks"))
        : Optional.empty();
  }

  private List<LaunchFinding> checked(Slot slot, Release release)
      throws StepNotDone, InterruptedException {
    Optional<String> occupant = state().occupant(slot).map(SlotOccupant::token);
    return within(
        policy.limits().launch(),
        "asking the launcher whether " + release + " can be launched on " + slot,
        () ->
            List.copyOf(
                Objects.requireNonNull(
                    setup.launcher(slot.service()).check(slot, release, occupant),
                    "check() returned null")));
  }

  /** Fails if the launcher knows something that speaks against a launch. */
  void requireLaunchable(Slot slot, Release release) throws StepNotDone, InterruptedException {
    requireLaunchable(slot, release, findings(slot, release));
  }

  /** Fails if something was found. */
  static void requireLaunchable(Slot slot, Release release, List<LaunchFinding> findings)
      throws StepNotDone {
    if (!findings.isEmpty()) {
      throw StepNotDone.because(
          slot
              + " can't be launched with "
              + release
              + ", and was left as it is: "
              + findings.stream().map(LaunchFinding::reason).collect(Collectors.joining("; ")));
    }
  }

  /** Stops what the record knows of this slot, and forgets it. */
  void stop(Slot slot) throws StepNotDone, InterruptedException {
    Optional<SlotOccupant> occupant = state().occupant(slot);
    if (occupant.isEmpty()) {
      return;
    }
    if (occupant.get().byName()) {
      requireEnded(slot);
    } else {
      Duration grace = policy.limits().stopGrace();
      tell(
          slot,
          grace.plus(policy.limits().launch()),
          "stopping " + slot,
          launcher -> launcher.stop(slot, occupant.get().token(), grace));
    }
    state().slots.remove(slot.toString());
    state().stopped.add(slot.toString());
    state().noLongerFormer(slot);
    proofs.forget(slot);
    tell(stamp -> new SlotEvent.Stopped(stamp, slot));
  }

  /** Fails if something that nothing here can stop still runs in a slot. */
  void requireEnded(Slot slot) throws StepNotDone, InterruptedException {
    Optional<SlotOccupant> occupant = state().occupant(slot).filter(SlotOccupant::byName);
    if (occupant.isPresent() && !isEnded(slot)) {
      throw StepNotDone.because(
          new LaunchException(
              slot
                  + " still runs "
                  + occupant.get().release()
                  + ", which was adopted by its version only, so that nothing here can stop it:"
                  + " stop it by its own means and ask again",
              LaunchException.Effect.UNCHANGED));
    }
  }

  void launch(Slot slot, Release release, String token) throws StepNotDone, InterruptedException {
    proofs.forget(slot);
    state().stopped.remove(slot.toString());
    tell(
        slot,
        whole.atMost(policy.limits().launch()),
        "launching " + slot,
        launcher -> launcher.launch(slot, release, token));
    LaunchState launched = noteWhatRuns(slot);
    tell(stamp -> new SlotEvent.Launched(stamp, slot, release.version(), launched));
  }

  /** Makes what runs in a slot known to its launcher; by name only, to the record alone. */
  void adopt(Slot slot, Release release, String token, boolean byName)
      throws StepNotDone, InterruptedException {
    if (!byName) {
      tell(
          slot,
          whole.atMost(policy.limits().launch()),
          "adopting what runs on " + slot,
          launcher -> launcher.adopt(slot, release, token));
    }
    LaunchState found = noteWhatRuns(slot);
    if (!found.alive()) {
      throw StepNotDone.because(slot + " was adopted, and the launcher says of it " + found);
    }
    tell(stamp -> new SlotEvent.Adopted(stamp, slot, release.version(), found));
  }

  /** Tells the launcher of a slot to do something, if this still holds the lease. */
  private void tell(Slot slot, Duration limit, String what, Consumer<Launcher> order)
      throws StepNotDone, InterruptedException {
    journal.requireLease();
    within(
        limit,
        what,
        () -> {
          order.accept(setup.launcher(slot.service()));
          return true;
        });
  }

  private LaunchState noteWhatRuns(Slot slot) throws InterruptedException {
    LaunchState runs = launchState(slot);
    state().slots.computeIfPresent(slot.toString(), (key, at) -> at.launched(runs.toString()));
    return runs;
  }

  /**
   * Notes that this deployment has made a slot live. Returns whether there is something to go back
   * to from there: not after a rollback that took the last promotion back.
   *
   * @param was what was live before, where that is known
   */
  boolean madeLive(Slot slot, boolean first, @Nullable Release was) {
    String service = slot.service().name();
    StateDocument state = state();
    Instant now = setup.time().now();
    Release is = state.occupant(slot).map(SlotOccupant::release).orElse(null);
    Promotion last = state.promotions.get(service);
    if (operation.kind() == Operation.Kind.ROLLBACK && last != null) {
      if (last.isTakenBackBy(slot.color(), is)) {
        state.promotions.put(service, last.undone(id, now));
        return false;
      }
      if (last.to() == slot.color() && Objects.equals(last.is(), is)) {
        state.promotions.put(service, last.undone(null, null));
        return true;
      }
    }
    state.promotions.put(service, new Promotion(id, now, first, was, slot.color(), is, null, null));
    state.lastPromotion = id;
    return !first;
  }
}
