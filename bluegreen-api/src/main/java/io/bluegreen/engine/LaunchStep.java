package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.LaunchState;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;

/**
 * Starts a slot that gets no traffic. The intent names a token by which the launcher finds what was
 * started, also if this process was killed before it knew of that.
 */
record LaunchStep(Slot slot, Release release, String token) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.LAUNCH;
  }

  @Override
  public Phase phase() {
    return Phase.LAUNCH;
  }

  @Override
  public String what() {
    return "launch " + release + " on " + slot;
  }

  @Override
  public String subject() {
    return slot.toString();
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.limits().launch();
  }

  @Override
  public void before(OperationRun run) throws StepNotDone, InterruptedException {
    run.requireLaunchable(slot, release);
    new UnrecordedRunners(run, slot).requireNone(); // Somebody may have started it meanwhile.
    run.traffic.requireIdle(slot); // Last, because the checks above take time.
  }

  @Override
  public JournalEntry entry(OperationRun run) {
    run.journal.open().keep(slot, run.state().standing(slot));
    run.state().noLongerFormer(slot); // What starts there now was never live.
    run.state()
        .slots
        .put(slot.toString(), new SlotOccupant(release, token, run.setup.time().now()));
    return intent(run, null, null);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    run.launch(slot, release, token);
    run.warnOfWayBack(slot);
  }

  @Override
  public boolean isRefusal(StepNotDone failure) {
    return failure.isRefusedByLauncher();
  }

  /** Puts the record back: what runs in the slot was there before, and may be gone back to. */
  @Override
  public void refused(OperationRun run) {
    run.putBack(slot);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void undo(OperationRun run) throws StepNotDone, InterruptedException {
    if (!run.occupies(slot, token)) {
      return; // The launch was refused, or is stopped already.
    }
    String service = slot.service().name();
    if (run.journal.open().unassigned.contains(service)
        && run.traffic.truth().running().share(service, slot.color()) > 0) {
      run.events.warn(slot + " stays: nothing was live before for " + service);
      return;
    }
    boolean never = run.launchState(slot).kind() == LaunchState.Kind.ABSENT;
    run.traffic.requireIdle(slot);
    boolean hadTraffic =
        run.journal.open().entries.stream().anyMatch(entry -> entry.kind() == StepKind.MOVE);
    if (hadTraffic) {
      run.traffic.drain(slot);
      run.traffic.requireIdle(slot); // Again, because a drain takes time.
    }
    run.stop(slot); // Also if nothing is seen: a launch may still be on its way.
    if (never) {
      run.putBack(slot); // It may have been refused before the process was killed.
    }
  }
}
