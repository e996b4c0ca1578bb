package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import java.time.Duration;

/**
 * Waits until a slot without traffic has no request in flight. Changes nothing, unless the policy
 * cuts what is left.
 */
record DrainStep(Phase phase, Slot slot) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.DRAIN;
  }

  @Override
  public String what() {
    return "drain " + slot;
  }

  @Override
  public String subject() {
    return slot.toString();
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.limits().drain();
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    run.traffic.drain(slot);
  }
}
