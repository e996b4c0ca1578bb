package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A finding at a front door names the front door, and a front door may have a check of its own. */
class FrontDoorTest {
  private static final String DOOR = "http://127.0.0.1:1100";

  private final List<Instance> asked = new ArrayList<>();
  private Health atTheDoor = Health.up("");
  private final AtomicInteger closed = new AtomicInteger();

  private final HealthCheck own =
      new HealthCheck() {
        @Override
        public CompletableFuture<Health> probe(Instance instance) {
          asked.add(instance);
          return CompletableFuture.completedFuture(atTheDoor);
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };

  private final Shop shop = new Shop(Shop.web("web", 1).frontDoor(DOOR, own));

  @Test
  void frontDoorThatIsDownIsNamedEverywhereAndNotTheSlotBehindIt() {
    shop.deploy(V1).orThrow();
    atTheDoor = Health.down("444");
    asked.clear();

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason())
        .startsWith("front door of web " + DOOR + ": unhealthy: not proved within ")
        .contains("; front door of web " + DOOR + " DOWN (444)");
    assertThat(result.failedProbe()).contains("front door of web " + DOOR + " DOWN (444)");
    assertThat(shop.manager().history().get(0).reason()).isEqualTo(result.reason());
    assertThat(shop.events.lines())
        .contains(
            "front door of [web] 0 of 1 up, pass 0 of 2: front door of web "
                + DOOR
                + " DOWN (444)");
    assertThat(result.reason() + shop.events.lines()).doesNotContain("web/blue[0] " + DOOR);
    assertThat(shop.events.events(ProgressEvent.Started.class).get(1).steps())
        .contains("confirm at the front door of web");
  }

  @Test
  void frontDoorHasACheckOfItsOwnWhichKnowsTheVersionThatUsersAreToGet() {
    shop.deploy(V1).orThrow();
    shop.deploy(V2).orThrow();
    shop.manager().rollback().orThrow();

    assertThat(asked).allMatch(Instance::atFrontDoor);
    assertThat(asked.stream().map(Instance::version).distinct())
        .containsExactly(Optional.of("1"), Optional.of("2"));
    assertThat(asked.get(asked.size() - 1).version()).contains("1");
    assertThat(asked.get(asked.size() - 1).color()).isEqualTo(GREEN);
  }

  @Test
  void frontDoorWithoutACheckOfItsOwnIsCheckedAsTheService() {
    List<Instance> seen = new ArrayList<>();
    Shop plain = Shop.web();
    plain.health =
        instance -> {
          seen.add(instance);
          return CompletableFuture.completedFuture(Health.up(""));
        };

    plain.deploy(V1).orThrow();

    assertThat(seen).anyMatch(Instance::atFrontDoor).allMatch(one -> one.version().isPresent());
  }

  @Test
  void colourWhoseVersionIsNotKnownIsConfirmedWithoutItAndTheResultSaysSo() {
    shop.router.switchByHand("web", BLUE, 100);
    BlueGreenManager manager =
        shop.builder().launcher(Launcher.external()).healthCheck(ScriptedHealthCheck.up()).build();
    manager.recover(RecoveryChoice.ADOPT, "ann");

    DeploymentResult result = manager.switchTraffic(GREEN);

    assertThat(result.achieved()).isTrue();
    assertThat(asked).isNotEmpty().allMatch(one -> one.version().isEmpty());
    assertThat(result.warnings())
        .anyMatch(
            warning ->
                warning.startsWith("the record does not know which version runs on web/green")
                    && warning.endsWith("the front door is confirmed without it"));
  }

  @Test
  void frontDoorsCheckIsClosedWithTheOthers() {
    shop.manager().close();

    assertThat(closed).hasValue(1);
  }
}
