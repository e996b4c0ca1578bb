package io.bluegreen.engine;

import io.bluegreen.Console;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.RecordedStatus;
import io.bluegreen.RunningDeployment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Answers from the record only, on the thread that asks. */
record StoredConsole(GroupRecord group) implements Console {
  @Override
  public RecordedStatus status() {
    StateDocument state = group.read();
    Optional<OpenDeployment> open = Optional.ofNullable(state.open);
    Map<String, String> versions = new TreeMap<>();
    state.slots.forEach((slot, occupant) -> versions.put(slot, occupant.release().version()));
    return new RecordedStatus(
        group.group(),
        Optional.ofNullable(state.acknowledged),
        state.background,
        versions,
        group.store().holder(),
        open.map(deployment -> deployment.id),
        open.map(deployment -> deployment.operation),
        open.flatMap(OpenDeployment::last).map(JournalEntry::phase),
        group.store().warnings());
  }

  @Override
  public Optional<RunningDeployment> running() {
    return RunningBySignals.find(group);
  }

  @Override
  public List<DeploymentRecord> history() {
    return group.history();
  }
}
