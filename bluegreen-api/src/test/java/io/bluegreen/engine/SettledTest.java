package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.BAKING;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static io.bluegreen.engine.Shop.goingBack;
import static io.bluegreen.engine.Shop.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Hook;
import io.bluegreen.InFlight;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.SlotEvent;
import io.bluegreen.Switch;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.StoreFault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the operations after a deployment that a recovery or a person has closed. */
class SettledTest {
  private static final DeploymentPolicy GRADUAL =
      DeploymentPolicy.DEFAULT.shift(
          new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of()), 10, 50, 100);

  private final Shop shop = Shop.web();
  private final Incarnation dying = new Incarnation();

  private void killedAfterItsMove(ManagerBuilder builder, Release release) {
    BlueGreenManager doomed = builder.build();
    assertThatThrownBy(() -> doomed.deployNewVersion(release)).isInstanceOf(Crash.class);
  }

  @Test
  void firstDeploymentThatAPersonSettledIsNoFirstOneAnyMore() {
    shop.policy = BAKING;
    killedAfterItsMove(shop.builder(Shop.dyingAfter("apply")), V1);
    shop.manager().recover(RecoveryChoice.ADOPT, "ann");
    shop.policy = GRADUAL;

    shop.deploy(V2).orThrow();

    assertThat(shop.router.applied().stream().map(change -> change.to().share("web", BLUE)))
        .contains(10, 50);
  }

  @Test
  void settledDeploymentCanBeGoneBackTo() {
    killedAfterItsMove(shop.builder(Shop.dyingAfter("apply")), V1);
    shop.router.next(RouterFault.UNREACHABLE);
    shop.manager().recover(RecoveryChoice.REPAIR, "ann");

    DeploymentResult result = shop.sickInItsBake(BLUE).build().deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void serviceThatIsNewInItsGroupStaysWhereTheOthersGoBack() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.manager().run(Operation.deploy(V1).service("web")).orThrow();
    killedAfterItsMove(group.builder(Shop.dyingAfter("apply")), V2);

    RecoveryReport report = group.manager().recover();

    assertThat(report.decision()).as(report.toString()).isEqualTo(Decision.MOVED_BACK);
    assertThat(group.manager().status().open()).isEmpty();
    assertThat(group.running()).isEqualTo("web/green 1, api/green 2");
  }

  @Test
  void hookWhoseIntentCouldNotBeSavedIsNoPointOfNoReturn() {
    shop.deploy(V1);
    Hook hook = mock(Hook.class);
    doReturn(true).when(hook).isPointOfNoReturn();

    DeploymentResult result =
        shop.builder()
            .hook(Phase.VERIFY, "migrate", hook)
            .listener(
                when(
                    ProgressEvent.PhaseEntered.class,
                    "VERIFY",
                    () -> shop.store.next(StoreFault.FAIL)))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void switchThatIsStillOnItsWayWhenAPersonSettlesIsNotMadeAnyMore() throws InterruptedException {
    shop.withTwo();
    Router late = mock(Router.class, delegatesTo(shop.router));
    doAnswer(
            call -> {
              Switch change = call.getArgument(0);
              shop.time.after(Duration.ofSeconds(8), () -> assertRefused(change));
              dying.die();
              return null;
            })
        .when(late)
        .apply(any());
    killedAfterItsMove(shop.builder(dying).router(dying.router(late)), V3);
    shop.router.next(RouterFault.UNREACHABLE);

    shop.manager().recover(RecoveryChoice.REPAIR, "ann");
    shop.manager().run(Operation.stopCandidate()).orThrow();
    shop.time.sleep(Duration.ofSeconds(10));

    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  private void assertRefused(Switch late) {
    assertThatThrownBy(() -> shop.router.apply(late)).isInstanceOf(RouterException.class);
  }

  @Test
  void rollbackNeverGoesForwardToAFailedRelease() {
    shop.deploy(V1);
    shop.sickInItsBake(BLUE)
        .listener(goingBack(() -> shop.router.next(RouterFault.FAIL_HALF_WAY)))
        .build()
        .deployNewVersion(V2);
    shop.health = ScriptedHealthCheck.up();
    shop.manager().recover(RecoveryChoice.REPAIR, "ann");

    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("there is nothing to go back to");

    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  private BlueGreenManager dyingAsItStops() {
    return shop.builder(dying)
        .launcher(dying.launcher(new SlowToStop(shop, dying, slot -> true)))
        .build();
  }

  @Test
  void slotThatWasToldToStopIsStoppedByTheNextProcessAndNotGoneBackTo() {
    shop.withTwo();
    BlueGreenManager doomed = dyingAsItStops();
    assertThatThrownBy(() -> doomed.run(Operation.stopCandidate())).isInstanceOf(Crash.class);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.done()).contains("did: stop web/green");
    assertThat(shop.running()).isEqualTo("web/blue 2");
    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class);
  }

  @Test
  void drainStartsWhenTheSwitchOfAKilledProcessIsFound() throws InterruptedException {
    shop.withTwo();
    shop.time.sleep(Duration.ofHours(1));
    shop.router.answering("web", BLUE, InFlight.UNKNOWN);
    shop.router.answering("web", GREEN, InFlight.UNKNOWN);
    killedAfterItsMove(shop.builder(Shop.dyingAfter("apply")), V3);
    Duration moved = shop.time.elapsed();
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("busy"));
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.FROZEN);
    shop.health = ScriptedHealthCheck.up();

    shop.manager().run(Operation.stopCandidate()).orThrow();

    assertThat(shop.time.elapsed().minus(moved)).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void slotThatWasToldToStopForItsNextReleaseIsStoppedAndNotGoneBackTo()
      throws InterruptedException {
    shop.withTwo();
    BlueGreenManager doomed = dyingAsItStops();
    assertThatThrownBy(() -> doomed.deployNewVersion(V3)).isInstanceOf(Crash.class);

    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.CLEANED);

    shop.time.sleep(Duration.ofSeconds(10));
    assertThat(shop.running()).isEqualTo("web/blue 2");
    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class);
  }

  @Test
  void slotThatWasToBeStoppedIsNamedAlsoAfterItsDrain() {
    shop.deploy(V1);
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.STOP_FORMER_LIVE);
    boolean[] drained = new boolean[1];
    dying.observe(
        () -> {
          if (drained[0] && !dying.dead()) {
            dying.die();
          }
        });
    killedAfterItsMove(
        shop.builder(dying).listener(when(SlotEvent.Drained.class, "", () -> drained[0] = true)),
        V2);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.FINISHED);
    assertThat(report.done())
        .anySatisfy(line -> assertThat(line).contains("did not stop web/green"));
  }
}
