package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One deployment of the past. Immutable.
 *
 * @param id its id
 * @param operation what was asked for
 * @param version the version that it deployed, started or stopped, or was to go to; empty where its
 *     services have several, or where the record knows none
 * @param by who asked; may be empty
 * @param why the reason given; may be empty
 * @param force why proofs were skipped, if they were
 * @param approval who let it go on where it waited for a person, and why; empty where nobody had to
 * @param outcome how it ended
 * @param reason why it ended so
 * @param serving the split that the router served at the end; empty where it could not be asked
 * @param warnings what the host was told besides; the first {@value #WARNINGS}
 * @param startedAt when it started
 * @param took the time from its start to its end
 */
public record DeploymentRecord(
    String id,
    String operation,
    Optional<String> version,
    String by,
    String why,
    Optional<String> force,
    Optional<String> approval,
    Outcome outcome,
    String reason,
    Optional<TrafficSplit> serving,
    List<String> warnings,
    Instant startedAt,
    Duration took)
    implements JsonForm {
  /** How many warnings the history keeps of one deployment. */
  public static final int WARNINGS = 20;

  /** Copies, and refuses null. */
  public DeploymentRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(force, "force");
    Objects.requireNonNull(approval, "approval");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(serving, "serving");
    ArgumentChecks.noNulls("warnings", warnings);
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(took, "took");
    warnings = List.copyOf(warnings);
  }

  /** Returns the record on one line, for a person. */
  @Override
  public String toString() {
    return startedAt
        + " "
        + operation
        + (by.isEmpty() ? "" : " by " + by)
        + (why.isEmpty() ? "" : " (" + why + ")")
        + ": "
        + outcome
        + " in "
        + Durations.describe(took)
        + ", "
        + reason;
  }
}
