package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.ProgressEvent;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A deployment ends in the time that it was given as a whole, and its way back is never cut. */
class DeploymentLimitTest {
  private static final Watch UNDECIDED =
      new Watch(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          List.of("metrics"),
          1,
          0,
          0,
          Duration.ofHours(1));

  private final Shop shop = Shop.web();

  private DeploymentPolicy within(Duration whole, DeploymentPolicy policy) {
    return policy.limits(policy.limits().whole(whole));
  }

  private ManagerBuilder undecided() {
    return shop.builder().gate("metrics", context -> Verdict.inconclusive("few requests"));
  }

  private BlueGreenManager withTwo(DeploymentPolicy policy) {
    shop.withTwo();
    shop.policy = policy;
    return undecided().build();
  }

  @Test
  void deploymentThatTakesLongerThanTheWholeMayGoesBack() {
    BlueGreenManager manager =
        withTwo(within(Duration.ofMinutes(10), DeploymentPolicy.DEFAULT.bake(UNDECIDED)));
    DeploymentResult result = manager.deployNewVersion(Shop.V3);
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason())
        .startsWith("the limit for the whole deployment, 10 min, is over; serving: web blue");
    assertThat(result.took()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    assertThat(manager.plan(Operation.deploy(Shop.V3)).describe())
        .startsWith("deploy 3, within 10 min\n");
  }

  @Test
  void hookIsCutWhereTheWholeIsOverAndNothingHasMoved() {
    shop.policy = within(Duration.ofMinutes(2), DeploymentPolicy.DEFAULT);
    BlueGreenManager manager =
        shop.builder()
            .hook(Phase.VERIFY, "smoke", context -> shop.time.sleep(Duration.ofMinutes(4)))
            .build();
    DeploymentResult result = manager.deployNewVersion(Shop.V1);
    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason())
        .contains("hook smoke did not end within 1 min 5")
        .contains("the limit for the whole deployment, 2 min, is over");
  }

  @Test
  void policyThatFreezesFreezes() {
    BlueGreenManager manager =
        withTwo(
            within(Duration.ofMinutes(10), DeploymentPolicy.DEFAULT.bake(UNDECIDED))
                .with(Option.FREEZE_ON_FAILURE));
    assertThat(manager.deployNewVersion(Shop.V3).outcome()).isEqualTo(Outcome.FROZEN);
  }

  @Test
  void timeInWhichAPersonIsWaitedForDoesNotCount() {
    shop.policy =
        within(
            Duration.ofMinutes(5),
            DeploymentPolicy.DEFAULT
                .bake(Watch.lasting(Duration.ofMinutes(3)))
                .with(Option.ASK_FOR_APPROVAL));
    BlueGreenManager manager = shop.manager();
    shop.time.after(
        Duration.ofMinutes(30), () -> manager.running().orElseThrow().approve("ann", "ok"));
    shop.time.after(
        Duration.ofMinutes(31), () -> manager.running().orElseThrow().pause("ann", "lunch"));
    shop.time.after(
        Duration.ofMinutes(90), () -> manager.running().orElseThrow().resume("ann", "back"));
    DeploymentResult result = manager.deployNewVersion(Shop.V1);
    assertThat(result.outcome()).as(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.took()).isGreaterThan(Duration.ofMinutes(90));
  }

  @Test
  void timeBeforeASuspensionCountsAndTheSuspensionItselfDoesNot() {
    DeploymentPolicy policy =
        DeploymentPolicy.DEFAULT
            .shift(Watch.lasting(Duration.ofMinutes(4)), 50, 100)
            .bake(UNDECIDED);
    shop.withTwo();
    shop.policy = within(Duration.ofMinutes(10), policy);
    BlueGreenManager first = undecided().build();
    shop.time.after(Duration.ofMinutes(6), first::close);
    assertThat(first.deployNewVersion(Shop.V3).outcome()).isEqualTo(Outcome.SUSPENDED);
    shop.time.pass(Duration.ofHours(3));
    Duration before = shop.time.elapsed();
    DeploymentResult result = undecided().build().carryOn();
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).startsWith("the limit for the whole deployment, 10 min, is over");
    assertThat(shop.time.elapsed().minus(before))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));
  }

  @Test
  void retiringTheFormerLiveColourIsNotCut() {
    shop.withTwo();
    shop.policy =
        within(Duration.ofSeconds(10), DeploymentPolicy.DEFAULT).with(Option.STOP_FORMER_LIVE);
    DeploymentResult result =
        shop.builder()
            .listener(
                Shop.when(
                    ProgressEvent.PhaseEntered.class,
                    "DRAIN",
                    () -> shop.time.pass(Duration.ofMinutes(1))))
            .build()
            .deployNewVersion(Shop.V3);
    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/green 3");
  }

  @Test
  void holdsThatTakeLongerThanTheWholeMayAreRefusedBeforeAnythingIsDone() {
    shop.policy =
        within(
            Duration.ofMinutes(10),
            DeploymentPolicy.DEFAULT.bake(Watch.lasting(Duration.ofMinutes(30))));
    assertThatThrownBy(() -> shop.deploy(Shop.V1))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("its holds alone take 30 min, and the whole may take 10 min");
    assertThat(shop.running()).isEmpty();
  }
}
