package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static io.bluegreen.engine.Shop.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.Service;
import io.bluegreen.SlotEvent;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that the launcher sees, and that is not on record, is neither started a second time nor
 * stopped.
 */
class SeenByTheLauncherTest {
  private final Shop shop = new Shop(Shop.web("web", 1), Service.background("bot"));

  /** Makes a check that sees only what we started; the launcher alone sees more. */
  SeenByTheLauncherTest() {
    shop.health =
        HealthCheck.blocking(
            instance ->
                instance.service().equals("web")
                        || shop.running("bot/" + instance.color().label()).size() == 1
                    ? Health.up("")
                    : Health.down("no process"));
  }

  @Test
  void candidateThatIsStartedByHandWhileItIsEmptiedIsNotDoubled() {
    shop.withTwo();
    boolean[] appears = new boolean[1];
    Launcher seeing = seeing("web/green", appears);
    DeploymentListener meanwhile =
        when(SlotEvent.Stopped.class, "web/green", () -> appears[0] = true);

    DeploymentResult result =
        shop.builder().launcher(seeing).listener(meanwhile).build().deployNewVersion(V3);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("the launcher says of web/green RUNNING (pid 4711)");
    assertThat(shop.running("web")).containsExactly("web/blue 2");
  }

  private Launcher seeing(String slot, boolean[] appears) {
    Launcher seeing = mock(Launcher.class, delegatesTo(shop.launcher));
    doAnswer(
            call -> {
              LaunchState state = shop.launcher.state(call.getArgument(0), call.getArgument(1));
              boolean here = call.getArgument(0).toString().equals(slot);
              return appears[0] && here && state.kind() == LaunchState.Kind.ABSENT
                  ? LaunchState.running("pid 4711")
                  : state;
            })
        .when(seeing)
        .state(any(), anyString());
    return seeing;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bot/blue", "bot/green", "web/green"})
  void unrecordedProcessThatTheLauncherSeesIsRejectedWhateverTheCheckSays(String slot) {
    Launcher seeing = seeing(slot, new boolean[] {true});

    DeploymentResult result = shop.builder().launcher(seeing).build().deployNewVersion(V1);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason())
        .contains("the launcher says of " + slot + " RUNNING (pid 4711)")
        .contains("nothing of that is on record");
    assertThat(shop.running()).isEmpty();
  }

  @Test
  void wayBackDoesNotDoubleAProcessThatTheLauncherSees() {
    shop.deploy(V1).orThrow();
    boolean[] appears = new boolean[1];
    Launcher seeing = seeing("bot/blue", appears);
    shop.policy = Shop.BAKING;
    BlueGreenManager manager =
        shop.builder().launcher(seeing).listener(Shop.goingBack(() -> appears[0] = true)).build();
    shop.time.after(Duration.ofMinutes(5), () -> shop.launcher.exit("web", BLUE, "oom"));

    DeploymentResult result = manager.deployNewVersion(V2);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLBACK_FAILED);
    assertThat(result.reason().toLowerCase(Locale.ROOT))
        .contains("bot/green is not started, because");
    assertThat(shop.running("bot")).isEmpty();
  }
}
