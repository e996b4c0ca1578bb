package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Drift;
import io.bluegreen.DriftException;
import io.bluegreen.InFlight;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Status;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.RouterFault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A worker of an earlier generation that only finishes what it has is work in flight; one that
 * still takes new requests is an obstacle.
 */
class FormerWorkersTest {
  private final Shop shop = Shop.web();

  @Test
  void formerWorkersThatOnlyFinishStopNeitherDeploymentsNorRollbacks() {
    shop.router.leavingFormerWorkers();
    for (int round = 1; round <= 10; round++) {
      Release next = Release.of("r" + round);
      Operation deploy = Operation.deploy(next);
      Operation asked = round % 3 == 0 ? deploy.force("it has to") : deploy;
      assertThat(shop.manager().run(asked).outcome()).isEqualTo(Outcome.PROMOTED);
      if (round > 1) {
        assertThat(shop.manager().rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
      }
    }
    Status status = shop.manager().status();
    assertThat(status.drift()).isEmpty();
    assertThat(status.truth())
        .isInstanceOfSatisfying(
            RouterTruth.Known.class, known -> assertThat(known.formerWorkers()).hasSize(19));
  }

  @Test
  void slotThatFormerWorkersStillAnswerForIsStoppedWhenItsDrainIsOver() {
    shop.withTwo();
    shop.router.leavingFormerWorkers();
    shop.policy = shop.policy.drain(Duration.ofMinutes(2));
    shop.router.answering("web", GREEN, InFlight.some(1));

    DeploymentResult result = shop.deploy(Shop.V3);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.took()).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    assertThat(result.warnings()).anyMatch(said -> said.contains("in flight: 1"));
  }

  @Test
  void freezeOnFailureLeavesNothingWhereOnlyFormerWorkersServeAnotherSplit() {
    shop.withTwo();
    shop.router.leavingFormerWorkers();
    shop.manager().rollback().orThrow();
    shop.policy = shop.policy.with(Option.FREEZE_ON_FAILURE);
    shop.router.next(RouterFault.FAIL_UNCHANGED);

    assertThat(shop.deploy(Shop.V3).outcome()).isNotEqualTo(Outcome.FROZEN);
  }

  @Test
  void formerWorkerThatStillTakesRequestsIsAnObstacleUntilItIsMended() {
    shop.withTwo();
    shop.router.switchRunningByHand("web", GREEN, 100);
    shop.router.reload();
    BlueGreenManager manager = shop.manager();

    assertThatThrownBy(() -> manager.deployNewVersion(Shop.V3))
        .isInstanceOf(DriftException.class)
        .hasMessageContaining("FORMER_WORKERS");
    assertThat(manager.recover(RecoveryChoice.REPAIR, "ann").decision())
        .isEqualTo(RecoveryReport.Decision.FINISHED);
    assertThat(manager.deployNewVersion(Shop.V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void settlementThatLeavesTheDriftThereDoesNotSayThatItIsFinished() {
    shop.withTwo();
    Router stubborn = mock(Router.class, delegatesTo(shop.router));
    doAnswer(call -> withAFormerWorkerThatAccepts()).when(stubborn).current();
    for (RecoveryChoice settlement : RecoveryChoice.values()) {
      RecoveryReport report = shop.builder().router(stubborn).build().recover(settlement, "ann");
      assertThat(report.decision()).isEqualTo(RecoveryReport.Decision.ON_HOLD);
      assertThat(report.toString()).contains("did not settle this").contains("FORMER_WORKERS");
    }
    assertThat(shop.manager().deployNewVersion(Shop.V3).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  private RouterTruth withAFormerWorkerThatAccepts() {
    RouterTruth.Known now = (RouterTruth.Known) shop.router.current();
    TrafficSplit green = now.running().with("web", GREEN, 100);
    return new RouterTruth.Known(
        now.running(),
        now.durable(),
        List.of(green),
        now.generation(),
        now.fence(),
        now.unassigned(),
        List.of(new Drift(Drift.Kind.FORMER_WORKERS, "one worker still accepts")));
  }
}
