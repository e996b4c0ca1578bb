package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found when a manager first looked at its group, and what was done about it. Immutable.
 *
 * @param found what was so, for a person
 * @param decision what was decided
 * @param done what was done, a line each; empty if nothing was
 * @param deploymentId the id of the deployment that was left open by a process that is gone, if
 *     there was one
 * @param serving what the router serves now; empty if it could not be asked
 */
public record RecoveryReport(
    String found,
    Decision decision,
    List<String> done,
    Optional<String> deploymentId,
    Optional<TrafficSplit> serving)
    implements JsonForm {
  /** Copies. */
  public RecoveryReport {
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(decision, "decision");
    ArgumentChecks.noNulls("done", done);
    Objects.requireNonNull(deploymentId, "deploymentId");
    Objects.requireNonNull(serving, "serving");
    done = List.copyOf(done);
  }

  /** What can be decided. */
  public enum Decision {
    /** Nothing was left open. */
    NOTHING,
    /** Somebody else holds the group: it is not ours to repair. */
    HELD,
    /** The traffic was where it began; the candidate was stopped and the deployment closed. */
    CLEANED,
    /** The traffic was moved back to where it began; then as CLEANED. */
    MOVED_BACK,
    /** The traffic was where it was to go; the deployment was closed as done. */
    FINISHED,
    /**
     * Traffic and slots were left as they are, and the deployment was closed: a person should look.
     */
    FROZEN,
    /** Going back was tried and not proven; the deployment was closed: a person is needed. */
    ROLLBACK_FAILED,
    /**
     * It waits, and both the router and its candidate are as they should be: nothing was touched.
     * {@link BlueGreenManager#carryOn} finishes it; other operations are refused until then, or
     * until somebody aborts it through {@link BlueGreenManager#running}.
     */
    SUSPENDED,
    /**
     * Operations are refused until a person has looked: nothing was touched, or, where a person has
     * settled it, the router still shows what can't be settled from here.
     */
    ON_HOLD
  }

  /** Returns the report on one line, for a person. */
  @Override
  public String toString() {
    return decision + ": " + found + (done.isEmpty() ? "" : "; " + String.join("; ", done));
  }
}
