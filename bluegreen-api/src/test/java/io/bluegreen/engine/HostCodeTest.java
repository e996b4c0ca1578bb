package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Hook;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the host's hooks and listeners, also those that throw or hang. */
class HostCodeTest {
  private final Shop shop = Shop.web();

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
}
