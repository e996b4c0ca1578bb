package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Status;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.ScriptedHealthCheck;
import org.junit.jupiter.api.Test;

/** A service that was never assigned is told as "nothing yet", whatever the proxy's default is. */
class NothingYetTest {
  private final Shop shop = new Shop(Shop.web("web", 1), Shop.web("api", 2));

  @Test
  void resultsEventsPlansAndRefusalsSayNothingYetServiceByService() {
    assertThatThrownBy(() -> shop.manager().rollback())
        .hasMessageContaining("api nothing yet, web nothing yet");
    shop.health = ScriptedHealthCheck.down("sick");
    assertThat(shop.deploy(V1).reason()).contains("serving: api nothing yet, web nothing yet");
    shop.health = ScriptedHealthCheck.up();

    Operation first = Operation.deploy(V1).service("web");
    assertThat(shop.manager().plan(first).describe()).contains("move the traffic to web green (");
    DeploymentResult result = shop.manager().run(first);

    assertThat(result.reason()).contains("serving: api nothing yet, web green");
    assertThat(shop.manager().run(first).reason()).contains("serving: api nothing yet, web green");
    assertThat(shop.events.events())
        .extracting(DeploymentEvent::describe)
        .anySatisfy(
            told ->
                assertThat(told)
                    .contains("traffic moved to api nothing yet, web green")
                    .contains("(was api nothing yet, web nothing yet)"));

    assertThat(shop.deploy(V2).reason()).contains("serving: api green, web blue");
  }

  @Test
  void firstDeploymentThatWasKilledAfterItsMoveIsReportedAsServing() {
    Shop web = Shop.web();
    BlueGreenManager killed = web.builder(Shop.dyingAfter("apply")).build();
    assertThatThrownBy(() -> killed.deployNewVersion(V1)).isInstanceOf(Crash.class);

    assertThat(web.manager().status().slots())
        .filteredOn(Status.SlotStatus::live)
        .extracting(slot -> slot.slot().toString())
        .containsExactly("web/green");
    assertThat(web.manager().recover().found()).contains("the router serves web green");
  }

  @Test
  void serviceThatSomebodyMovedAndThatWasAdoptedIsLiveAndCanBeGoneBackTo() {
    shop.manager().run(Operation.deploy(V1).service("web")).orThrow();
    startByHand(shop, "api");
    shop.router.switchByHand("api", GREEN, 100);
    shop.manager().recover(RecoveryChoice.ADOPT, "ann");

    DeploymentResult result = sickInItsBake(shop, "api");

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(shop.live("api")).isEqualTo(GREEN);
  }

  @Test
  void slotThatServesBeforeTheFirstSwitchCanBeGoneBackToThoughOursWasStoppedThere() {
    Shop web = Shop.web();
    web.health = ScriptedHealthCheck.down("sick");
    assertThat(web.deploy(V1).outcome()).isEqualTo(Outcome.REJECTED);
    startByHand(web, "web");
    web.router.switchByHand("web", GREEN, 100);

    DeploymentResult result = sickInItsBake(web, "web");

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(web.live("web")).isEqualTo(GREEN);
  }

  private static void startByHand(Shop shop, String service) {
    shop.launcher.launch(new Group("shop", shop.services).slot(service, GREEN), V1, "byhand");
  }

  private static DeploymentResult sickInItsBake(Shop shop, String service) {
    ScriptedHealthCheck health = ScriptedHealthCheck.up();
    shop.health = health;
    shop.policy = Shop.BAKING;
    return shop.builder()
        .listener(
            Shop.when(
                ProgressEvent.PhaseEntered.class,
                "BAKE",
                () -> health.on(service, BLUE, ScriptedHealthCheck.down("sick"))))
        .build()
        .run(Operation.deploy(V2).service(service));
  }
}
