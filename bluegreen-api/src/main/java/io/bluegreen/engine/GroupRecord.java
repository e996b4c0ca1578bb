package io.bluegreen.engine;

import io.bluegreen.DeploymentRecord;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import java.util.List;
import java.util.Optional;

/** The record of a group, read from its store alone; signals to its deployments go there, too. */
record GroupRecord(String group, StateStore store, TimeSource time) {
  StateDocument read() {
    return Journal.read(store, group);
  }

  /** Returns the deployment that was begun and not ended, if it is this one. */
  Optional<OpenDeployment> open(String id) {
    return Optional.ofNullable(read().open).filter(open -> open.id.equals(id));
  }

  List<DeploymentRecord> history() {
    return read().history.stream().map(PastDeployment::toRecord).toList();
  }
}
