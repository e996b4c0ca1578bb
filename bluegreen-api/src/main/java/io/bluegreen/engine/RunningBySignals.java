package io.bluegreen.engine;

import io.bluegreen.LeaseOwner;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Phase;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Signal;
import java.util.Optional;

/** Speaks to a deployment by signals, wherever it runs. */
record RunningBySignals(GroupRecord group, String id, Optional<LeaseOwner> owner)
    implements RunningDeployment {
  /** Returns the deployment that runs now in any process, or that is suspended. */
  static Optional<RunningDeployment> find(GroupRecord group) {
    Optional<LeaseOwner> holder = group.store().holder();
    if (holder.isPresent()) {
      return Optional.of(new RunningBySignals(group, holder.get().deploymentId(), holder));
    }
    OpenDeployment left = group.read().open;
    return left == null || !RecoveryTable.maySuspend(left)
        ? Optional.empty()
        : Optional.of(new RunningBySignals(group, left.id, Optional.empty()));
  }

  @Override
  public Optional<Phase> phase() {
    return group.open(id).flatMap(OpenDeployment::last).map(JournalEntry::phase);
  }

  @Override
  public void abort(String by, String why) {
    post(Signal.Kind.ABORT, by, why);
  }

  @Override
  public void approve(String by, String why) {
    post(Signal.Kind.APPROVE, by, why);
  }

  @Override
  public void pause(String by, String why) {
    post(Signal.Kind.PAUSE, by, why);
  }

  @Override
  public void resume(String by, String why) {
    post(Signal.Kind.RESUME, by, why);
  }

  private void post(Signal.Kind kind, String by, String why) {
    Signal signal = new Signal(id, kind, by, why, group.time().now());
    boolean runs = group.store().holder().filter(now -> now.deploymentId().equals(id)).isPresent();
    if (!runs && group.open(id).isEmpty()) {
      throw new OperationRefusedException(
          "deployment " + id + " has ended: " + kind + " comes too late; history() says how");
    }
    group.store().post(signal);
  }

  @Override
  public String toString() {
    return owner.map(LeaseOwner::toString).orElse("deployment " + id + ", suspended");
  }
}
