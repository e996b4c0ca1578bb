package io.bluegreen;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One deployment of the past. Immutable.
 *
 * @param id its id
 * @param operation what was asked for
 * @param by who asked; may be empty
 * @param why the reason given; may be empty
 * @param force why proofs were skipped, if they were
 * @param approval who let it go on where it waited for a person, and why; empty where nobody had to
 * @param outcome how it ended
 * @param reason why it ended so
 * @param startedAt when it began
 * @param took from begin to end
 */
public record DeploymentRecord(
    String id,
    String operation,
    String by,
    String why,
    Optional<String> force,
    Optional<String> approval,
    Outcome outcome,
    String reason,
    Instant startedAt,
    Duration took) {
  /** Refuses null. */
  public DeploymentRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(force, "force");
    Objects.requireNonNull(approval, "approval");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(took, "took");
  }
}
