package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Hook;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.testing.LaunchFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A launcher is asked what speaks against a launch before anything is touched. */
class PreflightTest {
  private final Shop shop = Shop.web();
  private final List<String> hooked = new ArrayList<>();

  @Test
  void mistakeTouchesNothingAndCostsNoWayBack() {
    shop.withTwo();
    for (LaunchFault fault : List.of(LaunchFault.FIND_INVALID, LaunchFault.FIND_MISSING)) {
      shop.launcher.next(fault);

      DeploymentResult result = shop.deploy(V3);

      assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(result.reason()).contains("as told", "web/green can't be launched with 3");
      assertThat(result.warnings()).isEmpty();
      assertThat(shop.running("web")).containsExactlyInAnyOrder("web/green 1", "web/blue 2");
    }
    assertThat(shop.manager().history().get(0).outcome()).isEqualTo(Outcome.REJECTED);
    shop.manager().rollback().orThrow();
    assertThat(shop.live("web")).isEqualTo(GREEN);
    shop.manager().switchTraffic(BLUE).orThrow();
  }

  @Test
  void checkThatHangsOrThrowsRefusesAndTouchesNothing() {
    shop.withTwo();
    shop.launcher.next(LaunchFault.HANG_ON_CHECK);

    DeploymentResult result = shop.deploy(V3);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("whether 3 can be launched on web/green did not end");
    shop.manager().rollback().orThrow();
  }

  @Test
  void launcherThatCanNotTellWhatRunsInTheSlotCostsNoWayBack() {
    shop.withTwo();
    Launcher blind = blindFor("web/green");
    BlueGreenManager manager = shop.builder().launcher(blind).build();

    DeploymentResult result = manager.deployNewVersion(V3);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason())
        .contains("web/green can't be launched with 3, and was left as it is")
        .contains("the launcher says of web/green UNKNOWN")
        .contains("no connection to the host");
    assertThat(manager.plan(Operation.deploy(V3)).warnings())
        .anySatisfy(line -> assertThat(line).contains("would be refused: the launcher says of"));
    verify(blind, never()).stop(any(), any(), any());
    assertThat(shop.running("web")).containsExactlyInAnyOrder("web/green 1", "web/blue 2");
    shop.manager().rollback().orThrow();
  }

  @Test
  void launcherThatCanNotTellOfAnEmptySlotIsNotAskedToLaunchThere() {
    shop.deploy(V1).orThrow();
    Launcher blind = blindFor("web/blue");

    DeploymentResult result = shop.builder().launcher(blind).build().deployNewVersion(V2);

    assertThat(result.reason()).contains("the launcher says of web/blue UNKNOWN");
    verify(blind, never()).launch(any(), any(), any());
  }

  @Test
  void byForceALauncherThatCanNotTellIsNoReason() {
    shop.withTwo();
    Launcher blind = blindFor("web/green");

    Operation forced = Operation.deploy(V3).force("the status command is broken");
    assertThat(shop.builder().launcher(blind).build().run(forced).outcome())
        .isEqualTo(Outcome.PROMOTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bot/blue", "bot/green"})
  void launcherThatCanNotTellOfOneColourOfABackgroundServiceStopsNeither(String slot) {
    Shop both = new Shop(Shop.web("web", 1), Service.background("bot"));
    both.withTwo();
    List<String> before = both.running("");
    Launcher blind = blindFor(both, slot);

    DeploymentResult result = both.builder().launcher(blind).build().deployNewVersion(V3);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("the launcher says of " + slot + " UNKNOWN");
    assertThat(both.running("")).isEqualTo(before);
    both.manager().rollback().orThrow();
  }

  private Launcher blindFor(String slot) {
    return blindFor(shop, slot);
  }

  private static Launcher blindFor(Shop shop, String slot) {
    Launcher blind = mock(Launcher.class, delegatesTo(shop.launcher));
    doAnswer(
            call -> {
              if (call.getArgument(0).toString().equals(slot)) {
                throw new IllegalStateException("no connection to the host");
              }
              return shop.launcher.state(call.getArgument(0), call.getArgument(1));
            })
        .when(blind)
        .state(any(), any());
    return blind;
  }

  @Test
  void launchOnRecordInTheSlotIsNoReasonAndAnotherOneIs() {
    shop.withTwo();
    shop.deploy(V3).orThrow(); // It replaces the launch of version 1, which is on record.
    assertThat(shop.live("web")).isEqualTo(GREEN);

    shop.manager().run(Operation.stopCandidate()).orThrow();
    shop.launcher.launch(new Group("shop", shop.services).slot("web", BLUE), V1, "byhand");
    DeploymentResult result = shop.deploy(Release.of("4"));

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("web/blue is taken: 1 runs there");
    assertThat(shop.running("web")).containsExactlyInAnyOrder("web/green 3", "web/blue 1");
  }

  @Test
  void everySlotIsAskedBeforeTheFirstEffectAlsoABackgroundOne() {
    Shop both = new Shop(Shop.web("web", 1), Service.background("bot"));
    both.withTwo();
    List<String> before = both.running("");
    Slot idle = new Group("shop", both.services).slot("bot", GREEN);
    both.launcher.launch(idle, V1, "byhand");

    DeploymentResult result = both.deploy(V3);

    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("bot/green is taken");
    assertThat(both.running("")).containsAll(before);
  }

  @Test
  void fileThatAHookOfPrepareBringsIsMissedOnlyAfterIt() {
    shop.withTwo();
    shop.launcher.next(LaunchFault.FIND_MISSING);
    hooked().deployNewVersion(V3).orThrow();
    assertThat(hooked).containsExactly("ran");

    hooked.clear();
    List<String> before = shop.running("");
    DeploymentResult result =
        hooked(() -> shop.launcher.next(LaunchFault.FIND_MISSING))
            .deployNewVersion(Release.of("4"));
    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(hooked).containsExactly("ran", "undid");
    assertThat(shop.running("")).isEqualTo(before);
    shop.manager().rollback().orThrow();
  }

  @Test
  void mistakeThatNoHookCanMendIsFoundBeforeIt() {
    shop.withTwo();
    shop.launcher.next(LaunchFault.FIND_INVALID);

    assertThat(hooked().deployNewVersion(V3).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(hooked).isEmpty();
  }

  @Test
  void planShowsTheFindingsAndWhichWayBackEnds() {
    shop.withTwo();
    shop.launcher.next(LaunchFault.FIND_INVALID);
    assertThat(shop.manager().plan(Operation.deploy(V3)).warnings())
        .contains(
            "would be refused: web/green can't work, as told",
            "ends the way back to 1 on web/green");
    shop.launcher.next(LaunchFault.FIND_MISSING);
    assertThat(hooked().plan(Operation.deploy(V3)).warnings())
        .contains(
            "would be refused, unless a hook of PREPARE brings it: web/green misses something,"
                + " as told");
    assertThat(hooked).isEmpty();
    assertThat(shop.running("web")).containsExactlyInAnyOrder("web/green 1", "web/blue 2");
  }

  @Test
  void resultSaysWhichWayBackItHasEnded() {
    shop.withTwo();
    assertThat(shop.deploy(V3).warnings()).contains("ends the way back to 1 on web/green");

    shop.policy = shop.policy.with(DeploymentPolicy.Option.STOP_FORMER_LIVE);
    String stops = "ends the way back to 3 on web/green";
    Operation next = Operation.deploy(Release.of("4"));
    assertThat(shop.manager().plan(next).warnings()).contains(stops);
    assertThat(shop.manager().run(next).warnings()).contains(stops);
    assertThat(shop.running()).isEqualTo("web/blue 4");
  }

  @Test
  void candidateThatWasNeverLiveIsNoWayBack() {
    shop.deploy(V1);
    shop.manager().run(Operation.startCandidate(V2)).orThrow();

    assertThat(shop.deploy(V3).warnings()).noneMatch(warning -> warning.contains("way back"));
  }

  private BlueGreenManager hooked() {
    return hooked(() -> {});
  }

  private BlueGreenManager hooked(Runnable meanwhile) {
    return shop.builder()
        .hook(
            Phase.PREPARE,
            "fetch",
            new Hook() {
              @Override
              public void run(Context context) {
                hooked.add("ran");
                meanwhile.run();
              }

              @Override
              public void undo(Context context) {
                hooked.add("undid");
              }
            })
        .build();
  }

  @Test
  void launcherThatAnswersNullIsNamed() {
    shop.withTwo();
    Launcher none = mock(Launcher.class); // It answers empty lists, and null for all else.
    assertThat(shop.builder().launcher(none).build().status().slots())
        .anySatisfy(slot -> assertThat(slot.launch().toString()).contains("state() returned null"));

    when(none.check(any(), any(), any())).thenReturn(null);

    DeploymentResult result = shop.builder().launcher(none).build().deployNewVersion(V3);
    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.reason()).contains("check() returned null");
    verify(none, never()).stop(any(), any(), any());
  }
}
