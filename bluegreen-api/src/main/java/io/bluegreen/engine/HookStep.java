package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Hook;
import io.bluegreen.HookRefusedException;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;

/**
 * Runs a hook of the host's. The engine does not know its effect: it runs the hook once on the way
 * forward, and the undo at least once. By the deployment's id a hook can tell that it is asked
 * again.
 */
record HookStep(Phase phase, String name, List<Slot> candidates) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.HOOK;
  }

  @Override
  public String what() {
    return "run hook " + name;
  }

  @Override
  public String subject() {
    return name;
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.limits().hook();
  }

  @Override
  public JournalEntry entry(OperationRun run) {
    run.journal.open().noReturn |=
        run.policy.pointsOfNoReturn().contains(name) || run.setup.hook(name).isPointOfNoReturn();
    return intent(run, null, null);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    Hook hook = run.setup.hook(name);
    run.journal.requireLease();
    run.within(
        run.whole.atMost(run.policy.limits().hook()),
        "hook " + name,
        () -> {
          hook.run(context(run));
          return true;
        });
  }

  @Override
  public boolean isRefusal(StepNotDone failure) {
    return failure.getCause() instanceof HookRefusedException;
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void undo(OperationRun run) throws StepNotDone, InterruptedException {
    Hook hook = run.setup.hook(name);
    run.journal.requireLease();
    run.within(
        run.policy.limits().hook(),
        "undo of hook " + name,
        () -> {
          hook.undo(context(run));
          return true;
        });
  }

  private Hook.Context context(OperationRun run) {
    return new Hook.Context(run.id, run.operation.release(), candidates);
  }
}
