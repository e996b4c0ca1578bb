package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.LaunchFault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An effect that was refused has not happened: nothing of it is undone, and the record is as it was
 * before.
 */
class RefusedEffectTest {
  private static final Release BY_HAND = Release.of("0");

  private final Shop shop = Shop.web();

  /**
   * Returns a launcher that knows no tokens: it acts on whatever runs in a slot, and checks nothing
   * before.
   */
  private static Launcher byName(Shop shop) {
    return new Launcher() {
      @Override
      public void launch(Slot slot, Release release, String token) {
        shop.launcher.launch(slot, release, token);
      }

      @Override
      public void stop(Slot slot, String token, Duration grace) {
        shop.launcher
            .running(slot.service().name(), slot.color())
            .ifPresent(found -> shop.launcher.stop(slot, found.token(), grace));
      }

      @Override
      public LaunchState state(Slot slot, String token) {
        return shop.launcher
            .running(slot.service().name(), slot.color())
            .map(found -> LaunchState.running("by name"))
            .orElseGet(LaunchState::absent);
      }
    };
  }

  /** Starts something in a slot, as somebody else would. */
  private static void startByHand(Shop shop, String service, Color color) {
    Slot slot = new Group("shop", shop.services).slot(service, color);
    shop.launcher.launch(slot, BY_HAND, "byhand" + service + color);
  }

  private BlueGreenManager byName() {
    return shop.builder().launcher(byName(shop)).build();
  }

  @Test
  void launchThatWasRefusedStopsNothingAndLeavesTheSlotToBeSwitchedTo() {
    byName().deployNewVersion(V1).orThrow();
    Launcher overtaken = mock(Launcher.class, delegatesTo(byName(shop)));
    doAnswer(
            call -> {
              startByHand(shop, "web", BLUE); // After the last look.
              byName(shop).launch(call.getArgument(0), call.getArgument(1), call.getArgument(2));
              return null;
            })
        .when(overtaken)
        .launch(any(), any(), any());

    DeploymentResult result = shop.builder().launcher(overtaken).build().deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("web/blue is taken");
    assertThat(result.warnings())
        .contains(
            "\"launch 2 on web/blue\" was refused and did nothing, so that nothing of it is"
                + " undone");
    assertThat(shop.running("web")).containsExactlyInAnyOrder("web/green 1", "web/blue 0");
    byName().switchTraffic(BLUE).orThrow();
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void formerLiveColourThatSomebodyElseStartedCanBeGoneBackToAfterARefusedLaunch() {
    startByHand(shop, "web", BLUE);
    startByHand(shop, "web", GREEN);
    byName().switchTraffic(BLUE).orThrow();
    byName().switchTraffic(GREEN).orThrow();

    assertThat(byName().deployNewVersion(V2).outcome()).isEqualTo(Outcome.REJECTED);

    byName().rollback().orThrow();
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running("web")).hasSize(2);
  }

  @Test
  void launchOverAFormerLiveColourThatSomebodyElseStartedEndsTheWayBackToIt() {
    startByHand(shop, "web", BLUE);
    startByHand(shop, "web", GREEN);
    byName().switchTraffic(BLUE).orThrow();
    byName().switchTraffic(GREEN).orThrow();
    shop.launcher.exit("web", BLUE, "stopped by hand");

    DeploymentResult result = byName().run(Operation.startCandidate(V2)).orThrow();

    assertThat(result.warnings()).contains("ends the way back to what runs on web/blue");
    assertThatThrownBy(() -> byName().rollback()).isInstanceOf(OperationRefusedException.class);
  }

  @Test
  void processThatWasKilledRightAfterARefusalLeavesWhatItDidNotLaunch() {
    shop.deploy(V1);
    startByHand(shop, "web", BLUE);
    shop.manager().switchTraffic(BLUE).orThrow();
    shop.manager().switchTraffic(GREEN).orThrow();
    shop.launcher.next(LaunchFault.FAIL);
    Incarnation life = Shop.dyingAfter("launch");
    Launcher unlooking = byName(shop); // So that the launch is on record when it is refused.
    BlueGreenManager killed =
        shop.builder(life)
            .launcher(
                life.launcher(
                    new Launcher() {
                      @Override
                      public void launch(Slot slot, Release release, String token) {
                        unlooking.launch(slot, release, token);
                      }

                      @Override
                      public void stop(Slot slot, String token, Duration grace) {
                        shop.launcher.stop(slot, token, grace);
                      }

                      @Override
                      public LaunchState state(Slot slot, String token) {
                        return shop.launcher.state(slot, token);
                      }
                    }))
            .build();
    assertThatThrownBy(() -> killed.deployNewVersion(V2)).isInstanceOf(Crash.class);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(RecoveryReport.Decision.CLEANED);
    assertThat(shop.running("web")).contains("web/blue 0");
    shop.manager().rollback().orThrow();
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void launchThatMayHaveStartedSomethingIsStoppedByItsToken() {
    shop.deploy(V1);
    shop.launcher.next(LaunchFault.FAIL_AFTER_STARTING);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(shop.launcher.launches()).hasSize(2);
  }

  @Test
  void refusedStopLeavesTheWayBack() {
    shop.withTwo();
    shop.launcher.next(LaunchFault.REFUSE_TO_STOP);

    DeploymentResult result = shop.deploy(V3);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.warnings()).noneMatch(warning -> warning.contains("way back"));
    shop.manager().rollback().orThrow();
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void stopThatMayHaveBegunIsNoWayBack() {
    shop.withTwo();
    shop.launcher.next(LaunchFault.FAIL_TO_STOP);

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.REJECTED);
    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class);
  }

  @Test
  void refusedStopAtTheEndLeavesTheFormerLiveColourWarm() {
    shop.deploy(V1);
    shop.policy = shop.policy.with(DeploymentPolicy.Option.STOP_FORMER_LIVE);
    shop.launcher.next(LaunchFault.REFUSE_TO_STOP);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings()).anyMatch(warning -> warning.contains("was not asked to end"));
    shop.manager().rollback().orThrow();
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void handoverWhoseLaunchIsRefusedStartsTheLiveColourAgainAndStopsNothingElse() {
    Shop both = new Shop(Shop.web("web", 1), Service.background("bot"));
    BlueGreenManager manager = both.builder().launcher(byName(both)).build();
    manager.deployNewVersion(V1).orThrow();
    startByHand(both, "bot", BLUE);

    BlueGreenManager next = both.builder().launcher(byName(both)).build();
    Color live = both.launcher.running("bot", GREEN).isPresent() ? GREEN : BLUE;
    DeploymentResult result = next.deployNewVersion(V2);

    assertThat(result.achieved()).isFalse();
    assertThat(both.running("bot")).contains("bot/blue 0", "bot/" + live + " 1");
    assertThat(both.live("web")).isEqualTo(GREEN);
  }

  @Test
  void handoverWhoseStopIsRefusedLeavesBothColoursAsTheyAre() {
    Shop bot = new Shop(Shop.web("web", 1), Service.background("bot"));
    bot.deploy(V1);
    List<String> before = bot.running("bot");
    bot.launcher.next(LaunchFault.REFUSE_TO_STOP);

    DeploymentResult result = bot.manager().run(Operation.deploy(V2).service("bot"));

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(bot.running("bot")).isEqualTo(before);
    assertThat(bot.launcher.launches()).hasSize(2);
  }
}
