package io.bluegreen;

import io.bluegreen.StateDocument.Entry;
import io.bluegreen.StateDocument.Line;
import java.time.Duration;
import java.util.List;

/**
 * Holds the traffic where it is: for a time, while gates judge, or until a person approves. Changes
 * nothing, so that it is carried on by another process: from its beginning, because nobody watched
 * meanwhile; only the time in which a person has to approve goes on.
 *
 * @param split that the traffic is held at
 * @param live the slots that were live, where something was
 */
record HoldStep(
    Phase phase, Watch watch, TrafficSplit split, List<Slot> candidates, List<Slot> live)
    implements Step {
  /** Returns the watch that a policy has for the holds of a phase. */
  static Watch watch(Phase phase, DeploymentPolicy policy) {
    return switch (phase) {
      case SHIFT -> policy.hold();
      case BAKE -> policy.bake();
      default -> Watch.NONE;
    };
  }

  @Override
  public String what() {
    if (phase == Phase.APPROVE) {
      return "wait for approval";
    }
    return "hold for "
        + watch.duration()
        + (watch.requests() == 0 ? "" : " and " + watch.requests() + " requests")
        + (watch.gates().isEmpty() ? "" : ", ask " + watch.gates());
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return phase == Phase.APPROVE ? policy.limits().approval() : watch.atMost();
  }

  @Override
  public List<String> details(DeploymentPolicy policy) {
    return watch.detection(policy.probing(), policy.limits()).stream()
        .map(
            bound ->
                "a candidate that turns bad is off the traffic within "
                    + bound
                    + (watch.gates().isEmpty()
                        ? ""
                        : "; where a gate judges counters, the proxy's delay in telling them and"
                            + " the time to its smallest sample come on top"))
        .toList();
  }

  @Override
  public Line line() {
    return new Line(kind(), phase, subject(), split);
  }

  @Override
  public Entry entry(Run run) {
    if (phase == Phase.APPROVE) {
      new Pause(run).notYetApproved();
    }
    return run.entry(this, split, null);
  }

  @Override
  public void run(Run run) throws StepFailed, InterruptedException {
    run.wishes.waiting(true);
    try {
      if (phase == Phase.APPROVE) {
        new Pause(run).untilApproved();
      } else {
        new Lookout(run, this).hold();
      }
    } finally {
      run.wishes.waiting(false);
    }
  }
}
