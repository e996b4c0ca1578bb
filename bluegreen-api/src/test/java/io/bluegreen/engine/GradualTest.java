package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A switch or a rollback goes by the policy's shift if it is asked to; a way back after a failure
 * never does.
 */
class GradualTest {
  private static final DeploymentPolicy RAMP =
      DeploymentPolicy.DEFAULT.shift(Watch.lasting(Duration.ofMinutes(1)), 10, 50, 100);

  private final Shop shop = Shop.web().withTwo();

  private List<String> moves() {
    return shop.events.events(TrafficEvent.TrafficMoved.class).stream()
        .skip(2)
        .map(moved -> moved.to().toString())
        .toList();
  }

  @Test
  void rollbackIsOneSwitchUnlessItIsAskedToGoGradually() {
    assertThat(shop.manager().run(Operation.rollback().policy(RAMP)).outcome())
        .isEqualTo(Outcome.WENT_BACK);
    assertThat(moves()).containsExactly("web green");
  }

  @Test
  void gradualRollbackGoesByTheShiftOfThePolicy() {
    Operation asked = Operation.rollback().policy(RAMP).gradually();
    assertThat(shop.manager().plan(asked).describe())
        .startsWith("rollback gradually\n")
        .contains("move the traffic to web 10% green", "hold for 1 min");
    DeploymentResult result = shop.manager().run(asked);
    assertThat(result.outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(moves()).containsExactly("web 10% green", "web 50% green", "web green");
    assertThat(shop.manager().history().get(0).operation()).isEqualTo("rollback gradually");
  }

  @Test
  void gradualSwitchGoesByTheShiftOfThePolicy() {
    DeploymentResult result =
        shop.manager().run(Operation.switchTo(Color.GREEN).policy(RAMP).gradually());
    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(moves()).containsExactly("web 10% green", "web 50% green", "web green");
  }

  @Test
  void gradualSwitchNeverTakesTrafficFromTheColourThatItGoesTo() {
    shop.manager().run(Operation.switchTo(Color.GREEN));
    DeploymentPolicy frozen = RAMP.with(DeploymentPolicy.Option.FREEZE_ON_FAILURE).steps(30, 100);
    ScriptedHealthCheck scripted = ScriptedHealthCheck.up();
    shop.health = scripted;
    BlueGreenManager manager =
        shop.builder()
            .listener(
                Shop.when(
                    TrafficEvent.TrafficMoved.class,
                    "web 70% green",
                    () -> scripted.on("web", Color.BLUE, ScriptedHealthCheck.down("sick"))))
            .build();
    DeploymentResult half = manager.run(Operation.switchTo(Color.BLUE).policy(frozen).gradually());
    assertThat(half.outcome()).isEqualTo(Outcome.FROZEN);
    shop.health = ScriptedHealthCheck.up();
    assertThat(
            shop.manager().run(Operation.switchTo(Color.GREEN).policy(RAMP).gradually()).outcome())
        .isEqualTo(Outcome.PROMOTED);
    assertThat(moves()).containsExactly("web green", "web 70% green", "web green");
  }

  @Test
  void wayBackFromAGradualRollbackIsOneSwitch() {
    ScriptedHealthCheck scripted = ScriptedHealthCheck.up();
    shop.health = scripted;
    BlueGreenManager manager =
        shop.builder()
            .listener(
                Shop.when(
                    TrafficEvent.TrafficMoved.class,
                    "to web 50% green",
                    () -> scripted.on("web", Color.GREEN, ScriptedHealthCheck.down("sick"))))
            .build();
    DeploymentResult result = manager.run(Operation.rollback().policy(RAMP).gradually());
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(moves()).containsExactly("web 10% green", "web 50% green", "web blue");
  }

  @Test
  void suspendedGradualRollbackIsCarriedOnAsOne() {
    BlueGreenManager first = shop.manager();
    shop.time.after(Duration.ofSeconds(15), first::close);
    assertThat(first.run(Operation.rollback().policy(RAMP).gradually()).outcome())
        .isEqualTo(Outcome.SUSPENDED);
    DeploymentResult result = shop.manager().carryOn();
    assertThat(result.outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(result.operation().isGradual()).isTrue();
    assertThat(moves()).containsExactly("web 10% green", "web 50% green", "web green");
  }

  @Test
  void operationThatMovesNoTrafficCantBeGradual() {
    assertThatThrownBy(() -> Operation.stopCandidate().gradually())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("gradually() is for what moves traffic; this operation is: stop candidate");
    assertThat(Operation.deploy(Shop.V1).gradually()).hasToString("deploy 1");
  }
}
