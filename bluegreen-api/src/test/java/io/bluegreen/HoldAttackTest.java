package io.bluegreen;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.Shop.V1;
import static io.bluegreen.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Candidates and meters that do what they should not while the traffic is held. */
class HoldAttackTest {
  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  void candidateThatIsDownAtTheLastLookIsNotPromoted() {
    ScriptedHealthCheck health = ScriptedHealthCheck.up();
    shop.health = health;
    shop.time.after(
        Duration.ofMinutes(30),
        () -> health.on("web", BLUE, ScriptedHealthCheck.down("out of memory")));

    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 probes in a row").contains("out of memory");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void candidateThatIsDownOnceAtTheLastLookAndUpAgainIsPromoted() {
    ScriptedHealthCheck health = ScriptedHealthCheck.up();
    shop.health = health;
    shop.time.after(
        Duration.ofMinutes(30),
        () ->
            health.on("web", BLUE, ScriptedHealthCheck.down("restart"), ScriptedHealthCheck.up()));
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
  }
}
