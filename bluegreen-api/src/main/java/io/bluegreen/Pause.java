package io.bluegreen;

import java.time.Duration;
import java.util.Optional;

/** The two ways in which a deployment waits for a person. */
final class Pause {
  private final Run run;

  Pause(Run run) {
    this.run = run;
  }

  /** Waits while somebody has asked to pause; at the policy's limit the deployment is aborted. */
  void whileAsked() throws StepFailed, InterruptedException {
    run.wishes.heed();
    if (!run.wishes.paused()) {
      return;
    }
    Duration limit = run.policy.limits().pause();
    Duration end = announce("paused", limit);
    while (run.wishes.paused()) {
      requireBefore(end, "paused for " + limit + " and not resumed");
      run.sleep(Wishes.ASKED_EVERY);
    }
  }

  /** Waits until somebody approves; at the policy's limit the deployment is aborted. */
  void untilApproved() throws StepFailed, InterruptedException {
    Duration limit = run.policy.limits().approval();
    Duration end = announce("waiting for approval", limit);
    Optional<Signal> approval = run.wishes.approved();
    while (approval.isEmpty()) {
      requireBefore(end, "nobody approved within " + limit);
      run.sleep(Wishes.ASKED_EVERY);
      approval = run.wishes.approved();
    }
  }

  private Duration announce(String reason, Duration limit) {
    run.tell((at, id) -> new DeploymentEvent.Waiting(at, id, reason, limit));
    return run.setup.time().elapsed().plus(limit);
  }

  private void requireBefore(Duration end, String reason) throws StepFailed {
    if (run.setup.time().elapsed().compareTo(end) >= 0) {
      throw StepFailed.aborted(reason);
    }
  }
}
