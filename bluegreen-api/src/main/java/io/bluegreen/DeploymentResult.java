package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a deployment ended. Immutable.
 *
 * @param deploymentId its id
 * @param operation what was asked for
 * @param outcome how it ended
 * @param reason why it ended so, for a person; names what is serving
 * @param serving the split that the router served at the end; empty if it could not be asked
 * @param failedProbe the last failed probe, if one decided
 * @param lastOutput the end of what a failed candidate printed; empty if there is none
 * @param warnings what the host should know besides; may be empty
 * @param startedAt when it started
 * @param took the time from its start to its end
 */
public record DeploymentResult(
    String deploymentId,
    Operation operation,
    Outcome outcome,
    String reason,
    Optional<TrafficSplit> serving,
    Optional<String> failedProbe,
    String lastOutput,
    List<String> warnings,
    Instant startedAt,
    Duration took)
    implements JsonForm {
  /** Copies. */
  public DeploymentResult {
    Objects.requireNonNull(deploymentId, "deploymentId");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(serving, "serving");
    Objects.requireNonNull(failedProbe, "failedProbe");
    Objects.requireNonNull(lastOutput, "lastOutput");
    ArgumentChecks.noNulls("warnings", warnings);
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(took, "took");
    warnings = List.copyOf(warnings);
  }

  /**
   * Returns a result as a deployment would have it, for tests of what a host does with one: without
   * reason, serving split, failed probe, output and warnings, started at the epoch, and with no
   * duration. The methods below add what matters.
   */
  public static DeploymentResult of(String deploymentId, Operation operation, Outcome outcome) {
    return new DeploymentResult(
        deploymentId,
        operation,
        outcome,
        "",
        Optional.empty(),
        Optional.empty(),
        "",
        List.of(),
        Instant.EPOCH,
        Duration.ZERO);
  }

  /** Returns whether the deployment achieved what was asked for, as its outcome says. */
  public boolean achieved() {
    return outcome.achieved();
  }

  /** Returns this result with another reason. */
  public DeploymentResult reason(String why) {
    Objects.requireNonNull(why, "why");
    return new DeploymentResult(
        deploymentId,
        operation,
        outcome,
        why,
        serving,
        failedProbe,
        lastOutput,
        warnings,
        startedAt,
        took);
  }

  /** Returns this result with the split that the router served at the end. */
  public DeploymentResult serving(TrafficSplit split) {
    Objects.requireNonNull(split, "split");
    return new DeploymentResult(
        deploymentId,
        operation,
        outcome,
        reason,
        Optional.of(split),
        failedProbe,
        lastOutput,
        warnings,
        startedAt,
        took);
  }

  /** Returns this result with the probe that decided, and the end of what the candidate printed. */
  public DeploymentResult failedProbe(String probe, String output) {
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(output, "output");
    return new DeploymentResult(
        deploymentId,
        operation,
        outcome,
        reason,
        serving,
        Optional.of(probe),
        output,
        warnings,
        startedAt,
        took);
  }

  /** Returns this result with another start and duration. */
  public DeploymentResult ran(Instant from, Duration duration) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(duration, "duration");
    return new DeploymentResult(
        deploymentId,
        operation,
        outcome,
        reason,
        serving,
        failedProbe,
        lastOutput,
        warnings,
        from,
        duration);
  }

  /** Returns this result with more warnings. */
  public DeploymentResult warned(List<String> more) {
    ArgumentChecks.noNulls("more", more);
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new DeploymentResult(
        deploymentId,
        operation,
        outcome,
        reason,
        serving,
        failedProbe,
        lastOutput,
        all,
        startedAt,
        took);
  }

  /**
   * Returns this result if the deployment achieved what was asked for; for scripts.
   *
   * @throws DeploymentFailedException if not; it carries this result
   */
  public DeploymentResult orThrow() {
    if (!achieved()) {
      throw new DeploymentFailedException(this);
    }
    return this;
  }

  /** Returns the result on one line, for a person. */
  @Override
  public String toString() {
    return operation + ": " + outcome + " in " + Durations.describe(took) + ", " + reason;
  }
}
