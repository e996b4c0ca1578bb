package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.Failures;
import org.jspecify.annotations.Nullable;

/** Why something is DOWN, for a person. */
final class Reason {
  private Reason() {}

  static String of(@Nullable Throwable failure) {
    return failure == null ? "no reason was given" : Failures.reason(failure);
  }

  /**
   * Returns the answer where a version that is not known is needed to ask at all. A slot is then
   * down; a front door was reached by a slot that was proved, and is confirmed without it.
   */
  static Health noVersion(Instance instance, Object asked) {
    return instance.atFrontDoor()
        ? Health.up("not asked: the version is not known, which " + asked + " needs")
        : Health.down("the version of " + instance + " is not known, which " + asked + " needs");
  }
}
