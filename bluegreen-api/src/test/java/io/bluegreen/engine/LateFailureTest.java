package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.InFlight;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.SlotEvent;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.LaunchFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests failures that come late, half-way through a handover, or by somebody else's hand. */
class LateFailureTest {
  private static final DeploymentPolicy STOP_FORMER =
      DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.STOP_FORMER_LIVE);
  private static final DeploymentPolicy BAKE =
      DeploymentPolicy.DEFAULT.bake(
          new Watch(Duration.ofMinutes(10), Duration.ofMinutes(1), List.of()));

  private final Shop shop = Shop.web();

  private static Shop webAndBot() {
    return new Shop(Shop.web("web", 1), Service.background("bot"));
  }

  /** Returns a check that is up only where a process runs. */
  private static HealthCheck honest(Shop shop) {
    return instance ->
        CompletableFuture.completedFuture(
            shop.launcher.running(instance.service(), instance.color()).isPresent()
                ? Health.up("")
                : Health.down("refused"));
  }

  @Test
  void fullDiskAfterTheFormerLiveColourWasStoppedDoesNotMoveTheTrafficBackToIt() {
    shop.deploy(V1);
    shop.policy = STOP_FORMER;

    DeploymentResult result =
        shop.builder()
            .listener(
                event -> {
                  if (event instanceof SlotEvent.Stopped) {
                    shop.store.full(true);
                  }
                })
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/blue 2");
    shop.store.full(false);
    assertThat(shop.manager().recover().decision()).isEqualTo(RecoveryReport.Decision.FINISHED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void slotThatWasStoppedIsNotAliveWhateverAnswersThere() {
    shop.deploy(V1);
    shop.policy = STOP_FORMER;
    shop.deploy(V2).orThrow();

    DeploymentResult result = shop.manager().switchTraffic(GREEN);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void stopOfTheCandidateThatFailsDoesNotCountAsAchieved() {
    shop.deploy(V1);
    shop.manager().run(Operation.startCandidate(V2)).orThrow();
    shop.launcher.next(LaunchFault.FAIL_TO_STOP);

    assertThat(shop.manager().run(Operation.stopCandidate()).achieved()).isFalse();
    assertThat(shop.running()).contains("web/blue 2");
  }

  @Test
  void candidateThatDiesWhileItIsBakedIsMovedAwayFrom() {
    shop.health = honest(shop);
    shop.deploy(V1);
    shop.policy = BAKE;
    shop.time.after(Duration.ofMinutes(5), () -> shop.launcher.exit("web", BLUE, "oom"));

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void trafficThatSomebodyMovedDuringTheBakeIsNotCalledPromoted() {
    shop.deploy(V1);
    shop.policy = BAKE;
    shop.time.after(Duration.ofMinutes(5), () -> shop.router.switchByHand("web", GREEN, 100));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(result.reason()).contains("somebody else moved").contains("serving: web green");
  }

  @Test
  void explicitRollbackThatFailedDoesNotLookLikeOneThatSucceeded() {
    shop.withTwo();
    shop.health =
        instance ->
            CompletableFuture.completedFuture(
                instance.color() == GREEN && instance.endpoint().orElseThrow().getPort() == 1100
                    ? Health.down("502")
                    : Health.up(""));

    DeploymentResult result = shop.manager().rollback();

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void versionWhoseProcessHasEndedIsNotLiveAlready() {
    shop.health = honest(shop);
    shop.deploy(V1);
    shop.launcher.exit("web", GREEN, "oom");

    assertThat(shop.deploy(V1).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).contains("web/blue 1");
  }

  @Test
  void diskThatWasFullWhileTheTrafficWentBackDoesNotHoldTheGroup() {
    shop.deploy(V1);
    DeploymentResult result =
        shop.builder()
            .listener(
                event -> {
                  if (event instanceof TrafficEvent.TrafficMoved) {
                    shop.store.full(true);
                  }
                })
            .build()
            .deployNewVersion(V2);
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    shop.store.full(false);

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void serviceThatWasAddedIsNeverSentToNothingWhileTheOthersAreShifted() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.manager().run(Operation.deploy(V1).service("web")).orThrow();
    group.policy = DeploymentPolicy.DEFAULT.shift(Watch.NONE, 10, 100);

    group.deploy(V2).orThrow();

    assertThat(group.router.applied().stream().map(change -> change.to().share("api", GREEN)))
        .containsExactly(0, 100, 100);
  }

  @Test
  void drainIsNotCutShortByAClockThatJumps() {
    shop.deploy(V1);
    shop.policy = STOP_FORMER;
    shop.router.answering("web", GREEN, InFlight.UNKNOWN);
    Duration[] moved = new Duration[1];
    Duration[] stopped = new Duration[1];
    shop.builder()
        .listener(
            event -> {
              if (event instanceof TrafficEvent.TrafficMoved) {
                moved[0] = shop.time.elapsed();
                shop.time.jump(Duration.ofHours(1));
              } else if (event instanceof SlotEvent.Stopped) {
                stopped[0] = shop.time.elapsed();
              }
            })
        .build()
        .deployNewVersion(V2)
        .orThrow();

    assertThat(stopped[0].minus(moved[0])).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void routerThatNeverAnswersLocksNothing() {
    shop.deploy(V1);
    shop.router.next(io.bluegreen.testing.RouterFault.HANG_ON_CURRENT);
    assertThat(shop.manager().recover().serving()).isEmpty();
    assertThat(shop.store.holder()).isEmpty();
    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void hookThatHasToBeUndoneAndIsNotThereHoldsTheGroup() {
    Incarnation life = new Incarnation();
    assertThatThrownBy(
            () ->
                shop.builder(life)
                    .hook(Phase.VERIFY, "migrate", context -> life.die())
                    .build()
                    .deployNewVersion(V1))
        .isInstanceOf(Crash.class);

    assertThat(shop.manager().plan(Operation.deploy(V2)).warnings())
        .anyMatch(warning -> warning.contains("is open"));
    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(RecoveryReport.Decision.ON_HOLD);
    assertThat(report.found()).contains("hook migrate");
  }

  @Test
  void rejectedDeploymentLeavesNoHalfOfAGroupToGoBackTo() {
    Shop group = webAndBot().withTwo();
    group.health = ScriptedHealthCheck.of("web", GREEN, ScriptedHealthCheck.down("boom"));
    group.deploy(V3);
    group.health = ScriptedHealthCheck.up();

    assertThatThrownBy(() -> group.manager().rollback())
        .isInstanceOf(OperationRefusedException.class);
    assertThat(group.running()).contains("bot/blue 2");
  }

  @Test
  void handoverThatIsKilledAnywhereEndsWithExactlyOneOfIt() {
    for (int effect = 1; effect < 60; effect++) {
      for (boolean sick : new boolean[] {false, true}) {
        Shop group = webAndBot().withTwo();
        group.health =
            sick
                ? ScriptedHealthCheck.of("bot", GREEN, ScriptedHealthCheck.down("no heartbeat"))
                : ScriptedHealthCheck.up();
        Incarnation life = new Incarnation().dieAfter(effect);
        try {
          group.builder(life).build().deployNewVersion(V3);
        } catch (Crash e) {
          group.health = ScriptedHealthCheck.up();
          group.manager().recover();
        }
        String where = "killed after " + effect + " " + life.effects();
        assertThat(bots(group)).as(where).hasSize(1);
        assertThat(group.manager().status().slots())
            .as(where)
            .filteredOn(slot -> slot.slot().service().name().equals("bot") && slot.live())
            .singleElement()
            .satisfies(slot -> assertThat(slot.launch().alive()).as(where).isTrue());
        group.health = ScriptedHealthCheck.up();
        assertThat(group.deploy(Release.of("next")).outcome())
            .as(where)
            .isEqualTo(Outcome.PROMOTED);
        assertThat(bots(group)).as(where).hasSize(1);
      }
    }
  }

  private static List<String> bots(Shop group) {
    return group.launcher.running().stream()
        .map(launched -> launched.slot().toString())
        .filter(slot -> slot.startsWith("bot/"))
        .toList();
  }
}
