package io.bluegreen;

import io.bluegreen.StateDocument.Entry;
import io.bluegreen.StateDocument.Handover;
import io.bluegreen.StateDocument.Mark;
import io.bluegreen.StateDocument.Occupant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands a background service over, of which only one colour may run: stops the live colour, starts
 * the candidate and proves it; its undo does the reverse. Detectable: both launches are known by
 * their tokens.
 */
record HandoverStep(Slot candidate, Handover handover) implements Step {
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
        .plus(policy.probing().deadline());
  }

  @Override
  public Entry entry(Run run) {
    // Both are on record until the fact: whichever of them runs after a kill is found by its token.
    occupy(run, candidate, handover.release(), handover.token());
    return run.entry(this, null, null);
  }

  @Override
  public void run(Run run) throws StepFailed, InterruptedException {
    run.stop(candidate.other());
    start(run, candidate, handover.release(), handover.token());
    Occupant live = handover.live();
    if (live != null) {
      run.state().formerBackground.put(subject(), live.release());
    }
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void undo(Run run) throws StepFailed, InterruptedException {
    occupy(run, candidate, handover.release(), handover.token());
    run.stop(candidate);
    run.state().formerBackground.remove(subject());
    Occupant live = handover.live();
    if (live == null) {
      run.state().background.remove(subject());
      return;
    }
    Slot former = candidate.other();
    run.state().background.put(subject(), former.color());
    run.state().slots.put(former.toString(), live);
    switch (run.launchState(former).kind()) {
      case RUNNING, EXTERNAL -> {
        return;
      }
      case UNKNOWN ->
          throw StepFailed.because(
              "it can't be told whether " + former + " runs, so that it is not started again");
      case EXITED, ABSENT -> run.stop(former); // What is left of it, where one of several ended.
    }
    occupy(run, former, live.release(), handover.returnToken());
    start(run, former, live.release(), handover.returnToken());
  }

  /**
   * Records which colour runs, where nothing more is done about it: what was undone without a
   * record is found by its token.
   */
  void lookWhatRuns(Run run) throws StepFailed, InterruptedException {
    Slot former = candidate.other();
    Occupant live = handover.live();
    boolean here = runs(run, candidate, handover.release(), List.of(handover.token()));
    boolean there =
        live != null
            && runs(run, former, live.release(), List.of(live.token(), handover.returnToken()));
    if (here || there) {
      run.state().background.put(subject(), (there ? former : candidate).color());
    }
  }

  private boolean runs(Run run, Slot slot, Release release, List<String> tokens)
      throws StepFailed, InterruptedException {
    List<String> absent = new ArrayList<>();
    String ended = null;
    for (String token : tokens) {
      occupy(run, slot, release, token);
      switch (run.launchState(slot).kind()) {
        case RUNNING, EXTERNAL -> {
          return true;
        }
        case UNKNOWN -> throw StepFailed.because("it can't be told whether " + slot + " runs");
        case EXITED -> ended = token;
        case ABSENT -> absent.add(token);
      }
    }
    for (String token : absent) {
      occupy(run, slot, release, token);
      if (inDoubt(run)) {
        run.stop(slot); // A launch that is still on its way would take the slot.
      } else {
        run.state().slots.remove(slot.toString());
        run.state().stopped.add(slot.toString());
      }
    }
    if (ended != null) {
      occupy(run, slot, release, ended); // What is left of it is stopped before the next launch.
    }
    return false;
  }

  /** Returns whether a process ended in it, or in its undo. */
  private boolean inDoubt(Run run) {
    return run.journal
        .open()
        .last()
        .filter(last -> last.mark() == Mark.INTENT || last.mark() == Mark.UNDO_INTENT)
        .filter(last -> last.kind().equals("HANDOVER") && last.subject().equals(subject()))
        .isPresent();
  }

  private static void occupy(Run run, Slot slot, Release release, String token) {
    run.state().slots.put(slot.toString(), new Occupant(release, token, run.setup.time().now()));
  }

  private static void start(Run run, Slot slot, Release release, String token)
      throws StepFailed, InterruptedException {
    run.launch(slot, release, token);
    run.proofs.prove(List.of(slot));
    run.state().background.put(slot.service().name(), slot.color());
  }
}
