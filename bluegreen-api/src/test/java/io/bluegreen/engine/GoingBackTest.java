package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests what makes a deployment go back while its traffic is moved or watched, and where there is
 * no way back.
 */
class GoingBackTest {
  private final Shop shop = Shop.web();

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
}
