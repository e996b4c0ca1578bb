package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Hook;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how the next process repairs what a killed one left, case by case. */
class RepairTest {
  @Test
  void candidateLaunchedByAKilledProcessIsFoundByItsTokenAndStopped() {
    Shop shop = Shop.web();
    shop.deploy(V1);
    Incarnation life = new Incarnation();
    dieAt(shop, life, "launch");

    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.CLEANED);
    assertThat(report.found()).contains("deploy 2");
    assertThat(report.done()).anyMatch(done -> done.contains("launch 2 on web/blue"));
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(shop.manager().history().get(0).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void switchMadeByAKilledProcessIsTakenBackWhileTheFormerLiveColourIsHealthy() {
    Shop shop = Shop.web();
    shop.deploy(V1);
    dieAt(shop, new Incarnation(), "apply");
    assertThat(shop.live("web")).isEqualTo(BLUE);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.MOVED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void switchMadeByAKilledProcessStaysWhereTheFormerLiveColourIsSick() {
    Shop shop = Shop.web();
    shop.deploy(V1);
    dieAt(shop, new Incarnation(), "apply");
    shop.launcher.exit("web", GREEN, "out of memory");

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.FROZEN);
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/blue 2");
  }

  @Test
  void firstDeploymentWhoseProcessWasKilledAfterTheSwitchIsFinishedAndNeverSentToNothing() {
    Shop shop = Shop.web();
    dieAt(shop, new Incarnation(), "apply");

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.FINISHED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 2");
  }

  @Test
  void routerThatServesAnUnplannedSplitPutsTheGroupOnHoldUntilAPersonSettlesIt() {
    Shop shop = Shop.web();
    shop.deploy(V1);
    dieAt(shop, new Incarnation(), "apply");
    shop.router.switchByHand("web", BLUE, 37);

    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.ON_HOLD);
    assertThatThrownBy(() -> shop.deploy(V3))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("on hold");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
    shop.router.switchByHand("web", GREEN, 100);
    shop.manager().recover(RecoveryChoice.ADOPT, "ann");

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void recoveryThatFindsNothingToRepairSaysSo() {
    Shop shop = Shop.web();
    shop.deploy(V1);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.NOTHING);
    assertThat(report.found()).isEqualTo("nothing was left open");
  }

  @Test
  void hookThatWasBegunByAKilledProcessIsUndone() {
    Shop shop = Shop.web();
    List<String> ran = new ArrayList<>();
    Incarnation life = new Incarnation();
    Hook hook =
        new Hook() {
          @Override
          public void run(Context context) {
            life.die();
          }

          @Override
          public void undo(Context context) {
            ran.add(context.deploymentId());
          }
        };
    assertThatThrownBy(
            () ->
                shop.builder(life)
                    .hook(Phase.PREPARE, "migrate", hook)
                    .build()
                    .deployNewVersion(V1))
        .isInstanceOf(Crash.class);

    RecoveryReport report = shop.builder().hook(Phase.PREPARE, "migrate", hook).build().recover();

    assertThat(ran).containsExactly(report.deploymentId().orElseThrow());
  }

  /** Deploys version 2 and dies directly after the first effect with this name. */
  private static void dieAt(Shop shop, Incarnation life, String effect) {
    Incarnation dying = life;
    dying.observe(
        () -> {
          List<String> effects = dying.effects();
          if (!dying.dead() && effects.get(effects.size() - 1).startsWith(effect)) {
            dying.die();
          }
        });
    assertThatThrownBy(() -> shop.builder(dying).build().deployNewVersion(V2))
        .isInstanceOf(Crash.class);
  }
}
