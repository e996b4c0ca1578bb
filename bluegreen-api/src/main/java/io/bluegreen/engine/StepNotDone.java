package io.bluegreen.engine;

import io.bluegreen.LaunchException;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Text;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends the way forward: because of a verdict or an error, or because somebody asked. Never leaves
 * the engine.
 */
final class StepNotDone extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_REASON = 1_000;

  private enum Kind {
    FAILED,
    ABORTED,
    SUSPENDED
  }

  private final Kind kind;
  private final @Nullable String probe;
  private final String output;

  private StepNotDone(
      String reason, Kind kind, @Nullable String probe, String output, @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
    this.probe = probe;
    this.output = output;
  }

  static StepNotDone because(String reason) {
    return new StepNotDone(reason, Kind.FAILED, null, "", null);
  }

  static StepNotDone because(String reason, Throwable cause) {
    return new StepNotDone(reason, Kind.FAILED, null, "", cause);
  }

  static StepNotDone unhealthy(String reason, String probe, String output) {
    return new StepNotDone(reason, Kind.FAILED, probe, output, null);
  }

  static StepNotDone aborted(String reason) {
    return new StepNotDone(reason, Kind.ABORTED, null, "", null);
  }

  /** Ends a wait that another process may carry on. */
  static StepNotDone suspended(String reason) {
    return new StepNotDone(reason, Kind.SUSPENDED, null, "", null);
  }

  static StepNotDone because(Exception cause) {
    return because(reason(cause), cause);
  }

  /** Returns why something failed: the failure's own words, bounded and cleaned. */
  static String reason(Throwable failure) {
    return Text.clean(Failures.reason(failure), LONGEST_REASON);
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  boolean isAbort() {
    return kind == Kind.ABORTED;
  }

  /** Returns whether it is about a launch or a stop that the launcher has refused to begin. */
  boolean isRefusedByLauncher() {
    return getCause() instanceof LaunchException e
        && e.effect() == LaunchException.Effect.UNCHANGED;
  }

  boolean isSuspended() {
    return kind == Kind.SUSPENDED;
  }

  Optional<String> probe() {
    return Optional.ofNullable(probe);
  }

  String output() {
    return output;
  }
}
