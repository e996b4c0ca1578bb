package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Hook;
import io.bluegreen.HookRefusedException;
import io.bluegreen.LaunchException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A hook that refuses has done nothing; one that fails in another way may have done all of its
 * work.
 */
class RefusedHookTest {
  private final Shop shop = Shop.web();
  private final List<String> hooked = new ArrayList<>();

  @Test
  void hookThatRefusesIsNotUndoneAndIsNoPointOfNoReturn() {
    shop.deploy(V1);

    DeploymentResult result =
        shop.builder()
            .hook(Phase.PREPARE, "fetch", hook(false, null))
            .hook(Phase.PREPARE, "migrate", hook(true, new HookRefusedException("no connection")))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("no connection");
    assertThat(hooked).containsExactly("ran", "ran", "undid");
  }

  @Test
  void hookThatFailsOtherwiseIsAPointOfNoReturnThatWasPassed() {
    shop.deploy(V1);

    DeploymentResult result =
        shop.builder()
            .hook(Phase.PREPARE, "migrate", hook(true, new IllegalStateException("half done")))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(hooked).containsExactly("ran");
  }

  @Test
  void refusalOfALauncherInsideAHookDoesNotMeanThatTheHookDidNothing() {
    shop.deploy(V1);

    DeploymentResult result =
        shop.builder()
            .hook(
                Phase.PREPARE,
                "migrate",
                hook(false, new LaunchException("taken", LaunchException.Effect.UNCHANGED)))
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(hooked).containsExactly("ran", "undid");
  }

  private Hook hook(boolean pointOfNoReturn, @Nullable RuntimeException fails) {
    return new Hook() {
      @Override
      public void run(Context context) {
        hooked.add("ran");
        if (fails != null) {
          throw fails;
        }
      }

      @Override
      public void undo(Context context) {
        hooked.add("undid");
      }

      @Override
      public boolean isPointOfNoReturn() {
        return pointOfNoReturn;
      }
    };
  }
}
