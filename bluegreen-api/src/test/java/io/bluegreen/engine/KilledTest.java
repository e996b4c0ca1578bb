package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Release;
import io.bluegreen.Status;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A process dies before and after every effect of every kind of deployment, and the next process
 * repairs what it left.
 */
class KilledTest {
  private record Story(String name, Consumer<Shop> before, Consumer<BlueGreenManager> act) {}

  private static final DeploymentPolicy GRADUAL =
      DeploymentPolicy.DEFAULT.shift(
          new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of()), 10, 50, 100);

  private static final List<Story> STORIES =
      List.of(
          new Story("first deployment", shop -> {}, manager -> manager.deployNewVersion(V1)),
          new Story(
              "second deployment",
              shop -> shop.deploy(V1),
              manager -> manager.deployNewVersion(V2)),
          new Story("third deployment", Shop::withTwo, manager -> manager.deployNewVersion(V3)),
          new Story(
              "gradual deployment",
              Shop::withTwo,
              manager -> manager.run(Operation.deploy(V3).policy(GRADUAL))),
          new Story("rollback", Shop::withTwo, BlueGreenManager::rollback),
          new Story(
              "deployment that stops the former live colour",
              Shop::withTwo,
              manager ->
                  manager.run(
                      Operation.deploy(V3)
                          .policy(
                              DeploymentPolicy.DEFAULT.with(
                                  DeploymentPolicy.Option.STOP_FORMER_LIVE)))),
          new Story(
              "deployment that is rejected",
              shop -> {
                shop.deploy(V1);
                shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("boom"));
              },
              manager -> manager.deployNewVersion(V2)));

  @TestFactory
  Stream<DynamicTest> whateverWasKilledTheTrafficIsWholeAndTheNextDeploymentWorks() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Story story : STORIES) {
      for (int effect = 1; effect <= effects(story); effect++) {
        int at = effect;
        tests.add(
            DynamicTest.dynamicTest(
                story.name() + ", killed before effect " + at,
                () -> check(story, new Incarnation().dieBefore(at))));
        tests.add(
            DynamicTest.dynamicTest(
                story.name() + ", killed after effect " + at,
                () -> check(story, new Incarnation().dieAfter(at))));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> recoveryThatIsItselfKilledIsRecovered() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Story story : STORIES) {
      for (int effect = 3; effect <= effects(story); effect += 3) {
        int at = effect;
        tests.add(
            DynamicTest.dynamicTest(
                story.name() + ", killed after effect " + at, () -> checkTwice(story, at)));
      }
    }
    return tests.stream();
  }

  private static int effects(Story story) {
    Shop shop = Shop.web();
    story.before().accept(shop);
    Incarnation whole = new Incarnation();
    story.act().accept(shop.builder(whole).build());
    return whole.effects().size();
  }

  private static Shop killed(Story story, Incarnation life) {
    Shop shop = Shop.web();
    story.before().accept(shop);
    assertThatThrownBy(() -> story.act().accept(shop.builder(life).build()))
        .isInstanceOf(Crash.class);
    return shop;
  }

  private static void check(Story story, Incarnation life) {
    Shop shop = killed(story, life);
    repaired(shop, shop.manager().recover(), String.join("\n", life.effects()));
  }

  private static void checkTwice(Story story, int at) {
    for (int effect = 1; effect < 40; effect++) {
      Shop shop = killed(story, new Incarnation().dieAfter(at));
      Incarnation second = new Incarnation().dieAfter(effect);
      try {
        shop.builder(second).build().recover();
        return; // It ended before it could be killed: every earlier effect was tried.
      } catch (Crash e) {
        repaired(shop, shop.manager().recover(), String.join("\n", second.effects()));
      }
    }
    throw new AssertionError("a recovery has 40 effects or more");
  }

  private static void repaired(Shop shop, RecoveryReport first, String effects) {
    RecoveryReport report = first;
    if (report.decision() == Decision.SUSPENDED) {
      assertThat(shop.manager().carryOn().outcome()).as(effects).isEqualTo(Outcome.PROMOTED);
      report = shop.manager().recover();
    }
    TrafficSplit serving = report.serving().orElseThrow();
    assertThat(serving.sole("web")).as("whole after%n%s", effects).isPresent();
    assertThat(report.decision()).as(effects).isNotEqualTo(Decision.ON_HOLD);
    Status status = shop.manager().status();
    assertThat(status.drift()).as(effects).isEmpty();
    assertThat(status.open()).as(effects).isEmpty();
    assertThat(status.runningNow()).as("locked after%n%s", effects).isEmpty();
    boolean everLive = status.slots().stream().anyMatch(Status.SlotStatus::live);
    assertThat(shop.launcher.running("web", shop.live("web")).isPresent())
        .as("what serves was stopped after%n%s", effects)
        .isEqualTo(everLive);
    List<String> recorded =
        status.slots().stream()
            .filter(slot -> slot.version().isPresent())
            .map(slot -> slot.slot().toString())
            .toList();
    assertThat(shop.launcher.running())
        .as("orphan after%n%s", effects)
        .allMatch(launched -> recorded.contains(launched.slot().toString()));

    shop.health = ScriptedHealthCheck.up();
    assertThat(shop.deploy(Release.of("next")).outcome()).as(effects).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.launcher.running().size()).as(effects).isLessThanOrEqualTo(2);
  }
}
