package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;

/** How far a deployment is: it starts, enters a phase, is suspended, goes on, goes back, ends. */
public sealed interface ProgressEvent extends DeploymentEvent {
  /**
   * The deployment starts.
   *
   * @param operation what was asked for
   * @param steps the plan, a line each
   */
  record Started(Stamp stamp, String operation, List<String> steps) implements ProgressEvent {
    /** Refuses null. */
    public Started {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(operation, "operation");
      ArgumentChecks.noNulls("steps", steps);
    }

    @Override
    public String toString() {
      return operation + " begins, " + steps.size() + " steps";
    }
  }

  /**
   * The deployment enters a phase.
   *
   * @param phase the phase that it enters
   */
  record PhaseEntered(Stamp stamp, Phase phase) implements ProgressEvent {
    /** Refuses null. */
    public PhaseEntered {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(phase, "phase");
    }

    @Override
    public String toString() {
      return "phase " + phase;
    }
  }

  /**
   * The deployment waits, and its manager was closed: {@link BlueGreenManager#carryOn} finishes it.
   *
   * @param reason why it waits, and what is serving
   */
  record Suspended(Stamp stamp, String reason) implements ProgressEvent {
    /** Refuses null. */
    public Suspended {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "suspended: " + reason;
    }
  }

  /**
   * A deployment that was suspended goes on.
   *
   * @param what it waited for
   */
  record CarriedOn(Stamp stamp, String what) implements ProgressEvent {
    /** Refuses null. */
    public CarriedOn {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(what, "what");
    }

    @Override
    public String toString() {
      return "carried on from \"" + what + "\"";
    }
  }

  /**
   * Something failed, or somebody asked to stop: the deployment goes back.
   *
   * @param reason why it goes back
   */
  record UndoStarted(Stamp stamp, String reason) implements ProgressEvent {
    /** Refuses null. */
    public UndoStarted {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "going back: " + reason;
    }
  }

  /**
   * The deployment ended.
   *
   * @param result how it ended
   */
  record Ended(Stamp stamp, DeploymentResult result) implements ProgressEvent {
    /** Refuses null. */
    public Ended {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(result, "result");
    }

    @Override
    public String toString() {
      return result.toString();
    }
  }
}
