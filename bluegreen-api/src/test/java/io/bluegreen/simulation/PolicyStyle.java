package io.bluegreen.simulation;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Probing;
import io.bluegreen.TimeLimits;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;

/**
 * The policies that the simulation uses: short ones, so that thousands of deployments fit into a
 * second.
 */
enum PolicyStyle {
  PLAIN(base()),
  GRADUAL(base().shift(watch(3), 25, 100)),
  SLOW_GRADUAL(thorough(base()).shift(watch(5), 10, 50, 100)),
  GATED(base().shift(watch(3, "metrics"), 50, 100)),
  BAKED(base().bake(watch(5))),
  GATED_BAKE(base().bake(watch(4, "metrics"))),
  PATIENT_GATE(base().shift(watch(3, "metrics").failuresInARow(2).failuresInAll(3), 50, 100)),
  APPROVED(base().with(Option.ASK_FOR_APPROVAL)),
  UNLESS_ABORTED(
      base()
          .shift(watch(2), 50, 100)
          .with(Option.ASK_FOR_APPROVAL)
          .with(Option.PROMOTE_UNLESS_ABORTED)),
  SUPERSEDING(base().bake(watch(3)).with(Option.SUPERSEDE)),
  NO_RETURN(base().shift(watch(3), 50, 100).bake(watch(3))),
  STOPPING(base().with(Option.STOP_FORMER_LIVE)),
  CUTTING(base().with(Option.STOP_FORMER_LIVE).with(Option.CUT_AFTER_DRAIN)),
  /** A switch or a rollback goes by its shift, too. */
  RAMPED(base().shift(watch(2, "metrics"), 50, 100)),
  LIMITED(within(Duration.ofSeconds(14), base().shift(watch(3), 50, 100).bake(watch(4)))),
  FREEZING(base().shift(watch(3), 50, 100).with(Option.FREEZE_ON_FAILURE)),
  EVERYTHING(
      base()
          .shift(watch(2, "metrics"), 20, 100)
          .bake(watch(3, "metrics"))
          .with(Option.ASK_FOR_APPROVAL)
          .with(Option.STOP_FORMER_LIVE));

  /**
   * Hooks of the host, and the one of them behind which nothing leads back by {@link #NO_RETURN}.
   */
  static final String NO_RETURN_BEHIND = "smoke";

  private final DeploymentPolicy policy;

  PolicyStyle(DeploymentPolicy policy) {
    this.policy = policy;
  }

  DeploymentPolicy policy(boolean hooks) {
    return this == NO_RETURN && hooks ? policy.noReturnBehind(NO_RETURN_BEHIND) : policy;
  }

  boolean has(Option option) {
    return policy.options().contains(option);
  }

  boolean asksGates(boolean whileBaking) {
    return !(whileBaking ? policy.bake() : policy.hold()).gates().isEmpty();
  }

  boolean waits() {
    return !policy.hold().equals(Watch.NONE)
        || !policy.bake().equals(Watch.NONE)
        || has(Option.ASK_FOR_APPROVAL);
  }

  private static DeploymentPolicy base() {
    return DeploymentPolicy.DEFAULT
        .probing(Probing.DEFAULT.upTo(Duration.ofSeconds(12)))
        .limits(
            TimeLimits.DEFAULT
                .approval(Duration.ofSeconds(20))
                .pause(Duration.ofSeconds(40))
                .drain(Duration.ofSeconds(5)));
  }

  private static DeploymentPolicy within(Duration whole, DeploymentPolicy policy) {
    return policy.limits(policy.limits().whole(whole));
  }

  private static DeploymentPolicy thorough(DeploymentPolicy policy) {
    return policy.probing(policy.probing().passes(3).failures(2));
  }

  private static Watch watch(int seconds, String... gates) {
    return new Watch(Duration.ofSeconds(seconds), Duration.ofSeconds(1), List.of(gates));
  }
}
