package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.TimeLimits;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A deployment that waits for a person goes on, ends or stays as that person says. */
class ApprovalTest {
  private final Shop shop = Shop.web();

  @Test
  void deploymentWaitsForApprovalAndGoesOnWhenItComes() {
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.ASK_FOR_APPROVAL);
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    shop.time.at(
        Duration.ofMinutes(10), () -> operator.running().orElseThrow().approve("ann", "go"));

    assertThat(shop.deploy(V1).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed()).isGreaterThan(Duration.ofMinutes(10));
  }

  @Test
  void approvalThatNeverComesAborts() {
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.ASK_FOR_APPROVAL);

    DeploymentResult result = shop.deploy(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.reason()).contains("nobody approved");
    assertThat(shop.running()).isEmpty();
  }

  @Test
  void pausedDeploymentMovesNoTrafficUntilItIsResumed() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(10), Duration.ofSeconds(1), List.of()), 10, 100);
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    Duration begin = shop.time.elapsed();
    int[] movesWhilePaused = new int[1];
    shop.time.after(
        Duration.ofSeconds(5), () -> operator.running().orElseThrow().pause("ann", "lunch"));
    shop.time.after(
        Duration.ofMinutes(50), () -> movesWhilePaused[0] = shop.router.applied().size());
    shop.time.after(
        Duration.ofMinutes(51), () -> operator.running().orElseThrow().resume("ann", "back"));

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(movesWhilePaused[0]).isEqualTo(2);
    assertThat(shop.router.applied()).hasSize(3);
    assertThat(shop.time.elapsed().minus(begin)).isGreaterThan(Duration.ofMinutes(51));
  }

  @Test
  void deploymentThatNobodyAbortsIsPromotedAfterADelayWhereThePolicySaysSo() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT
            .with(Option.ASK_FOR_APPROVAL)
            .with(Option.PROMOTE_UNLESS_ABORTED)
            .limits(TimeLimits.DEFAULT.approval(Duration.ofMinutes(10)));
    Duration began = shop.time.elapsed();

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began)).isGreaterThan(Duration.ofMinutes(10));
    assertThat(shop.manager().history().get(0).approval().orElseThrow()).contains("nobody");
  }

  @Test
  void approvalFromBeforeItWasAskedForDoesNotCount() {
    shop.deploy(V1);
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL);
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    BlueGreenManager manager =
        shop.builder()
            .hook(
                Phase.PREPARE,
                "hasty",
                context -> operator.running().orElseThrow().approve("ann", "whatever"))
            .build();

    assertThat(manager.deployNewVersion(V2).reason()).contains("nobody approved");
  }
}
