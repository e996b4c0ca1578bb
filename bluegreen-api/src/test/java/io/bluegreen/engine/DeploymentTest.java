package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPlan;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.InFlight;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whole deployments, switches, starts and stops, as a host sees them. */
class DeploymentTest {
  private final Shop shop = Shop.web();

  @Test
  void firstDeploymentGoesToTheColourWithoutTrafficAndIsPromoted() {
    DeploymentResult result = shop.deploy(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.achieved()).isTrue();
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void secondDeploymentMovesTheTrafficAndKeepsTheFormerLiveColourWarm() {
    shop.withTwo();

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void thirdDeploymentStopsTheWarmColourBeforeItLaunches() {
    shop.withTwo();

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/blue 2, web/green 3");
  }

  @Test
  void liveVersionIsNotDeployedAgainUnlessThatIsAskedFor() {
    shop.deploy(V1);

    assertThat(shop.deploy(V1).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.manager().run(Operation.deploy(V1).redeploy()).outcome())
        .isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void switchMovesTheTrafficToAColourThatRuns() {
    shop.withTwo();

    assertThat(shop.manager().switchTraffic(GREEN).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.manager().switchTraffic(GREEN).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
  }

  @Test
  void candidateIsStartedAndStoppedWithoutTraffic() {
    shop.deploy(V1);

    assertThat(shop.manager().run(Operation.startCandidate(V2)).outcome())
        .isEqualTo(Outcome.COMPLETED);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.manager().run(Operation.stopCandidate()).outcome())
        .isEqualTo(Outcome.COMPLETED);
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThatThrownBy(() -> shop.manager().run(Operation.stopCandidate()))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("nothing was started");
  }

  @Test
  void stopOfTheLiveColourIsRefused() {
    shop.deploy(V1);

    assertThatThrownBy(() -> shop.manager().run(Operation.stopCandidate().on(GREEN)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("web/green is live");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void explicitTargetMustBeIdle() {
    shop.deploy(V1);

    assertThatThrownBy(() -> shop.manager().run(Operation.deploy(V2).on(GREEN)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("web/green is live");
    assertThat(shop.manager().run(Operation.deploy(V2).on(BLUE)).outcome())
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void formerLiveColourIsDrainedAndStoppedWhereThePolicySaysSo() {
    shop.deploy(V1);
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.STOP_FORMER_LIVE);
    shop.router.answering("web", GREEN, InFlight.some(3));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings()).anyMatch(w -> w.contains("drain of web/green was not proven"));
    assertThat(shop.running()).isEqualTo("web/blue 2");
    assertThat(shop.time.elapsed()).isGreaterThan(Duration.ofSeconds(30));
    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class);
  }

  @Test
  void planTouchesNothingAndNamesEveryStep() {
    shop.deploy(V1);
    byte[] before = shop.store.load().orElseThrow();

    DeploymentPlan plan = shop.manager().plan(Operation.deploy(V2));

    assertThat(plan.describe())
        .contains("launch 2 on web/blue")
        .contains("prove [web/blue]")
        .contains("move the traffic to web blue")
        .contains("change web green to web blue");
    assertThat(shop.store.load().orElseThrow()).isEqualTo(before);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void statusTellsTruthHealthAndVersions() {
    shop.withTwo();

    Status status = shop.manager().status();

    assertThat(status.drift()).isEmpty();
    assertThat(status.slots())
        .anySatisfy(
            slot -> {
              assertThat(slot.slot().toString()).isEqualTo("web/blue");
              assertThat(slot.live()).isTrue();
              assertThat(slot.share()).hasValue(100);
              assertThat(slot.version()).hasValue("2");
              assertThat(slot.health().up()).isTrue();
            });
    assertThat(status.toJson()).contains("\"running\":{\"web\":0}").contains("\"version\":\"2\"");
  }

  @Test
  void closedManagerSaysSo() {
    BlueGreenManager manager = shop.manager();
    manager.close();
    manager.close();

    assertThatThrownBy(() -> manager.deployNewVersion(V1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
