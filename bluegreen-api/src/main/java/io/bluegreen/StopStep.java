package io.bluegreen;

import java.time.Duration;

/**
 * Stops a slot that gets no traffic. Idempotent: what has ended stays ended. It can't be undone.
 */
record StopStep(Phase phase, Slot slot) implements Step {
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
  public void before(Run run) throws StepFailed, InterruptedException {
    run.traffic.requireIdle(slot);
  }

  @Override
  public void run(Run run) throws StepFailed, InterruptedException {
    run.stop(slot);
  }
}
