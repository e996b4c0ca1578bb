package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Proves slots healthy, at their own addresses or at the front doors. Changes nothing. */
record ProveStep(Phase phase, List<Slot> slots, boolean atFrontDoor) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.PROVE;
  }

  @Override
  public String what() {
    return atFrontDoor
        ? "confirm at the front door of "
            + slots.stream().map(slot -> slot.service().name()).collect(Collectors.joining(", "))
        : "prove " + slots;
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.probing().deadline();
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    if (atFrontDoor) {
      run.proofs.confirm(slots);
    } else {
      run.proofs.prove(slots);
    }
  }
}
