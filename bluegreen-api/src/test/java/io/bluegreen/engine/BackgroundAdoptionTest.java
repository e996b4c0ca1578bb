package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Production.production;
import static io.bluegreen.engine.Production.run;
import static io.bluegreen.engine.Shop.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.LaunchFinding;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.testing.LaunchFault;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A background service that runs already is adopted, if it is clear which colour runs. */
class BackgroundAdoptionTest {
  private static final Release V0 = Release.of("0.9");

  /** A service that answers no requests, started by hand. */
  private static final class Bot {
    final Shop shop = new Shop(Shop.web("web", 1), Service.background("bot"));
    final Set<Color> up = new TreeSet<>();

    Bot() {
      production(shop, BLUE);
      shop.launcher.strangerEnds("bot", BLUE);
      shop.health =
          HealthCheck.blocking(
              instance ->
                  !instance.service().equals("bot")
                          || up.contains(instance.color())
                          || shop.launcher.running("bot", instance.color()).isPresent()
                      ? Health.up("")
                      : Health.down("no process"));
    }
  }

  @ParameterizedTest
  @EnumSource(Color.class)
  void backgroundServiceThatRunsIsAdoptedAndHandedOverLater(Color color) {
    Bot bot = new Bot();
    bot.shop.launcher.strangerRuns("bot", color);
    run(bot.shop, Operation.adopt(V0)).orThrow();
    assertThat(bot.shop.running("bot")).containsExactly("bot/" + color + " 0.9");
    bot.shop.deploy(V1).orThrow();
    assertThat(bot.shop.running("bot")).containsExactly("bot/" + color.other() + " 1");
    run(bot.shop, Operation.rollback()).orThrow();
    assertThat(bot.shop.running("bot")).containsExactly("bot/" + color + " 0.9");
  }

  @Test
  void backgroundServiceOfWhichBothOrNeitherRunsIsRefusedWithWhatWasSeen() {
    Bot bot = new Bot();
    assertThatThrownBy(() -> run(bot.shop, Operation.adopt(V0)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("neither colour of bot seems to run")
        .hasMessageContaining("no process");
    bot.up.addAll(List.of(BLUE, GREEN));
    bot.shop.launcher.strangerRuns("bot", BLUE);
    assertThatThrownBy(() -> run(bot.shop, Operation.adopt(V0)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("both colours of bot seem to run");
    assertThat(bot.shop.launcher.running()).isEmpty();
    run(bot.shop, Operation.adopt(V0).service("bot").on(BLUE).force("the check is colour-blind"))
        .orThrow();
    assertThat(bot.shop.running("bot")).containsExactly("bot/blue 0.9");
  }

  @Test
  void launcherThatCanNotTellMakesItUnclear() {
    Bot bot = new Bot();
    bot.shop.launcher.strangerRuns("bot", GREEN);
    bot.shop.launcher.next(LaunchFault.REFUSE_TO_ADOPT);
    assertThatThrownBy(() -> run(bot.shop, Operation.adopt(V0).service("bot")))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("it can't be told which colour of bot runs");
    run(bot.shop, Operation.adopt(V0).service("bot")).orThrow();
  }

  @Test
  void handoverIsRejectedWhereWhatWasTakenOverCouldNotBeStartedAgain() {
    Bot bot = new Bot();
    bot.shop.launcher.strangerRuns("bot", BLUE);
    run(bot.shop, Operation.adopt(V0)).orThrow();
    Launcher launcher = mock(Launcher.class, delegatesTo(bot.shop.launcher));
    doReturn(List.of(LaunchFinding.missing("app-0.9.jar is not there")))
        .when(launcher)
        .check(any(), eq(V0), any());
    try (BlueGreenManager manager = bot.shop.builder().launcher(launcher).build()) {
      DeploymentResult result = manager.deployNewVersion(V1);
      assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(result.reason()).contains("could not be started again: app-0.9.jar is not there");
    }
    assertThat(bot.shop.running("bot")).containsExactly("bot/blue 0.9");
  }
}
