package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPlan;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.DeploymentResult;
import io.bluegreen.DriftException;
import io.bluegreen.Gate;
import io.bluegreen.Guarantee;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Hook;
import io.bluegreen.InFlight;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RouterException;
import io.bluegreen.Service;
import io.bluegreen.Settlement;
import io.bluegreen.StateCorruptException;
import io.bluegreen.Status;
import io.bluegreen.StoreException;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.LaunchFault;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.StoreFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

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
  void thirdDeploymentStopsWhatWasKeptWarmBeforeItLaunches() {
    shop.withTwo();

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/blue 2, web/green 3");
  }

  @Test
  void candidateThatIsNeverHealthyIsStoppedAndTheTrafficNeverMoves() {
    shop.deploy(V1);
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("boom"));
    int moves = shop.router.applied().size();

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.achieved()).isFalse();
    assertThat(result.failedProbe())
        .hasValueSatisfying(probe -> assertThat(probe).contains("boom"));
    assertThat(result.reason()).contains("boom").contains("serving: web green");
    assertThat(shop.router.applied()).hasSize(moves);
    assertThat(shop.running()).isEqualTo("web/green 1");
    shop.health = ScriptedHealthCheck.up();
    assertThat(shop.deploy(V3).outcome()).as("the idle slot is free").isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void candidateThatExitsIsRejectedAtOnceWithItsLastOutput() {
    shop.deploy(V1);
    shop.launcher.next(LaunchFault.EXIT_AT_ONCE);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.lastOutput()).contains("exited, as told");
    assertThat(result.took()).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void candidateThatIsUpOnlyOnceInARowIsNotProved() {
    shop.deploy(V1);
    shop.health =
        ScriptedHealthCheck.of(
            "web",
            BLUE,
            ScriptedHealthCheck.up(),
            ScriptedHealthCheck.down("a"),
            ScriptedHealthCheck.down("b"),
            ScriptedHealthCheck.down("c"));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("3 probes in a row failed after it had been up");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void probeThatHangsThrowsOrAnswersNullIsDown() {
    for (HealthCheck check :
        List.<HealthCheck>of(
            ScriptedHealthCheck.hang(),
            ScriptedHealthCheck.fail(new IllegalStateException("bug")),
            instance -> CompletableFuture.completedFuture(null),
            instance -> null)) {
      Shop fresh = Shop.web();
      fresh.health = check;
      assertThat(fresh.deploy(V1).outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(fresh.running()).isEmpty();
    }
  }

  @Test
  void versionThatIsLiveIsNotDeployedAgainUnlessAskedTo() {
    shop.deploy(V1);

    assertThat(shop.deploy(V1).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.manager().run(Operation.deploy(V1).redeploy()).outcome())
        .isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void rollbackGoesToTheWarmFormerLiveColour() {
    shop.withTwo();

    DeploymentResult result = shop.manager().rollback();

    assertThat(result.outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(result.achieved()).isTrue();
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void rollbackToASickColourLeavesTheTrafficWhereItIs() {
    shop.withTwo();
    shop.health = ScriptedHealthCheck.of("web", GREEN, ScriptedHealthCheck.down("sick"));

    DeploymentResult result = shop.manager().rollback();

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void rollbackToADeadProcessIsRefusedByItsLauncherWhateverAnswersOnItsPort() {
    shop.withTwo();
    shop.launcher.exit("web", GREEN, "killed");

    assertThat(shop.manager().rollback().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void rollbackWithNothingToGoBackToIsRefused() {
    shop.deploy(V1);

    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("nothing to go back to")
        .hasMessageContaining("web green");
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
  void forceSkipsTheProofsAndIsSeenInTheHistory() {
    shop.deploy(V1);
    shop.health = ScriptedHealthCheck.down("never up");

    DeploymentResult result =
        shop.manager().run(Operation.deploy(V2).force("the fix for the outage").by("ann", "INC-1"));

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    DeploymentRecord last = shop.manager().history().get(0);
    assertThat(last.force()).hasValue("the fix for the outage");
    assertThat(last.by()).isEqualTo("ann");
  }

  @Test
  void gradualShiftMovesInStepsAndAsksItsGates() {
    shop.deploy(V1);
    List<Duration> asked = new ArrayList<>();
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of("look")),
            10,
            50,
            100);

    DeploymentResult result =
        shop.builder()
            .gate(
                "look",
                context -> {
                  asked.add(context.held());
                  return Verdict.passed("fine");
                })
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.router.applied().stream().map(change -> change.to().share("web", BLUE)))
        .containsExactly(0, 10, 50, 100);
    assertThat(asked).hasSize(8);
  }

  @Test
  void failedGateMovesTheTrafficBackAndStopsTheCandidate() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of("errors")));

    DeploymentResult result =
        shop.builder()
            .gate(
                "errors",
                context ->
                    context.held().compareTo(Duration.ofMinutes(29)) >= 0
                        ? Verdict.failed("5 % errors")
                        : Verdict.passed("fine"))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("5 % errors");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(shop.time.elapsed()).isGreaterThan(Duration.ofMinutes(29));
  }

  @Test
  void gateThatNeverGivesAVerdictIsNeverAPass() {
    for (Gate gate :
        List.<Gate>of(
            context -> Verdict.inconclusive("no data"),
            context -> null,
            context -> {
              throw new IllegalStateException("bug");
            })) {
      Shop fresh = Shop.web();
      fresh.deploy(V1);
      fresh.policy =
          DeploymentPolicy.DEFAULT.bake(
              new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g")));
      DeploymentResult result = fresh.builder().gate("g", gate).build().deployNewVersion(V2);
      assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.reason()).contains("gave no verdict");
    }
  }

  @Test
  void bothColoursBadLeavesTheSplitAndSaysThatAPersonIsNeeded() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g")));
    shop.health = ScriptedHealthCheck.of("web", GREEN, ScriptedHealthCheck.down("sick too"));

    DeploymentResult result =
        shop.builder().gate("g", context -> Verdict.failed("bad")).build().deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(result.reason()).contains("bad").contains("sick too").contains("serving: web blue");
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).contains("web/blue 2");
  }

  @Test
  void failureAfterAFirstDeploymentIsFrozenBecauseThereIsNothingToGoBackTo() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g")));

    DeploymentResult result =
        shop.builder().gate("g", context -> Verdict.failed("bad")).build().deployNewVersion(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void freezeOnFailureLeavesTrafficAndSlots() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT
            .with(DeploymentPolicy.Option.FREEZE_ON_FAILURE)
            .bake(new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g")));

    DeploymentResult result =
        shop.builder().gate("g", context -> Verdict.failed("bad")).build().deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void freezeOnFailureLeavesNothingWhereTheTrafficNeverMoved() {
    shop.deploy(V1);
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.FREEZE_ON_FAILURE);
    shop.router.next(RouterFault.FAIL_UNCHANGED);

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.REJECTED);

    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void promotionUnlessAbortedIsRefusedWhereNothingWaitsForApproval() {
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.PROMOTE_UNLESS_ABORTED);

    assertThatThrownBy(() -> shop.deploy(V1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without ASK_FOR_APPROVAL nothing waits");
  }

  @Test
  void serviceThatDoesNotAnswerAtItsFrontDoorIsMovedBack() {
    shop.deploy(V1);
    shop.health =
        instance ->
            CompletableFuture.completedFuture(
                instance.color() == BLUE && instance.endpoint().orElseThrow().getPort() == 1100
                    ? Health.down("502 at the front door")
                    : Health.up(""));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("502 at the front door");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void withoutAFrontDoorTheResultSaysThatItWasConfirmedByRouterTruthOnly() {
    Shop doorless =
        new Shop(Service.named("web").blue("http://127.0.0.1:1101").green("http://127.0.0.1:1102"));

    assertThat(doorless.deploy(V1).warnings()).anyMatch(w -> w.contains("router truth only"));
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
  void groupMovesInOneSwitch() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();
    int moves = group.router.applied().size();

    assertThat(group.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(group.router.applied()).hasSize(moves + 1);
    assertThat(group.live("web")).isEqualTo(BLUE);
    assertThat(group.live("api")).isEqualTo(BLUE);
  }

  @Test
  void oneServiceOfAGroupIsDeployedAloneAndEachHasItsOwnLiveColour() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();

    group.manager().run(Operation.deploy(V2).service("api")).orThrow();

    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.live("api")).isEqualTo(BLUE);
    assertThat(group.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(group.live("web")).isEqualTo(BLUE);
    assertThat(group.live("api")).isEqualTo(GREEN);
  }

  @Test
  void oneSickServiceRejectsTheWholeGroup() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();
    group.health = ScriptedHealthCheck.of("api", BLUE, ScriptedHealthCheck.down("boom"));

    assertThat(group.deploy(V2).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.running()).isEqualTo("web/green 1, api/green 1");
  }

  @Test
  void groupOnARouterThatIsNotAtomicIsRefusedUnlessAccepted() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.router.without(Guarantee.ATOMIC_GROUP);

    assertThatThrownBy(() -> group.deploy(V1))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("ATOMIC_GROUP");
    assertThat(group.running()).isEmpty();
    group.policy = DeploymentPolicy.DEFAULT.acceptWithout(Guarantee.ATOMIC_GROUP);
    assertThat(group.deploy(V1).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void backgroundServiceIsHandedOverAfterTheTrafficAndNeverRunsTwice() {
    Shop group = new Shop(Shop.web("web", 1), Service.background("bot"));
    group.deploy(V1).orThrow();
    assertThat(group.running()).isEqualTo("web/green 1, bot/green 1");

    group.deploy(V2).orThrow();

    assertThat(group.running()).isEqualTo("web/green 1, web/blue 2, bot/blue 2");
    assertThat(group.manager().rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.running()).isEqualTo("web/green 1, web/blue 2, bot/green 1");
  }

  @Test
  void backgroundServiceThatDoesNotComeUpIsHandedBack() {
    Shop group = new Shop(Shop.web("web", 1), Service.background("bot"));
    group.deploy(V1).orThrow();
    group.health = ScriptedHealthCheck.of("bot", BLUE, ScriptedHealthCheck.down("no heartbeat"));

    DeploymentResult result = group.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.running()).isEqualTo("web/green 1, bot/green 1");
  }

  @Test
  void hooksRunInTheirPhasesAndAreUndoneBackwards() {
    List<String> ran = new ArrayList<>();
    shop.deploy(V1);
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("boom"));

    shop.builder()
        .hook(Phase.PREPARE, "one", noting(ran, "one"))
        .hook(Phase.PREPARE, "two", noting(ran, "two"))
        .hook(Phase.VERIFY, "never", noting(ran, "never"))
        .build()
        .deployNewVersion(V2);

    assertThat(ran).containsExactly("one", "two", "undo two", "undo one");
  }

  private static Hook noting(List<String> ran, String name) {
    return new Hook() {
      @Override
      public void run(Context context) {
        ran.add(name);
      }

      @Override
      public void undo(Context context) {
        ran.add("undo " + name);
      }
    };
  }

  @Test
  void hookThatThrowsRejectsTheDeployment() {
    DeploymentResult result =
        shop.builder()
            .hook(
                Phase.VERIFY,
                "acceptance",
                context -> {
                  throw new IllegalStateException("3 of 40 failed");
                })
            .build()
            .deployNewVersion(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("acceptance").contains("3 of 40 failed");
    assertThat(shop.running()).isEmpty();
  }

  @Test
  void trafficThatSomebodyMovedByHandIsReportedAndRefusedUntilItIsSettled() {
    shop.withTwo();
    shop.router.switchByHand("web", GREEN, 100);

    assertThatThrownBy(() -> shop.deploy(V3))
        .isInstanceOf(DriftException.class)
        .hasMessageContaining("RUNNING_DIFFERS")
        .hasMessageContaining("serves web green");
    assertThat(shop.manager().recover(Settlement.ADOPT, "ann").done()).isNotEmpty();
    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void repairMovesTheTrafficBackToWhatWasAcknowledgedIfThatIsHealthy() {
    shop.withTwo();
    shop.router.switchByHand("web", GREEN, 100);
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("sick"));
    assertThatThrownBy(() -> shop.manager().recover(Settlement.REPAIR, "ann"))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("sick");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    shop.health = ScriptedHealthCheck.up();

    shop.manager().recover(Settlement.REPAIR, "ann");

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
  void fullDiskStopsTheWayForwardBeforeAnythingIsLaunched() {
    shop.deploy(V1);
    shop.store.next(StoreFault.FAIL);

    assertThatThrownBy(() -> shop.deploy(V2)).isInstanceOf(StoreException.class);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void diskThatFillsUpInTheMiddleLetsTheWayBackGoOn() {
    shop.deploy(V1);
    DeploymentResult result =
        shop.builder()
            .hook(Phase.VERIFY, "fill", context -> shop.store.full(true))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.warnings()).anyMatch(w -> w.contains("without a record"));
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void managerThatLostItsLeaseActsNoMore() {
    shop.deploy(V1);
    BlueGreenManager manager =
        shop.builder().hook(Phase.VERIFY, "suspend", context -> shop.store.loseLease()).build();

    assertThatThrownBy(() -> manager.deployNewVersion(V2)).isInstanceOf(LeaseLostException.class);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void secondManagerIsToldWhoActs() {
    List<String> told = new ArrayList<>();
    BlueGreenManager other = shop.builder().store(shop.store.another()).build();
    shop.builder()
        .hook(
            Phase.VERIFY,
            "meanwhile",
            context ->
                assertThatThrownBy(() -> other.deployNewVersion(V2))
                    .isInstanceOf(DeploymentInProgressException.class)
                    .satisfies(e -> told.add(e.getMessage())))
        .build()
        .deployNewVersion(V1)
        .orThrow();

    assertThat(told).singleElement().asString().contains("pid").contains("group shop");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void tornStateIsNamedAndNeverReset() {
    shop.deploy(V1);
    shop.store.corrupt();

    assertThatThrownBy(() -> shop.deploy(V2))
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining("torn or was edited");
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void stateOfALaterFormatIsRefused() {
    shop.deploy(V1);
    String later =
        new String(shop.store.load().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8)
            .replaceFirst(
                "\"format\" : " + StateCodec.FORMAT, "\"format\" : " + (StateCodec.FORMAT + 1));
    shop.store.restore(later.getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThatThrownBy(() -> shop.deploy(V2))
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining("format " + (StateCodec.FORMAT + 1));
  }

  @Test
  void lastWeeksBackupOfTheStateIsNeverWrittenOver() {
    shop.deploy(V1);
    byte[] backup = shop.store.load().orElseThrow();
    BlueGreenManager manager =
        shop.builder().hook(Phase.VERIFY, "restore", context -> shop.store.restore(backup)).build();

    assertThatThrownBy(() -> manager.deployNewVersion(V2))
        .isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("replaced by somebody else");
    assertThat(shop.store.load().orElseThrow()).isEqualTo(backup);
  }

  @Test
  void listenerThatThrowsOrHangsBreaksNothing() {
    List<String> seen = new ArrayList<>();
    DeploymentResult result =
        shop.builder()
            .listener(
                event -> {
                  throw new IllegalStateException("bug");
                })
            .listener(
                event -> {
                  throw new AssertionError("bug");
                })
            .listener(event -> shop.time.hang())
            .listener(event -> seen.add(event.describe()))
            .build()
            .deployNewVersion(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(seen).isNotEmpty();
  }

  @Test
  void whatAHookThrowsIsToldInItsOwnWords() {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("3 rows are left"),
            new AssertionError("3 rows are left"),
            new java.util.concurrent.CompletionException(
                new java.io.IOException("3 rows are left")))) {
      DeploymentResult result =
          Shop.web()
              .builder()
              .hook(
                  Phase.VERIFY,
                  "smoke",
                  context -> {
                    if (thrown instanceof Error error) {
                      throw error;
                    }
                    throw (Exception) thrown;
                  })
              .build()
              .deployNewVersion(V1);

      assertThat(result.reason()).startsWith("hook smoke failed: 3 rows are left; serving: ");
    }
  }

  @Test
  void eventsTellTheWholeStoryInOrder() {
    shop.deploy(V1);

    assertThat(shop.events.events().stream().map(event -> event.getClass().getSimpleName()))
        .containsExactly(
            "Started",
            "PhaseEntered",
            "Launched",
            "PhaseEntered",
            "Probed",
            "Probed",
            "PhaseEntered",
            "TrafficMoved",
            "PhaseEntered",
            "Probed",
            "Probed",
            "Ended");
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
  void historyIsBoundedAndTheLatestComesFirst() {
    shop.withTwo();
    for (int i = 0; i < BlueGreenManager.HISTORY + 5; i++) {
      shop.manager().switchTraffic(i % 2 == 0 ? GREEN : BLUE).orThrow();
    }

    List<DeploymentRecord> history = shop.manager().history();

    assertThat(history).hasSize(BlueGreenManager.HISTORY);
    assertThat(history.get(0).startedAt()).isAfter(history.get(1).startedAt());
  }

  @Test
  void proofThatHasGrownOldWhileTheTrafficWasHeldIsMadeAnewBeforeTheNextMove() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofMinutes(5), Duration.ofMinutes(1), List.of()), 10, 100);
    shop.health =
        instance ->
            CompletableFuture.completedFuture(
                instance.color() == BLUE && shop.time.elapsed().compareTo(Duration.ofMinutes(3)) > 0
                    ? Health.down("died while held")
                    : Health.up(""));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("died while held");
    assertThat(shop.live("web")).isEqualTo(GREEN);
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

  @Test
  void storeIsSharedByManagersOneAfterAnother() {
    InMemoryStateStore again = shop.store.another();
    shop.deploy(V1);

    assertThat(again.load()).isPresent();
    assertThat(again.holder()).isEmpty();
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

  @Test
  void everyEffectIsSavedAsIntentBeforeItHappens() {
    shop.withTwo();
    List<String> unannounced = new ArrayList<>();
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          String effect = life.effects().get(life.effects().size() - 1);
          OpenDeployment open = Journal.read(shop.store.another(), "shop").open;
          String intent =
              open == null
                  ? ""
                  : open.last().map(entry -> entry.mark() + " " + entry.kind()).orElse("");
          boolean announced =
              effect.startsWith("apply")
                  ? intent.equals("INTENT MOVE")
                  : effect.startsWith("launch")
                      ? intent.equals("INTENT LAUNCH")
                      : !effect.startsWith("stop") || intent.equals("INTENT STOP");
          if (!announced) {
            unannounced.add(effect + " after " + intent);
          }
        });

    shop.builder(life).build().deployNewVersion(V3).orThrow();

    assertThat(life.effects()).anyMatch(effect -> effect.startsWith("apply"));
    assertThat(unannounced).isEmpty();
  }

  @Test
  void serviceThatWasNeverDeployedHasAFirstDeploymentAlsoAfterTheOthersWereSwitched() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.manager().run(Operation.deploy(V1).service("web")).orThrow();
    group.policy = DeploymentPolicy.DEFAULT.shift(Watch.NONE, 10, 100);
    int moves = group.router.applied().size();

    group.manager().run(Operation.deploy(V1).service("api")).orThrow();

    assertThat(group.router.applied()).as("a first deployment is never gradual").hasSize(moves + 1);
    assertThat(group.live("api")).isEqualTo(GREEN);
    assertThatThrownBy(() -> group.manager().run(Operation.rollback().service("api")))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("nothing to go back to");
  }

  @Test
  void switchOfAGroupLeavesNothingToGoBackToWhereAServiceWasOnThatColourAlready() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();
    group.manager().run(Operation.deploy(V2).service("api")).orThrow();

    group.manager().switchTraffic(GREEN).orThrow();

    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.live("api")).isEqualTo(GREEN);
    assertThatThrownBy(() -> group.manager().run(Operation.rollback().service("web")))
        .isInstanceOf(OperationRefusedException.class);
    group.manager().rollback().orThrow();
    assertThat(group.live("api")).isEqualTo(BLUE);
    assertThat(group.live("web")).isEqualTo(GREEN);
  }

  @Test
  void stateCanBeReadByAPerson() {
    shop.deploy(V1);

    String state =
        new String(shop.store.load().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);

    assertThat(state)
        .contains("\"web/green\"")
        .contains("\"version\" : \"1\"")
        .contains("RUNNING (fake)")
        .contains("passes in a row at")
        .contains("\"operation\" : \"deploy 1\"");
  }
}
