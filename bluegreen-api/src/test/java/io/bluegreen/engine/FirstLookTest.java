package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Status;
import io.bluegreen.Switch;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A colour that serves when the library comes is live if it is healthy, no matter who started it.
 */
class FirstLookTest {
  private final Shop shop = Shop.web();

  private void servesAlready() {
    shop.router.listening("web", Color.BLUE, Listening.YES);
  }

  private Color live() {
    return ((RouterTruth.Known) shop.router.current()).running().sole("web").orElseThrow();
  }

  @Test
  void healthyColourThatServesIsLiveSoThatTheFirstDeploymentIsGradual() {
    servesAlready();
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            Watch.lasting(Duration.ofMinutes(1)).every(Duration.ofSeconds(10)), 10, 50, 100);
    try (BlueGreenManager manager = shop.manager()) {
      DeploymentResult result = manager.deployNewVersion(V1);
      assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.PROMOTED);
      assertThat(result.warnings())
          .anySatisfy(
              warning ->
                  assertThat(warning)
                      .contains("web/blue gets the traffic and is healthy")
                      .contains("its version is not known"));
    }
    assertThat(shop.router.applied().stream().map(Switch::to))
        .extracting(split -> split.share("web", Color.GREEN))
        .containsExactly(10, 50, 100);
  }

  @Test
  void failedGateSendsEverybodyBackToWhatServedBefore() {
    servesAlready();
    shop.policy =
        DeploymentPolicy.DEFAULT
            .steps(50, 100)
            .shift(
                Watch.lasting(Duration.ofMinutes(1)).every(Duration.ofSeconds(10)).gates("slow"));
    try (BlueGreenManager manager =
        shop.builder().gate("slow", context -> Verdict.failed("too slow")).build()) {
      DeploymentResult result = manager.deployNewVersion(V1);
      assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(live()).isEqualTo(Color.BLUE);
      assertThat(manager.status().drift()).isEmpty();
      assertThat(manager.status().unassigned()).isEmpty();
      assertThat(slot(manager.status(), Color.BLUE).live()).isTrue();
    }
  }

  @Test
  void rollbackGoesBackToWhatServedBefore() {
    servesAlready();
    try (BlueGreenManager manager = shop.manager()) {
      manager.deployNewVersion(V1).orThrow();
      DeploymentResult back = manager.rollback();
      assertThat(back.outcome()).as("%s", back).isEqualTo(Outcome.WENT_BACK);
      assertThat(live()).isEqualTo(Color.BLUE);
    }
  }

  @Test
  void nothingIsLiveWhereNothingAcceptsAConnection() {
    try (BlueGreenManager manager = shop.manager()) {
      assertThat(manager.status().unassigned()).containsExactly("web");
      manager.deployNewVersion(V1).orThrow();
      assertThatThrownBy(manager::rollback)
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("nothing was live before");
    }
  }

  @Test
  void colourThatListensAndIsNotHealthyIsRefusedBeforeAnythingIsTouchedAndForceTakesItForLive() {
    servesAlready();
    shop.health =
        check(instance -> instance.color() == Color.BLUE ? Health.down("503") : Health.up(""));
    try (BlueGreenManager manager = shop.manager()) {
      for (Operation operation : List.of(Operation.deploy(V1), Operation.switchTo(Color.GREEN))) {
        assertThatThrownBy(() -> manager.run(operation))
            .isInstanceOf(OperationRefusedException.class)
            .hasMessageContaining("accepts connections, but its check says DOWN (503)")
            .hasMessageContaining("run(Operation.adopt(release).service(\"web\").force(why))");
      }
      assertThatThrownBy(() -> manager.plan(Operation.deploy(V1)))
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("503");
      assertThat(manager.status().warnings()).anyMatch(warning -> warning.contains("503"));
      assertThat(manager.status().unassigned()).containsExactly("web");
      assertThat(manager.history()).isEmpty();
      assertThat(shop.router.applied()).isEmpty();
      assertThat(shop.launcher.launches()).isEmpty();

      DeploymentResult forced = manager.run(Operation.deploy(V1).force("it is known to be sick"));
      assertThat(forced.outcome()).as("%s", forced).isEqualTo(Outcome.PROMOTED);
      assertThat(forced.warnings()).anyMatch(warning -> warning.contains("by force"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Listening.class,
      names = {"NO", "UNKNOWN"})
  void instanceThatIsNotLikeTheOthersOrDoesNotAnswerIsRefused(Listening of) {
    Shop two =
        new Shop(
            Service.named("web")
                .blue("http://127.0.0.1:1101", "http://127.0.0.1:1102")
                .green("http://127.0.0.1:1201", "http://127.0.0.1:1202")
                .frontDoor("http://127.0.0.1:1100"));
    two.router.listening("web", Color.BLUE, Listening.YES, of);
    try (BlueGreenManager manager = two.manager()) {
      assertThatThrownBy(() -> manager.deployNewVersion(V1))
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("1102");
      assertThat(two.launcher.launches()).isEmpty();
    }
  }

  @Test
  void oneServiceIsFoundLiveWhileAnotherIsNew() {
    Shop two = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    two.router.listening("web", Color.BLUE, Listening.YES);
    two.policy = DeploymentPolicy.DEFAULT.steps(50, 100);
    try (BlueGreenManager manager = two.manager()) {
      assertThat(manager.status().unassigned()).containsExactly("api");
      manager.deployNewVersion(V1).orThrow();
    }
    assertThat(two.router.applied().get(0).to().share("web", Color.GREEN)).isEqualTo(50);
    assertThat(two.router.applied().get(0).to().share("api", Color.GREEN)).isEqualTo(100);
  }

  @Test
  void deploymentThatIsKilledGoesBackToWhatServedBefore() {
    servesAlready();
    shop.policy = DeploymentPolicy.DEFAULT.steps(50, 100);
    try (BlueGreenManager killed = shop.builder(Shop.dyingAfter("apply")).build()) {
      assertThatThrownBy(() -> killed.deployNewVersion(V1)).isInstanceOf(Crash.class);
    }
    try (BlueGreenManager next = shop.manager()) {
      next.recover();
      assertThat(live()).isEqualTo(Color.BLUE);
      assertThat(next.status().drift()).isEmpty();
      next.deployNewVersion(V2).orThrow();
      assertThat(live()).isEqualTo(Color.GREEN);
    }
  }

  private static Status.SlotStatus slot(Status status, Color color) {
    return status.slots().stream()
        .filter(slot -> slot.slot().color() == color)
        .findFirst()
        .orElseThrow();
  }

  private static io.bluegreen.HealthCheck check(
      java.util.function.Function<Instance, Health> answer) {
    return instance -> CompletableFuture.completedFuture(answer.apply(instance));
  }
}
