package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why something is DOWN, for a person. */
final class Reason {
  private Reason() {}

  static String of(@Nullable Throwable failure) {
    @Nullable Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause == null) {
      return "no reason was given";
    }
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }

  static Health noEndpoint(Instance instance) {
    return Health.down(instance + " has no endpoint to ask");
  }
}
