package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.LaunchState;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Hands over a background service, of which only one colour may run at a time: stops the live
 * colour, starts the candidate and proves it. The undo does the reverse. After a kill both launches
 * are found by their tokens.
 */
record HandoverStep(Slot candidate, Handover handover) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.HANDOVER;
  }

  @Override
  public Phase phase() {
    return Phase.SHIFT;
  }

  @Override
  public String what() {
    return "hand " + candidate.service() + " over to " + candidate + " with " + handover.release();
  }

  @Override
  public String subject() {
    return candidate.service().name();
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy
        .limits()
        .stopGrace()
        .plus(policy.limits().launch().multipliedBy(2))
        .plus(policy.probing().deadline().multipliedBy(2));
  }

  /** A mistake that is found here costs nothing: the live colour still runs. */
  @Override
  public void before(OperationRun run) throws StepNotDone, InterruptedException {
    run.requireLaunchable(candidate, handover.release());
    new UnrecordedRunners(run, candidate).requireNone(); // Somebody may have started it meanwhile.
  }

  @Override
  public JournalEntry entry(OperationRun run) {
    if (!run.occupies(candidate, handover.token())) { // Else it was kept before.
      run.journal.open().keep(candidate, run.state().standing(candidate));
    }
    // Both colours are on record until the fact: after a kill their tokens tell which one runs.
    occupy(run, candidate, handover.release(), handover.token());
    run.journal.open().keep(run.state().waysBack());
    return intent(run, null, null);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    stopLive(run);
    requireNoneLeft(run);
    try {
      start(run, candidate, handover.release(), handover.token());
    } catch (StepNotDone e) {
      if (e.isRefusedByLauncher()) { // The live colour has stopped: that must be undone.
        run.putBack(candidate);
        throw StepNotDone.because(e.reason(), e);
      }
      throw e;
    }
    StateDocument state = run.state();
    SlotOccupant live = handover.live();
    Release was = live == null ? null : live.release();
    if (run.madeLive(candidate, live == null, was) && was != null) {
      state.formerBackground.put(subject(), was);
    } else {
      state.formerBackground.remove(subject());
    }
  }

  /**
   * Fails if something else runs in the slot: that is not the candidate, and the undo must not stop
   * it.
   */
  private void requireNoneLeft(OperationRun run) throws StepNotDone, InterruptedException {
    try {
      new UnrecordedRunners(run, candidate).requireNoneLeft();
    } catch (StepNotDone e) {
      run.putBack(candidate);
      throw e;
    }
  }

  /** Stops the live colour, and notes that it was touched, unless the launcher refused to. */
  private void stopLive(OperationRun run) throws StepNotDone, InterruptedException {
    boolean touched = handover.live() != null;
    try {
      run.stop(candidate.other());
    } catch (StepNotDone e) {
      touched &= !e.isRefusedByLauncher();
      throw e;
    } finally {
      run.journal.open().moved |= touched;
    }
  }

  @Override
  public boolean isRefusal(StepNotDone failure) {
    return failure.isRefusedByLauncher();
  }

  @Override
  public void refused(OperationRun run) {
    run.putBack(candidate);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void undo(OperationRun run) throws StepNotDone, InterruptedException {
    if (run.occupies(candidate, handover.token())) {
      run.stop(candidate);
    }
    OpenDeployment open = run.journal.open();
    run.state().restore(subject(), open.waysBackBefore(), open.id);
    SlotOccupant live = handover.live();
    if (live == null) {
      run.state().background.remove(subject());
      return;
    }
    Slot former = candidate.other();
    run.state().background.put(subject(), former.color());
    run.state().slots.put(former.toString(), live);
    switch (run.launchState(former).kind()) {
      case EXTERNAL -> {
        return;
      }
      case UNKNOWN ->
          throw StepNotDone.because(
              "the launcher can't tell whether "
                  + former
                  + " runs, so that it is not started again");
      // A process that runs may have been told to stop already; of several, one may have ended.
      case RUNNING, EXITED, ABSENT -> run.stop(former);
    }
    new UnrecordedRunners(run, former).requireNoneSeenByLauncher();
    occupy(run, former, live.release(), handover.returnToken());
    start(run, former, live.release(), handover.returnToken());
  }

  /**
   * Records which colour runs when nothing more is done about the handover, and returns that for
   * people. The tokens also find a launch whose fact was never recorded.
   */
  String lookWhatRuns(OperationRun run) throws StepNotDone, InterruptedException {
    LaunchState here =
        run.occupies(candidate, handover.token())
            ? look(run, candidate, handover.release(), handover.token())
            : LaunchState.absent();
    if (here.kind() == LaunchState.Kind.EXTERNAL) {
      return subject() + " is started by somebody else";
    }
    Slot former = candidate.other();
    SlotOccupant live = handover.live();
    boolean there =
        live != null
            && look(run, former, live.release(), live.token(), handover.returnToken()).alive();
    if (!there && !here.alive()) {
      return "neither colour of " + subject() + " runs";
    }
    Slot found = there ? former : candidate;
    run.state().background.put(subject(), found.color());
    boolean toldToStop =
        there
            && run.state()
                .occupant(former)
                .filter(occupant -> !occupant.token().equals(handover.returnToken()))
                .isPresent();
    return found
        + " runs"
        + (toldToStop ? ", but may have been told to stop: look at it once more" : "");
  }

  /**
   * Looks for a running launch by one token after the other. If none runs, one token stays on
   * record: its launch may still be on its way, or may have left something behind, and the next
   * launch stops that first.
   */
  private static LaunchState look(OperationRun run, Slot slot, Release release, String... tokens)
      throws StepNotDone, InterruptedException {
    LaunchState found = LaunchState.absent();
    Optional<String> ended = Optional.empty();
    for (String token : tokens) {
      occupy(run, slot, release, token);
      found = run.launchState(slot);
      switch (found.kind()) {
        case RUNNING, EXTERNAL -> {
          return found;
        }
        case UNKNOWN ->
            throw StepNotDone.because("the launcher can't tell whether " + slot + " runs");
        case EXITED -> ended = Optional.of(token);
        case ABSENT -> {}
      }
    }
    ended.ifPresent(token -> occupy(run, slot, release, token));
    return found;
  }

  private static void occupy(OperationRun run, Slot slot, Release release, String token) {
    run.state()
        .slots
        .put(slot.toString(), new SlotOccupant(release, token, run.setup.time().now()));
  }

  private static void start(OperationRun run, Slot slot, Release release, String token)
      throws StepNotDone, InterruptedException {
    run.launch(slot, release, token);
    run.proofs.prove(List.of(slot));
    run.state().background.put(slot.service().name(), slot.color());
  }
}
