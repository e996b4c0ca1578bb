package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static io.bluegreen.engine.Shop.goingBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Operation;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.LaunchFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests what is left by a way back that failed or could not be recorded; the simulation found these
 * cases.
 */
class WayBackTest {
  private static final DeploymentPolicy GRADUAL =
      DeploymentPolicy.DEFAULT.shift(
          new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of()), 10, 100);

  private static Shop webAndBot() {
    Shop both = new Shop(Shop.web("web", 1), Service.background("bot"));
    both.deploy(V1);
    both.health = ScriptedHealthCheck.of("bot", BLUE, ScriptedHealthCheck.down("no heartbeat"));
    return both;
  }

  @Test
  void candidateOfAHandoverThatCouldNotBeStoppedIsStoppedBeforeTheNextOne() {
    Shop both = webAndBot();
    both.builder()
        .listener(goingBack(() -> both.launcher.next(LaunchFault.FAIL_TO_STOP)))
        .build()
        .deployNewVersion(V2);
    both.health = ScriptedHealthCheck.up();

    both.deploy(V3).orThrow();

    assertThat(both.running("bot")).containsExactly("bot/blue 3");
  }

  @Test
  void serviceThatWasStartedAgainWithoutARecordIsFoundWhenAPersonSettles() {
    Shop both = webAndBot();
    both.builder().listener(goingBack(() -> both.store.full(true))).build().deployNewVersion(V2);
    both.store.full(false);
    both.health = ScriptedHealthCheck.up();
    both.router.switchByHand("web", BLUE, 50);
    assertThat(both.running("bot")).containsExactly("bot/green 1");

    both.manager().recover(RecoveryChoice.ADOPT, "ann");
    both.manager().run(Operation.switchTo(GREEN).force("both colours have traffic")).orThrow();
    both.deploy(V3).orThrow();

    assertThat(both.running("bot")).containsExactly("bot/blue 3");
  }

  @Test
  void wayBackThatIsRepeatedWithoutARecordIsNotAheadOfIt() {
    Shop shop = Shop.web();
    shop.deploy(V1);
    shop.policy = GRADUAL;
    Incarnation first = Shop.dyingAfter("apply");
    assertThatThrownBy(() -> shop.builder(first).build().deployNewVersion(V2))
        .isInstanceOf(Crash.class);
    Incarnation second = Shop.dyingAfter("apply");
    assertThatThrownBy(() -> shop.builder(second).build().recover()).isInstanceOf(Crash.class);

    shop.builder().listener(goingBack(() -> shop.store.full(true))).build().recover();

    long recorded = StateCodec.read(shop.store.load().orElseThrow()).generation;
    RouterTruth.Known truth = (RouterTruth.Known) shop.manager().status().truth();
    assertThat(truth.running().sole("web")).contains(GREEN);
    assertThat(truth.generation()).isLessThanOrEqualTo(recorded);
  }
}
