package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import java.time.Duration;

/** Stops a slot that gets no traffic. It may be done twice, and can't be undone. */
record StopStep(Phase phase, Slot slot) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.STOP;
  }

  @Override
  public String what() {
    return "stop " + slot;
  }

  @Override
  public String subject() {
    return slot.toString();
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.limits().stopGrace().plus(policy.limits().launch());
  }

  @Override
  public void before(OperationRun run) throws StepNotDone, InterruptedException {
    run.traffic.requireIdle(slot);
  }

  /**
   * From here on nobody goes back to the slot: a process that finds the intent can't tell whether
   * the slot is ending.
   */
  @Override
  public JournalEntry entry(OperationRun run) {
    run.journal.open().keep(slot, run.state().standing(slot));
    run.state().noLongerFormer(slot);
    return intent(run, null, null);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    run.stop(slot);
    run.warnOfWayBack(slot);
  }

  @Override
  public boolean isRefusal(StepNotDone failure) {
    return failure.isRefusedByLauncher();
  }

  @Override
  public void refused(OperationRun run) {
    run.putBack(slot);
  }
}
