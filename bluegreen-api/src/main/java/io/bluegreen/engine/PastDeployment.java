package io.bluegreen.engine;

import io.bluegreen.DeploymentRecord;
import io.bluegreen.Outcome;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One past deployment, as {@link DeploymentRecord}. */
record PastDeployment(
    String id,
    String operation,
    @Nullable String version,
    String by,
    String why,
    @Nullable String force,
    @Nullable String approval,
    Outcome outcome,
    String reason,
    @Nullable TrafficSplit serving,
    List<String> warnings,
    Instant startedAt,
    Duration took) {
  PastDeployment {
    warnings = List.copyOf(warnings);
  }

  DeploymentRecord toRecord() {
    return new DeploymentRecord(
        id,
        operation,
        Optional.ofNullable(version),
        by,
        why,
        Optional.ofNullable(force),
        Optional.ofNullable(approval),
        outcome,
        reason,
        Optional.ofNullable(serving),
        warnings,
        startedAt,
        took);
  }
}
