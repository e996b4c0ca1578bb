package io.bluegreen.simulation;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Limits;
import io.bluegreen.Probing;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;

/** The policies that are played with: short ones, so that thousands fit into a second. */
enum Style {
  PLAIN(base()),
  GRADUAL(base().shift(watch(3), 25, 100)),
  SLOW_GRADUAL(thorough(base()).shift(watch(5), 10, 50, 100)),
  GATED(base().shift(watch(3, "metrics"), 50, 100)),
  BAKED(base().bake(watch(5))),
  GATED_BAKE(base().bake(watch(4, "metrics"))),
  APPROVED(base().with(Option.ASK_FOR_APPROVAL)),
  STOPPING(base().with(Option.STOP_FORMER_LIVE)),
  CUTTING(base().with(Option.STOP_FORMER_LIVE).with(Option.CUT_AFTER_DRAIN)),
  FREEZING(base().shift(watch(3), 50, 100).with(Option.FREEZE_ON_FAILURE)),
  EVERYTHING(
      base()
          .shift(watch(2, "metrics"), 20, 100)
          .bake(watch(3, "metrics"))
          .with(Option.ASK_FOR_APPROVAL)
          .with(Option.STOP_FORMER_LIVE));

  final DeploymentPolicy policy;

  Style(DeploymentPolicy policy) {
    this.policy = policy;
  }

  private static DeploymentPolicy base() {
    return DeploymentPolicy.DEFAULT
        .probing(Probing.DEFAULT.upTo(Duration.ofSeconds(12)))
        .limits(
            Limits.DEFAULT
                .approval(Duration.ofSeconds(20))
                .pause(Duration.ofSeconds(40))
                .drain(Duration.ofSeconds(5)));
  }

  private static DeploymentPolicy thorough(DeploymentPolicy policy) {
    return policy.probing(policy.probing().thresholds(3, 2));
  }

  private static Watch watch(int seconds, String... gates) {
    return new Watch(Duration.ofSeconds(seconds), Duration.ofSeconds(1), List.of(gates));
  }
}
