package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.Failures;
import org.jspecify.annotations.Nullable;

/** Says why a probe is DOWN, or was left out, in words for a person. */
final class Reason {
  private Reason() {}

  static String of(@Nullable Throwable failure) {
    return failure == null ? "no reason was given" : Failures.reason(failure);
  }

  /**
   * Returns the answer where the version is needed to ask at all, and is not known. A slot is then
   * down. A front door is taken as it is, because the slot behind it was proved.
   */
  static Health noVersion(Instance instance, Object asked) {
    return instance.atFrontDoor()
        ? Health.up("not asked: the version is not known, which " + asked + " needs")
        : Health.down("the version of " + instance + " is not known, which " + asked + " needs");
  }
}
