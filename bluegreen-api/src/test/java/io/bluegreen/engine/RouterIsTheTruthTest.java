package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentResult;
import io.bluegreen.DriftException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RouterException;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import org.junit.jupiter.api.Test;

/** The engine asks the router and believes its answer, not what was said or remembered of it. */
class RouterIsTheTruthTest {
  private final Shop shop = Shop.web();

  @Test
  void switchThatTheRouterOnlyPretendsToMakeIsNotBelieved() {
    shop.deploy(V1);
    shop.router.next(RouterFault.PRETEND);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("it serves web green");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void switchThatFailsAfterItWasMadeCountsBecauseTheRouterIsTheTruth() {
    shop.deploy(V1);
    shop.router.next(RouterFault.FAIL_AFTER_APPLYING);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings()).anyMatch(w -> w.contains("moved, then failed, as told"));
  }

  @Test
  void trafficThatSomebodyMovedByHandIsReportedAndRefusedUntilItIsSettled() {
    shop.withTwo();
    shop.router.switchByHand("web", GREEN, 100);

    assertThatThrownBy(() -> shop.deploy(V3))
        .isInstanceOf(DriftException.class)
        .hasMessageContaining("RUNNING_DIFFERS")
        .hasMessageContaining("serves web green");
    assertThat(shop.manager().recover(RecoveryChoice.ADOPT, "ann").done()).isNotEmpty();
    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void repairMovesTheTrafficBackToWhatWasAcknowledgedIfThatIsHealthy() {
    shop.withTwo();
    shop.router.switchByHand("web", GREEN, 100);
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("sick"));
    assertThatThrownBy(() -> shop.manager().recover(RecoveryChoice.REPAIR, "ann"))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("sick");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    shop.health = ScriptedHealthCheck.up();

    shop.manager().recover(RecoveryChoice.REPAIR, "ann");

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void proxyThatCantBeAskedRefusesTheOperation() {
    shop.deploy(V1);
    shop.router.goDown();

    assertThatThrownBy(() -> shop.deploy(V2))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("can't be asked");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void slotThatGetsTrafficMeanwhileIsNeitherLaunchedNorStopped() {
    shop.deploy(V1);
    DeploymentResult result =
        shop.builder()
            .hook(Phase.PREPARE, "operator", context -> shop.router.switchByHand("web", BLUE, 100))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("web/blue gets traffic");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void slotThatAColdStartWouldServeIsNotTheCandidate() {
    shop.withTwo();
    shop.router.switchRunningByHand("web", GREEN, 100);
    shop.router.switchRunningByHand("web", BLUE, 100);
    shop.deploy(V3).orThrow();
    shop.router.switchRunningByHand("web", BLUE, 100);

    assertThatThrownBy(() -> shop.deploy(V1))
        .isInstanceOf(DriftException.class)
        .hasMessageContaining("DURABLE_DIFFERS");
    assertThat(shop.running()).isEqualTo("web/blue 2, web/green 3");
  }
}
