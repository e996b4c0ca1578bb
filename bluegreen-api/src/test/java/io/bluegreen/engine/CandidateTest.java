package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.testing.LaunchFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The candidate gets no traffic unless it is proved. */
class CandidateTest {
  private final Shop shop = Shop.web();

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
  void proofThatHasGrownOldWhileTheTrafficWasHeldIsMadeAgainBeforeTheNextMove() {
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
}
