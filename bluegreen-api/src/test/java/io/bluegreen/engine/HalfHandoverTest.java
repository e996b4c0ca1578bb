package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.BAKING;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static io.bluegreen.engine.Shop.goingBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.LaunchFault;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * A background service runs once, and on the colour with the traffic where that is possible,
 * whatever ends half-way.
 */
class HalfHandoverTest {
  private static final Release V4 = Release.of("4");
  private final Shop shop = new Shop(Shop.web("web", 1), Service.background("bot")).withTwo();
  private final Incarnation dying = new Incarnation();

  private String bot() {
    List<String> bots = shop.running("bot");
    assertThat(bots).hasSize(1);
    return bots.get(0);
  }

  /** Version 3 falls sick in its bake, and the process dies while it goes back. */
  private void killedInUndoAfter(String effect) {
    AtomicBoolean goesBack = new AtomicBoolean();
    BlueGreenManager doomed =
        shop.sickInItsBake(GREEN, Shop.dyingAfter(effect, goesBack::get))
            .listener(goingBack(() -> goesBack.set(true)))
            .build();
    assertThatThrownBy(() -> doomed.deployNewVersion(V3)).isInstanceOf(Crash.class);
    shop.health = ScriptedHealthCheck.up();
  }

  @Test
  void trafficThatCanNotGoBackKeepsTheBackgroundServiceThatGoesWithIt() {
    DeploymentResult result =
        shop.sickInItsBake(GREEN)
            .listener(goingBack(() -> shop.router.next(RouterFault.UNREACHABLE)))
            .build()
            .deployNewVersion(V3);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(bot()).isEqualTo("bot/green 3");
  }

  @Test
  void halfOfAHandoverIsHandedBackWhereTheTrafficHasToStay() {
    killedInUndoAfter("stop bot/green");
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("sick"));

    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.ROLLBACK_FAILED);

    assertThat(bot()).isEqualTo("bot/blue 2");
  }

  @Test
  void processThatWasStartedAgainIsOnRecordThoughTheCandidateCouldNotBeStopped() {
    killedInUndoAfter("launch bot/blue");
    shop.launcher.next(LaunchFault.FAIL_TO_STOP);

    shop.manager().recover();

    shop.policy = DeploymentPolicy.DEFAULT;
    shop.deploy(V4).orThrow();
    assertThat(bot()).isEqualTo("bot/green 4");
  }

  @Test
  void handoverIsOnHoldWhileNobodyCanTellWhichColourRuns() {
    killedInUndoAfter("launch bot/blue");
    Launcher blind = mock(Launcher.class, delegatesTo(shop.launcher));
    doReturn(LaunchState.unknown("not mine"))
        .when(blind)
        .state(argThat(slot -> slot.toString().equals("bot/blue")), anyString());

    assertThat(shop.builder().launcher(blind).build().recover().decision())
        .isEqualTo(Decision.ON_HOLD);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.CLEANED);

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(bot()).isEqualTo("bot/blue 2");
  }

  @Test
  void handoverIsHandedBackOnlyOnceTheRouterCanBeAsked() {
    killedInUndoAfter("stop bot/green");
    shop.router.next(RouterFault.UNREACHABLE);

    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.ON_HOLD);
    assertThat(shop.running("bot")).isEmpty();
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.MOVED_BACK);

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(bot()).isEqualTo("bot/blue 2");
  }

  @Test
  void processThatMayHaveBeenToldToStopIsStartedAgain() throws InterruptedException {
    killedWhileBotIsToldToStop();

    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.MOVED_BACK);

    shop.time.sleep(Duration.ofSeconds(30));
    assertThat(bot()).isEqualTo("bot/blue 2");
  }

  @Test
  void personWhoSettlesIsToldWhichProcessMayHaveBeenToldToStop() {
    killedWhileBotIsToldToStop();
    shop.router.next(RouterFault.UNREACHABLE);

    RecoveryReport report = shop.manager().recover(RecoveryChoice.ADOPT, "ann");

    assertThat(report.done()).anySatisfy(line -> assertThat(line).contains("bot/blue runs, but"));
  }

  private void killedWhileBotIsToldToStop() {
    Launcher slow = new SlowToStop(shop, dying, slot -> slot.toString().equals("bot/blue"));
    BlueGreenManager doomed = shop.builder(dying).launcher(dying.launcher(slow)).build();
    assertThatThrownBy(() -> doomed.deployNewVersion(V3)).isInstanceOf(Crash.class);
  }

  @Test
  void personWhoSettlesIsToldThatNeitherColourRuns() {
    Incarnation life = Shop.dyingAfter("stop bot");
    assertThatThrownBy(() -> shop.builder(life).build().deployNewVersion(V3))
        .isInstanceOf(Crash.class);
    shop.router.next(RouterFault.UNREACHABLE);

    RecoveryReport report = shop.manager().recover(RecoveryChoice.ADOPT, "ann");

    assertThat(report.done()).contains("neither colour of bot runs");
    shop.deploy(V4).orThrow();
    assertThat(bot()).endsWith(" 4");
  }

  @Test
  void decisionToLeaveAllAsItIsStandsThoughItsProcessIsKilled() {
    for (int effect = 1; effect < 8; effect++) {
      Shop other = new Shop(Shop.web("web", 1), Service.background("bot")).withTwo();
      Incarnation life = Shop.dyingAfter("stop bot");
      assertThatThrownBy(() -> other.builder(life).build().deployNewVersion(V3))
          .isInstanceOf(Crash.class);
      other.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("sick"));
      Incarnation second = new Incarnation().dieAfter(effect);
      assertThatThrownBy(() -> other.builder(second).build().recover()).isInstanceOf(Crash.class);

      other.manager().recover();

      assertThat(other.manager().history().get(0).outcome()).isEqualTo(Outcome.FROZEN);
      assertThat(other.running()).contains("bot/blue 2").doesNotContain("bot/green");
    }
  }

  @Test
  void rollbackThatFailedCanBeTriedAgainAndGoesBackWhole() {
    shop.health = ScriptedHealthCheck.of("bot", GREEN, ScriptedHealthCheck.down("no heartbeat"));
    assertThat(shop.manager().rollback().outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    shop.health = ScriptedHealthCheck.up();

    assertThat(shop.manager().rollback().achieved()).isTrue();

    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(bot()).isEqualTo("bot/green 1");
  }

  @Test
  void rollbackThatWasKilledCanBeTriedAgainAndGoesBackWhole() {
    Incarnation life = Shop.dyingAfter("launch bot");
    assertThatThrownBy(() -> shop.builder(life).build().rollback()).isInstanceOf(Crash.class);
    shop.manager().recover();

    assertThat(shop.manager().rollback().achieved()).isTrue();

    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(bot()).isEqualTo("bot/green 1");
  }

  @Test
  void rollbackOfASwitchOfTrafficLeavesTheBackgroundService() {
    shop.manager().switchTraffic(GREEN).orThrow();

    assertThat(shop.manager().rollback().achieved()).isTrue();

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(bot()).isEqualTo("bot/blue 2");
  }

  @Test
  void externalBackgroundServiceThatWasHandedOverIsNotSettledBack() {
    Shop external = new Shop(Shop.web("web", 1), Service.background("bot"));
    external.health = HealthCheck.blocking(instance -> Health.up(""));
    external.builder().launcher(Launcher.external()).build().deployNewVersion(V1).orThrow();
    external.policy = BAKING;
    BlueGreenManager closing = external.builder().launcher(Launcher.external()).build();
    external.time.after(Duration.ofMinutes(5), closing::close);
    assertThat(closing.deployNewVersion(V2).outcome()).isEqualTo(Outcome.SUSPENDED);

    external.builder().launcher(Launcher.external()).build().recover(RecoveryChoice.ADOPT, "ann");

    StateDocument state = StateCodec.read(external.store.load().orElseThrow());
    assertThat(state.background).containsEntry("bot", BLUE);
  }
}
