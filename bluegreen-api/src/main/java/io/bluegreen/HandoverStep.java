package io.bluegreen;

import io.bluegreen.StateDocument.Entry;
import io.bluegreen.StateDocument.Occupant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Hands a background service over, of which only one colour may run: stops the live colour, starts
 * the candidate and proves it; its undo does the reverse. Detectable: both launches are known by
 * their tokens.
 *
 * @param live what runs until now; empty if nothing does
 */
record HandoverStep(Slot candidate, Release release, String token, Optional<Occupant> live)
    implements Step {
  @Override
  public Phase phase() {
    return Phase.SHIFT;
  }

  @Override
  public String what() {
    return "hand " + candidate.service() + " over to " + candidate + " with " + release;
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
    run.state()
        .slots
        .put(candidate.toString(), new Occupant(release, token, run.setup.time().now(), ""));
    return run.entry(this, null, null);
  }

  @Override
  public void run(Run run) throws StepFailed, InterruptedException {
    run.stop(candidate.other());
    start(run, candidate, release, token);
    live.ifPresent(
        before -> run.state().formerBackground.put(candidate.service().name(), before.release()));
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void undo(Run run) throws StepFailed, InterruptedException {
    run.stop(candidate);
    if (live.isPresent()) {
      Occupant before = live.get();
      Slot former = candidate.other();
      run.state().slots.put(former.toString(), before);
      if (!run.launchState(former).alive()) {
        String again = run.setup.randomName(32);
        run.state()
            .slots
            .put(
                former.toString(),
                new Occupant(before.release(), again, run.setup.time().now(), ""));
        run.journal.save();
        start(run, former, before.release(), again);
      }
      run.state().background.put(former.service().name(), former.color());
    }
  }

  private static void start(Run run, Slot slot, Release release, String token)
      throws StepFailed, InterruptedException {
    run.launch(slot, release, token);
    run.proofs.prove(List.of(slot));
    run.state().background.put(slot.service().name(), slot.color());
  }
}
