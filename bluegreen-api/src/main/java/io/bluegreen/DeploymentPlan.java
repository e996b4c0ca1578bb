package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an operation would do as things are now. Immutable; nothing of it is done.
 *
 * @param operation what was asked for
 * @param within the limit for all of it, as in {@link TimeLimits}; empty where there is none
 * @param steps the steps in their order; empty if there is nothing to do
 * @param warnings what would be weaker than it could be, or would refuse the operation
 */
public record DeploymentPlan(
    String operation, Optional<Duration> within, List<PlannedStep> steps, List<String> warnings)
    implements JsonForm {
  /** Copies. */
  public DeploymentPlan {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(within, "within");
    ArgumentChecks.noNulls("steps", steps);
    ArgumentChecks.noNulls("warnings", warnings);
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
  }

  /**
   * One step.
   *
   * @param phase the phase that it belongs to
   * @param what it does
   * @param within its deadline
   * @param details what exactly, such as the commands to a proxy; may be empty
   */
  public record PlannedStep(Phase phase, String what, Duration within, List<String> details)
      implements JsonForm {
    /** Copies. */
    public PlannedStep {
      Objects.requireNonNull(phase, "phase");
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(within, "within");
      ArgumentChecks.noNulls("details", details);
      details = List.copyOf(details);
    }

    /** Returns the step on one line, for a person. */
    @Override
    public String toString() {
      return String.format("%-8s %s (within %s)", phase, what, Durations.describe(within));
    }
  }

  /** Returns the plan for a person, a line for each step and detail. */
  public String describe() {
    StringBuilder text = new StringBuilder(operation);
    within.ifPresent(limit -> text.append(", within ").append(Durations.describe(limit)));
    text.append('\n');
    for (PlannedStep step : steps) {
      text.append("  ").append(step).append('\n');
      step.details().forEach(detail -> text.append("             ").append(detail).append('\n'));
    }
    warnings.forEach(warning -> text.append("  warning: ").append(warning).append('\n'));
    return text.toString();
  }
}
