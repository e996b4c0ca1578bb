package io.bluegreen;

import io.bluegreen.support.Names;
import java.time.Instant;
import java.util.Objects;

/**
 * What a person, or a program for them, says to a running deployment of any process. Immutable.
 *
 * @param deploymentId the deployment that it is for; a signal for another one is never acted on
 * @param kind what is asked
 * @param by who asks; not blank
 * @param why the reason; may be empty
 * @param at when it was asked
 */
public record Signal(String deploymentId, Kind kind, String by, String why, Instant at)
    implements JsonForm {
  /** What can be asked. */
  public enum Kind {
    /** Go back, and end. */
    ABORT,
    /** Go on from a gate that waits for a person. */
    APPROVE,
    /** Stay where the deployment is before the next move of traffic. */
    PAUSE,
    /** Go on after a pause. */
    RESUME
  }

  /**
   * Validates and cleans.
   *
   * @throws IllegalArgumentException if {@code by} is blank
   */
  public Signal {
    Objects.requireNonNull(deploymentId, "deploymentId");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(at, "at");
    by = Names.remark("by", by);
    why = why.isBlank() ? "" : Names.remark("why", why);
  }
}
