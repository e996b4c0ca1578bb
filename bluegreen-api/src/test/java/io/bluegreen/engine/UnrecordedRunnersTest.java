package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
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

import io.bluegreen.Color;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Service;
import io.bluegreen.SlotEvent;
import io.bluegreen.TrafficEvent;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that runs without a record is never started a second time and never stopped. */
class UnrecordedRunnersTest {
  private final Shop shop = new Shop(Shop.web("web", 1), Service.background("bot"));

  /** The slots of bot in which somebody else has started a process by hand. */
  private final Set<String> byHand = new TreeSet<>();

  private boolean colourBlind;

  UnrecordedRunnersTest() {
    shop.health = HealthCheck.blocking(this::health);
  }

  /**
   * Answers as a check that tells the colours apart, or as one that does not, like {@code pgrep}.
   */
  private Health health(Instance instance) {
    if (!instance.service().equals("bot")) {
      return Health.up("");
    }
    boolean runs =
        colourBlind
            ? runs("bot/blue") || runs("bot/green")
            : runs("bot/" + instance.color().label());
    return runs ? Health.up("pid 4711") : Health.down("no process");
  }

  private boolean runs(String slot) {
    return byHand.contains(slot) || shop.running(slot).size() == 1;
  }

  private void noneIsDoubled() {
    long ours = shop.running("bot").size();
    assertThat(ours + byHand.size()).as(shop.running() + " and " + byHand).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Color.class)
  void firstDeploymentOfAServiceThatRunsAlreadyIsRejectedBeforeAnythingIsTouched(Color color) {
    byHand.add("bot/" + color.label());

    DeploymentResult result = shop.deploy(V1);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason())
        .contains("the check of bot/" + color.label() + " says that it runs")
        .contains("pid 4711")
        .contains("nothing of that is on record")
        .contains("Stop what runs there and ask again");
    assertThat(shop.running()).isEmpty();
    assertThat(shop.router.applied()).isEmpty();
    assertThat(shop.manager().plan(Operation.deploy(V1)).warnings())
        .anySatisfy(line -> assertThat(line).contains("would be refused: the check of bot/"));

    byHand.clear();
    assertThat(shop.deploy(V1).outcome()).as("once it is stopped").isEqualTo(Outcome.PROMOTED);
    noneIsDoubled();
  }

  @Test
  void firstDeploymentWithNothingRunningWorksAndSoDoTheNext() {
    shop.withTwo();
    assertThat(shop.manager().rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(shop.deploy(V3).warnings()).noneSatisfy(w -> assertThat(w).contains("check of bot"));
    noneIsDoubled();
  }

  @Test
  void checkThatIsUpForBothColoursCanNotTellAndSaysSo() {
    colourBlind = true;
    byHand.add("bot/blue");

    assertThat(shop.deploy(V1).reason())
        .contains("the check of bot is up for both colours, so that it can't tell");
    assertThat(shop.running()).isEmpty();

    byHand.clear();
    shop.deploy(V1).orThrow();
    DeploymentResult second = shop.deploy(V2);
    assertThat(second.outcome()).as("what is on record runs").isEqualTo(Outcome.PROMOTED);
    assertThat(second.warnings())
        .anySatisfy(line -> assertThat(line).contains("up for both colours"));
    noneIsDoubled();
  }

  @Test
  void candidateThatRunsBesideTheLiveColourOnRecordIsRejected() {
    shop.deploy(V1).orThrow();
    byHand.add("bot/blue");
    shop.launcher.exit("bot", GREEN, "oom");

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("the check of bot/blue says that it runs");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    noneIsDoubled();
  }

  @Test
  void liveColourThatEndedAndWasStartedByHandIsNotDoubled() {
    shop.deploy(V1).orThrow();
    shop.launcher.exit("bot", GREEN, "oom");
    byHand.add("bot/green");

    assertThat(shop.deploy(V2).reason()).contains("the check of bot/green says that it runs");
    noneIsDoubled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bot/blue", "bot/green"})
  void processThatIsStartedDuringADeploymentEndsTheHandoverBeforeItStopsAnything(String slot) {
    shop.deploy(V1).orThrow();
    DeploymentListener meanwhile =
        when(
            TrafficEvent.TrafficMoved.class,
            "blue",
            () -> {
              shop.launcher.exit("bot", GREEN, "killed by hand");
              byHand.add(slot);
            });

    DeploymentResult result = shop.builder().listener(meanwhile).build().deployNewVersion(V2);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("the check of " + slot + " says that it runs");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    noneIsDoubled();
  }

  @Test
  void candidateThatRunsBesideTheLiveColourOfOursIsNotDoubled() {
    shop.deploy(V1).orThrow();
    byHand.add("bot/blue");

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason())
        .contains("the check of bot/blue still says that it runs, 30 s after bot/green was stopped")
        .contains("pid 4711")
        .contains("Stop what runs there and ask again");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running("bot")).containsExactly("bot/green 1");
    assertThat(shop.launcher.launches())
        .noneSatisfy(launch -> assertThat(launch.slot()).hasToString("bot/blue"));

    byHand.clear();
    assertThat(shop.deploy(V2).outcome()).as("once it is stopped").isEqualTo(Outcome.PROMOTED);
    noneIsDoubled();
  }

  @Test
  void heartbeatThatEndsWithinTheTimeOfAProofKeepsNoDeploymentFromItsWay() {
    shop.withTwo();
    byHand.add("bot/green"); // The stopped colour seems to be up for a while.
    shop.time.after(Duration.ofSeconds(25), byHand::clear);

    DeploymentResult result = shop.deploy(V3);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.PROMOTED);
    noneIsDoubled();
  }

  /** If commands can't tell launches apart, a stop would end the process of somebody else. */
  @Test
  void processThatIsStartedByHandWhileTheLiveColourIsStoppedIsNeitherDoubledNorStopped() {
    shop.deploy(V1).orThrow();
    DeploymentListener meanwhile =
        when(SlotEvent.Stopped.class, "bot/green", () -> byHand.add("bot/blue"));
    Launcher blunt = mock(Launcher.class, delegatesTo(shop.launcher));
    doAnswer(
            call -> {
              shop.launcher.stop(call.getArgument(0), call.getArgument(1), call.getArgument(2));
              byHand.remove(call.getArgument(0).toString());
              return null;
            })
        .when(blunt)
        .stop(any(), anyString(), any());

    DeploymentResult result =
        shop.builder().launcher(blunt).listener(meanwhile).build().deployNewVersion(V2);

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(byHand).containsExactly("bot/blue");
    assertThat(shop.running("bot")).containsExactly("bot/green 1");
  }

  @Test
  void forceGoesOnAndSaysSo() {
    byHand.add("bot/blue");

    DeploymentResult result = shop.manager().run(Operation.deploy(V1).force("the check is wrong"));

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings())
        .anySatisfy(line -> assertThat(line).contains("bot/blue says").contains("by force"));
  }

  @Test
  void onlyTheCheckCanTellWhereSomebodyElseStartsIt() {
    byHand.add("bot/blue");
    ManagerBuilder external = shop.builder().launcher(Launcher.external());
    DeploymentResult refused = external.build().deployNewVersion(V1);
    assertThat(refused.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(refused.reason()).contains("the check of bot/blue says that it runs");

    byHand.clear();
    byHand.add("bot/green");
    assertThat(shop.builder().launcher(Launcher.external()).build().deployNewVersion(V1).outcome())
        .as("somebody else has started the candidate, as it has to be")
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void rollbackIsNotKeptFromItsWayByAHeartbeatThatOutlivedItsProcess() {
    shop.withTwo();
    byHand.add("bot/green"); // The stopped colour seems to be up, and the live one does not.
    HealthCheck honest = shop.health;
    shop.health =
        instance ->
            instance.service().equals("bot") && instance.color() == BLUE
                ? HealthCheck.blocking(i -> Health.down("sick")).probe(instance)
                : honest.probe(instance);

    DeploymentResult result = shop.manager().rollback();

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.WENT_BACK);
    assertThat(result.warnings())
        .anySatisfy(line -> assertThat(line).contains("check of bot/green says"));
    assertThat(shop.running("bot")).containsExactly("bot/green 1");
  }
}
