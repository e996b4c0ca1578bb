package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.Hook;
import io.bluegreen.InFlight;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.SlotEvent;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.StoreFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Tests events between a look and the effect that relies on it; the simulation found each of them.
 */
class MeanwhileTest {
  private static final Watch HOLD =
      new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of());
  private static final DeploymentPolicy GRADUAL = DeploymentPolicy.DEFAULT.shift(HOLD, 10, 100);

  private final Shop shop = Shop.web();

  /** Returns a listener that acts after the move of this number. */
  private static DeploymentListener afterMove(int number, Runnable then) {
    int[] moves = {0};
    return event -> {
      if (event instanceof TrafficEvent.TrafficMoved && ++moves[0] == number) {
        then.run();
      }
    };
  }

  @Test
  void durableSplitIsLookedAtOnceMoreBeforeADeploymentIsCalledPromoted() {
    shop.deploy(V1);
    shop.policy = DeploymentPolicy.DEFAULT.bake(HOLD);
    shop.time.after(
        Duration.ofSeconds(20),
        () -> {
          shop.router.switchByHand("web", GREEN, 100);
          shop.router.switchRunningByHand("web", BLUE, 100);
        });

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(result.reason()).contains("restart would serve, which is web green");
  }

  @Test
  void oneFailedProbeBeforeAMoveAsksForAllPassesAgain() {
    shop.deploy(V1);
    int[] sinceMove = {-1};
    shop.policy = GRADUAL;
    shop.health =
        instance -> {
          boolean down =
              instance.color() == BLUE
                  && sinceMove[0] >= 0
                  && ++sinceMove[0] >= 3
                  && sinceMove[0] % 2 == 1;
          return CompletableFuture.completedFuture(down ? Health.down("flaps") : Health.up(""));
        };

    DeploymentResult result =
        shop.builder().listener(afterMove(1, () -> sinceMove[0] = 0)).build().deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("[web/blue] unhealthy: not proved within");
  }

  @Test
  void proofOfOneServiceDoesNotGrowOldWhileAnotherIsProvedAgain() {
    Shop pair = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    pair.deploy(V1);
    pair.policy = GRADUAL.probing(Probing.DEFAULT.passes(4).failures(3));
    int[] looks = {-1};
    Duration[] probed = {Duration.ZERO};
    pair.health =
        instance -> {
          boolean candidate = instance.color() == BLUE;
          if (candidate && instance.service().equals("web")) {
            probed[0] = pair.time.elapsed();
          }
          boolean down =
              candidate && instance.service().equals("api") && looks[0] >= 0 && ++looks[0] == 3;
          return CompletableFuture.completedFuture(down ? Health.down("flaps") : Health.up(""));
        };
    List<Duration> ages = new ArrayList<>();
    DeploymentListener proved =
        event -> {
          if (event instanceof TrafficEvent.TrafficMoved) {
            ages.add(pair.time.elapsed().minus(probed[0]));
            looks[0] = 0;
          }
        };

    pair.builder().listener(proved).build().deployNewVersion(V2).orThrow();

    assertThat(ages)
        .hasSize(2)
        .allSatisfy(age -> assertThat(age).isLessThanOrEqualTo(Probing.DEFAULT.interval()));
  }

  @Test
  void wayBackOnAFullDiskUsesAGenerationThatIsOnRecord() {
    shop.deploy(V1);
    shop.policy = GRADUAL;
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          List<String> effects = life.effects();
          int moved = effects.indexOf("apply web 90% green");
          if (moved >= 0 && effects.size() == moved + 1 + 3) {
            shop.store.full(
                true); // The move's fact and the hold are saved, the next intent is not.
          }
        });
    shop.builder(life).build().deployNewVersion(V2);
    long recorded = StateCodec.read(shop.store.load().orElseThrow()).generation;

    RouterTruth.Known truth = (RouterTruth.Known) shop.manager().status().truth();

    assertThat(truth.running().sole("web")).contains(GREEN);
    assertThat(truth.generation()).isLessThanOrEqualTo(recorded);
  }

  @Test
  void managerThatLosesItsLeaseWhileItProvesTheWayBackDoesNotMoveTheTraffic() {
    shop.deploy(V1);
    shop.router.next(RouterFault.FAIL_AFTER_APPLYING);
    int[] proofs = {-1};
    DeploymentListener losing =
        event -> {
          if (event instanceof ProgressEvent.UndoStarted) {
            proofs[0] = 0;
          } else if (event instanceof SlotEvent.Probed && proofs[0] >= 0 && ++proofs[0] == 2) {
            shop.store.loseLease();
          }
        };
    Hook failing =
        context -> {
          throw new IllegalStateException("no");
        };

    assertThatThrownBy(
            () ->
                shop.builder()
                    .listener(losing)
                    .hook(Phase.FINISH, "announce", failing)
                    .build()
                    .deployNewVersion(V2))
        .isInstanceOf(LeaseLostException.class);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void managerWhoseLeaseIsLostWithinASaveDoesNotGoBackWithoutARecord() {
    shop.deploy(V1);
    DeploymentListener losing =
        event -> {
          if (event instanceof ProgressEvent.UndoStarted) {
            shop.store.next(StoreFault.LOSE_LEASE);
          }
        };
    shop.health =
        instance ->
            CompletableFuture.completedFuture(
                instance.color() == BLUE ? Health.down("boom") : Health.up(""));

    assertThatThrownBy(() -> shop.builder().listener(losing).build().deployNewVersion(V2))
        .isInstanceOf(LeaseLostException.class);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void switchThatTheRouterRefusesIsNotTakenForMadeBecauseTheSplitIsThatAlready() {
    shop.deploy(V1);
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          if (!life.dead() && life.effects().get(life.effects().size() - 1).startsWith("launch")) {
            shop.router.next(RouterFault.CRASH_HALF_WAY);
          }
        });
    assertThatThrownBy(() -> shop.builder(life).build().deployNewVersion(V2))
        .isInstanceOf(Crash.class);
    shop.router.switchByHand("web", GREEN, 100);
    shop.router.next(RouterFault.FAIL_UNCHANGED);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision())
        .as("a late switch would still be made: %s", report)
        .isEqualTo(RecoveryReport.Decision.ON_HOLD);
    assertThat(shop.manager().recover().decision()).isEqualTo(RecoveryReport.Decision.CLEANED);
  }

  @Test
  void candidateThatSomebodyGivesTrafficWhileItIsDrainedIsNotStopped() {
    shop.deploy(V1);
    shop.router.answering("web", BLUE, InFlight.some(2));
    Hook failing =
        context -> {
          throw new IllegalStateException("no");
        };
    shop.builder()
        .listener(
            afterMove(
                2,
                () ->
                    shop.time.after(
                        Duration.ofSeconds(3), () -> shop.router.switchByHand("web", BLUE, 50))))
        .hook(Phase.FINISH, "announce", failing)
        .build()
        .deployNewVersion(V2);

    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void backgroundServiceIsNotLeftHalfHandedOverWhereThePolicyFreezes() {
    Shop both = new Shop(Shop.web("web", 1), Service.background("bot"));
    both.deploy(V1);
    both.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.FREEZE_ON_FAILURE);
    both.health =
        instance ->
            CompletableFuture.completedFuture(
                instance.service().equals("bot") && instance.color() == BLUE
                    ? Health.down("boom")
                    : Health.up(""));

    DeploymentResult result = both.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(both.launcher.running("bot", GREEN)).isPresent();
    assertThat(both.launcher.running("bot", BLUE)).isEmpty();
    assertThat(both.deploy(V3).outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(both.launcher.running("bot", GREEN)).isPresent();
  }
}
