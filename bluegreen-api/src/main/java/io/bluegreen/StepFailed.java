package io.bluegreen;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends the way forward: a verdict, an error, or somebody's wish. Never leaves the engine. */
final class StepFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean abort;
  private final @Nullable String probe;
  private final String output;

  private StepFailed(
      String reason,
      boolean abort,
      @Nullable String probe,
      String output,
      @Nullable Throwable cause) {
    super(reason, cause);
    this.abort = abort;
    this.probe = probe;
    this.output = output;
  }

  static StepFailed because(String reason) {
    return new StepFailed(reason, false, null, "", null);
  }

  static StepFailed because(String reason, Throwable cause) {
    return new StepFailed(reason, false, null, "", cause);
  }

  static StepFailed unhealthy(String reason, String probe, String output) {
    return new StepFailed(reason, false, probe, output, null);
  }

  static StepFailed aborted(String reason) {
    return new StepFailed(reason, true, null, "", null);
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  boolean isAbort() {
    return abort;
  }

  Optional<String> probe() {
    return Optional.ofNullable(probe);
  }

  String output() {
    return output;
  }
}
