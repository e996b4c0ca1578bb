package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static io.bluegreen.engine.Shop.goingBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.Service;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A failure ends as REJECTED where no traffic moved, as ROLLED_BACK where it moved and is back;
 * else a person is called.
 */
class HonestOutcomeTest {
  private static final String BROKEN = "nginx -t: unknown directive \"nonsense\" in /etc/nginx:17";

  private final Shop shop = Shop.web();

  /**
   * A proxy whose configuration is broken somewhere else: it refuses each switch and changes
   * nothing.
   */
  private Router broken() {
    Router broken = mock(Router.class, delegatesTo(shop.router));
    doAnswer(
            call -> {
              throw new RouterException(BROKEN, RouterException.Effect.UNCHANGED);
            })
        .when(broken)
        .apply(any());
    return broken;
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL_UNCHANGED, REJECTED",
    "PRETEND, REJECTED",
    "HANG, REJECTED",
    "FAIL_HALF_WAY, ROLLED_BACK",
    "FAIL_AFTER_APPLYING, PROMOTED",
    "HANG_AFTER_APPLYING, PROMOTED"
  })
  void switchThatFailsIsRejectedUnlessTrafficHadMoved(RouterFault fault, Outcome outcome) {
    shop.deploy(V1);
    shop.router.next(fault);

    DeploymentResult result = shop.deploy(V2);

    boolean promoted = outcome == Outcome.PROMOTED;
    assertThat(result.outcome()).as(result.toString()).isEqualTo(outcome);
    assertThat(shop.live("web")).isEqualTo(promoted ? BLUE : GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1" + (promoted ? ", web/blue 2" : ""));
  }

  @Test
  void configurationThatIsBrokenElsewhereRejectsAndIsNamed() {
    shop.deploy(V1);

    DeploymentResult result = shop.builder().router(broken()).build().deployNewVersion(V2);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains(BROKEN).contains("serving: web green");
    assertThat(result.warnings())
        .anySatisfy(line -> assertThat(line).contains("nothing is lost").contains(BROKEN));
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(shop.deploy(V2).outcome()).as("once it is mended").isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void configurationThatIsBrokenRejectsAFirstDeploymentAndAFrozenOneAlike() {
    assertThat(shop.builder().router(broken()).build().deployNewVersion(V1).outcome())
        .isEqualTo(Outcome.REJECTED);
    shop.deploy(V1).orThrow();
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.FREEZE_ON_FAILURE);
    assertThat(shop.builder().router(broken()).build().deployNewVersion(V2).outcome())
        .isEqualTo(Outcome.REJECTED);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void rollbackThatTheRouterRefusedIsRejectedAndMayBeAskedForAgain() {
    shop.withTwo();

    DeploymentResult refused = shop.builder().router(broken()).build().rollback();

    assertThat(refused.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(refused.reason()).contains(BROKEN);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
    assertThat(shop.manager().rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void laterPartOfAGradualMoveThatIsRefusedIsRolledBackBecauseTrafficHadMoved() {
    shop.deploy(V1);
    shop.policy = DeploymentPolicy.DEFAULT.shift(Watch.NONE, 10, 50, 100);

    DeploymentResult result =
        shop.builder()
            .listener(
                Shop.when(
                    TrafficEvent.TrafficMoved.class,
                    "90% green",
                    () -> shop.router.next(RouterFault.FAIL_UNCHANGED)))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void trafficThatMovedAndCanNotGoBackNeedsAPerson() {
    shop.deploy(V1);

    DeploymentResult result =
        shop.sickInItsBake(BLUE)
            .listener(goingBack(() -> shop.router.next(RouterFault.FAIL_UNCHANGED)))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void switchThatMayStillBeOnItsWayIsNotCalledRejectedWhereNothingCanOutdateIt() {
    shop.deploy(V1);
    shop.router.next(RouterFault.HANG, RouterFault.FAIL_UNCHANGED);

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void recoveryThatTheRouterRefusesLeavesAllAsItIsAndIsMadeOnceThatIsMended() {
    shop.deploy(V1);
    Incarnation dying = new Incarnation();
    Router doomed = mock(Router.class, delegatesTo(shop.router));
    doAnswer(
            call -> {
              dying.die();
              return null;
            })
        .when(doomed)
        .apply(any());
    assertThatThrownBy(
            () -> shop.builder(dying).router(dying.router(doomed)).build().deployNewVersion(V2))
        .isInstanceOf(Crash.class);

    RecoveryReport refused = shop.builder().router(broken()).build().recover();

    assertThat(refused.decision()).as(refused.toString()).isEqualTo(Decision.ON_HOLD);
    assertThat(refused.found()).contains(BROKEN);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.CLEANED);
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(shop.manager().history().get(0).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void recoveryOfARefusedDeploymentThatWasGoingBackIsRejected() {
    shop.deploy(V1);
    AtomicBoolean goesBack = new AtomicBoolean();
    BlueGreenManager doomed =
        shop.builder(Shop.dyingAfter("apply", goesBack::get))
            .listener(goingBack(() -> goesBack.set(true)))
            .build();
    shop.router.next(RouterFault.FAIL_UNCHANGED);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).as(report.toString()).isEqualTo(Decision.CLEANED);
    assertThat(shop.manager().history().get(0).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void backgroundServiceThatNeverRanIsRejectedAndOneThatWasStoppedIsRolledBack() {
    Shop bots = new Shop(Service.background("bot"));
    bots.health = ScriptedHealthCheck.of("bot", GREEN, ScriptedHealthCheck.down("no heartbeat"));

    assertThat(bots.deploy(V1).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(bots.running()).isEmpty();

    bots.health = ScriptedHealthCheck.up();
    bots.deploy(V2).orThrow();
    bots.health = ScriptedHealthCheck.of("bot", BLUE, ScriptedHealthCheck.down("no heartbeat"));
    assertThat(bots.deploy(V3).outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(bots.running()).isEqualTo("bot/green 2");
  }
}
