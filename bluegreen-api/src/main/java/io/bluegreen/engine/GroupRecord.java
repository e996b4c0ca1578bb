package io.bluegreen.engine;

import io.bluegreen.DeploymentRecord;
import io.bluegreen.Owner;
import io.bluegreen.RunningDeployment;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import java.util.List;
import java.util.Optional;

/** What can be told of a group, and said to its deployments, by its store alone. */
record GroupRecord(String group, StateStore store, TimeSource time) {
  StateDocument read() {
    return Journal.read(store, group);
  }

  /** Returns the deployment that was begun and not ended, if it is this one. */
  Optional<OpenDeployment> open(String id) {
    return Optional.ofNullable(read().open).filter(open -> open.id.equals(id));
  }

  /** Returns the deployment that runs now in any process, or that is suspended. */
  Optional<RunningDeployment> running() {
    Optional<Owner> holder = store.holder();
    if (holder.isPresent()) {
      return Optional.of(new RunningBySignals(this, holder.get().deploymentId(), holder));
    }
    OpenDeployment left = read().open;
    return left == null || !RecoveryTable.maySuspend(left)
        ? Optional.empty()
        : Optional.of(new RunningBySignals(this, left.id, Optional.empty()));
  }

  List<DeploymentRecord> history() {
    return read().history.stream().map(PastDeployment::toRecord).toList();
  }
}
