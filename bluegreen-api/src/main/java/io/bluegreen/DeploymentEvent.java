package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * Something that a deployment did or found, as listeners are told of it. Events are immutable. A
 * minor release may add kinds. What all kinds have is in their {@link Stamp}, so that a release can
 * add to it without changing a kind, or a pattern that takes one apart.
 */
public sealed interface DeploymentEvent extends JsonForm
    permits ProgressEvent, SlotEvent, TrafficEvent, DeploymentEvent.Asked, DeploymentEvent.Warned {
  /** Returns what all kinds have: when, of which deployment, and how far it is. */
  Stamp stamp();

  /** Returns when it happened. */
  default Instant at() {
    return stamp().at();
  }

  /** Returns the name of the group. */
  default String group() {
    return stamp().group();
  }

  /** Returns the id of the deployment. */
  default String deploymentId() {
    return stamp().deploymentId();
  }

  /**
   * Returns the number of the step that the deployment is at: from 1 to {@link #stepCount}, and 0
   * before the first. It goes down while steps are undone.
   */
  default int step() {
    return stamp().step();
  }

  /** Returns how many steps the deployment has in all; 0 as long as it is not planned. */
  default int stepCount() {
    return stamp().stepCount();
  }

  /** Returns one line for a person, as {@code toString} does. */
  default String describe() {
    return toString();
  }

  /**
   * When an event happened, of which deployment it is, and how far that was then.
   *
   * @param at when it happened, by the wall clock
   * @param group the name of the group
   * @param deploymentId the id of the deployment
   * @param step the number of the step that the deployment is at, from 1; 0 before the first
   * @param stepCount how many steps it has in all; 0 as long as it is not planned
   */
  record Stamp(Instant at, String group, String deploymentId, int step, int stepCount)
      implements JsonForm {
    /** Refuses null, and a step that is not one of so many. */
    public Stamp {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(group, "group");
      Objects.requireNonNull(deploymentId, "deploymentId");
      ArgumentChecks.between("step", 0, stepCount, step);
    }
  }

  /**
   * Somebody has asked something of the deployment.
   *
   * @param signal what was asked, who asked, and why
   */
  record Asked(Stamp stamp, Signal signal) implements DeploymentEvent {
    /** Refuses null. */
    public Asked {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(signal, "signal");
    }

    @Override
    public String toString() {
      return signal.by()
          + " asks to "
          + signal.kind().name().toLowerCase(Locale.ROOT)
          + (signal.why().isEmpty() ? "" : ": " + signal.why());
    }
  }

  /**
   * Something that the host should know, but that does not stop the deployment.
   *
   * @param message what the host should know
   */
  record Warned(Stamp stamp, String message) implements DeploymentEvent {
    /** Refuses null. */
    public Warned {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
      return "warning: " + message;
    }
  }
}
