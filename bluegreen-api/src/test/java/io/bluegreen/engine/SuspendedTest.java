package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.BAKING;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.DeploymentResult;
import io.bluegreen.DeploymentSuspendedException;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A deployment that waits survives the end of its process: it is suspended, and another process
 * carries it on.
 */
class SuspendedTest {
  private static final Watch HALF_A_MINUTE =
      new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of());
  private static final DeploymentPolicy GRADUAL =
      DeploymentPolicy.DEFAULT.shift(HALF_A_MINUTE, 10, 50, 100);
  private static final DeploymentPolicy ASKING =
      DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL);

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  void closedManagerSuspendsAHoldAndAnotherOneCarriesItOn() {
    shop.policy = GRADUAL;
    BlueGreenManager first = shop.manager();
    shop.time.after(Duration.ofSeconds(15), first::close);

    DeploymentResult suspended = first.deployNewVersion(V2);

    assertThat(suspended.outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(suspended.achieved()).isFalse();
    assertThat(suspended.reason()).contains("carryOn()").contains("serving: web 90% green");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");

    RecoveryReport report = shop.manager().recover();
    assertThat(report.decision()).isEqualTo(Decision.SUSPENDED);
    assertThat(report.deploymentId()).hasValue(suspended.deploymentId());
    DeploymentResult result = shop.manager().carryOn();

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.deploymentId()).isEqualTo(suspended.deploymentId());
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.router.applied().stream().map(change -> change.to().share("web", BLUE)))
        .containsExactly(0, 10, 50, 100);
    assertThat(shop.events.events(ProgressEvent.CarriedOn.class)).hasSize(1);
    assertThat(shop.manager().history().get(0).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void everyOtherOperationIsRefusedWithTheIdOfTheSuspendedDeployment() {
    DeploymentResult suspended = shop.suspended(GRADUAL);

    assertThatThrownBy(() -> shop.deploy(V3))
        .isInstanceOfSatisfying(
            DeploymentSuspendedException.class,
            refused -> assertThat(refused.deploymentId()).isEqualTo(suspended.deploymentId()))
        .hasMessageContaining("carryOn()");
    assertThat(shop.manager().status().open()).hasValue(suspended.deploymentId());
    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void carryOnIsRefusedWhereNothingWaits() {
    assertThatThrownBy(() -> shop.manager().carryOn())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("no deployment that waits");
  }

  @Test
  void killedBakeIsCarriedOnAndWatchedFromItsStart() {
    shop.policy = BAKING;
    Duration began = shop.time.elapsed();
    killAfter(Duration.ofMinutes(20));
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    assertThat(shop.live("web")).isEqualTo(BLUE);

    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began)).isGreaterThan(Duration.ofMinutes(50));
  }

  @Test
  void trafficIsMovedBackFromACandidateThatFellSickWhileSuspended() {
    shop.suspended(BAKING);
    shop.launcher.exit("web", BLUE, "out of memory");

    DeploymentResult result = shop.manager().carryOn();

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void sickColourToGoBackToIsReportedWhileItWaits() {
    shop.suspended(BAKING);
    shop.launcher.exit("web", GREEN, "out of memory");

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.SUSPENDED);
    assertThat(report.found()).contains("no healthy colour to go back to").contains("web/green");
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void routerThatWasMovedByHandWhileItWaitedIsNotTouched() {
    shop.suspended(GRADUAL);
    shop.router.switchByHand("web", GREEN, 37);

    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.ON_HOLD);
    assertThatThrownBy(() -> shop.manager().carryOn())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("on hold");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void suspendedDeploymentIsAbortedByTheNextManagerThatLooks() {
    DeploymentResult suspended = shop.suspended(GRADUAL);
    RunningDeployment waiting = shop.manager().running().orElseThrow();
    assertThat(waiting.id()).isEqualTo(suspended.deploymentId());
    assertThat(waiting.owner()).isEmpty();
    assertThat(waiting.phase()).hasValue(Phase.SHIFT);

    waiting.abort("ann", "not today");
    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.MOVED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
    DeploymentRecord last = shop.manager().history().get(0);
    assertThat(last.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(last.reason()).contains("ann").contains("not today");
  }

  @Test
  void approvalThatCameWhileSuspendedCounts() {
    shop.suspended(ASKING);
    shop.manager().running().orElseThrow().approve("ann", "looks good");

    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.manager().history().get(0).approval()).hasValue("ann (looks good)");
  }

  @Test
  void timeInWhichAPersonHasToApproveGoesOnWhileSuspended() throws Exception {
    shop.suspended(ASKING);
    shop.time.sleep(Duration.ofHours(2));

    DeploymentResult result = shop.manager().carryOn();

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.reason()).contains("nobody approved within 1 h");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void pausedDeploymentStaysPausedUntilItIsResumed() {
    shop.policy = DeploymentPolicy.DEFAULT.shift(Watch.NONE, 10, 100);
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    BlueGreenManager first =
        shop.builder()
            .hook(
                Phase.VERIFY,
                "pause",
                context -> {
                  operator.running().orElseThrow().pause("ann", "lunch");
                  shop.time.sleep(Duration.ofSeconds(2)); // Signals are heard within a second.
                })
            .build();
    shop.time.after(Duration.ofMinutes(5), first::close);
    assertThat(first.deployNewVersion(V2).outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    shop.time.after(
        Duration.ofMinutes(30), () -> operator.running().orElseThrow().resume("ann", "back"));
    Duration began = shop.time.elapsed();

    BlueGreenManager second = shop.builder().hook(Phase.VERIFY, "pause", context -> {}).build();
    assertThat(second.carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began)).isGreaterThan(Duration.ofMinutes(30));
  }

  @Test
  void firstDeploymentThatWasKilledBeforeItsBakeGoesOnWithIt() {
    Shop fresh = Shop.web();
    fresh.policy = BAKING;
    Incarnation life = Shop.dyingAfter("apply");
    assertThatThrownBy(() -> fresh.builder(life).build().deployNewVersion(V1))
        .isInstanceOf(Crash.class);

    assertThat(fresh.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    assertThat(fresh.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stateOfAnOlderFormatIsReadAndItsDeploymentRepaired(int format) throws IOException {
    Shop old = Shop.web();
    old.withTwo();
    old.router.switchByHand("web", GREEN, 10);
    old.health = ScriptedHealthCheck.up();
    String name = "state-format-" + format + ".json";
    try (InputStream stored = SuspendedTest.class.getResourceAsStream(name)) {
      old.store.restore(Objects.requireNonNull(stored).readAllBytes());
    }

    RecoveryReport report = old.manager().recover();

    assertThat(report.found()).contains("deploy 3");
    assertThat(report.decision()).isNotEqualTo(Decision.NOTHING);
  }

  private void killAfter(Duration delay) {
    Incarnation life = new Incarnation();
    BlueGreenManager doomed = shop.builder(life).build();
    shop.time.after(delay, life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);
  }
}
