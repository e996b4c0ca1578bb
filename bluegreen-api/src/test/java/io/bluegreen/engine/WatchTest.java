package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.TrafficEvent;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.support.Durations;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests how the candidate is watched, and what follows from what the watch sees. */
class WatchTest {
  private static final Verdict PASSED = Verdict.passed("fine");
  private static final Verdict FAILED = Verdict.failed("5 % errors");

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  void holdEndsWhenEnoughRequestsWereSeen() {
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(10), Duration.ofSeconds(5), List.of())
                .untilRequests(100, Duration.ofMinutes(10)),
            10,
            100);
    shop.time.after(Duration.ofMinutes(1), () -> answered(99));
    shop.time.after(Duration.ofMinutes(3), () -> answered(100));
    Duration began = shop.time.elapsed();

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began))
        .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4));
  }

  @Test
  void tooFewRequestsWithinTheLongestTimeAreNoPass() {
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(10), Duration.ofSeconds(5), List.of())
                .untilRequests(100, Duration.ofMinutes(2)),
            10,
            100);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("fewer than 100 requests");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  private void answered(long requests) {
    shop.router.counted(
        "web", BLUE, new TrafficMeter.Count(requests, 0, 0, Optional.empty(), Optional.empty()));
  }

  @Test
  void candidateThatTurnsBadIsOffTheTrafficWithinTheBoundThatThePlanTells() {
    Watch bake = new Watch(Duration.ofMinutes(30), Duration.ofSeconds(20), List.of());
    for (Duration bad = Duration.ofSeconds(60);
        bad.compareTo(Duration.ofSeconds(100)) < 0;
        bad = bad.plusSeconds(3)) {
      Shop fresh = Shop.web();
      fresh.deploy(V1);
      fresh.policy = DeploymentPolicy.DEFAULT.bake(bake);
      Duration bound =
          HoldStep.detection(bake, fresh.policy.probing(), fresh.policy.limits()).orElseThrow();
      ScriptedHealthCheck health = ScriptedHealthCheck.up();
      fresh.health = health;
      Duration turned = fresh.time.elapsed().plus(bad);
      fresh.time.at(turned, () -> health.on("web", BLUE, ScriptedHealthCheck.hang()));
      List<Duration> moved = new ArrayList<>();
      BlueGreenManager manager =
          fresh
              .builder()
              .listener(
                  event -> {
                    if (event instanceof TrafficEvent.TrafficMoved) {
                      moved.add(fresh.time.elapsed());
                    }
                  })
              .build();
      assertThat(manager.plan(Operation.deploy(V2)).describe())
          .contains("within " + Durations.describe(bound));

      assertThat(manager.deployNewVersion(V2).outcome()).isEqualTo(Outcome.ROLLED_BACK);

      assertThat(moved).hasSize(2);
      assertThat(moved.get(1).minus(turned)).isPositive().isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void sickColourToGoBackToIsKnownBeforeItIsNeeded() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(5), Duration.ofMinutes(1), List.of()));
    shop.time.after(Duration.ofMinutes(2), () -> shop.launcher.exit("web", GREEN, "killed"));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings()).anyMatch(warning -> warning.contains("colour to go back to"));
  }

  /**
   * Runs several times, because the first run also warms up the JVM; prints how long the quickest
   * took.
   */
  @Test
  void failureInTheTwentyNinthMinuteOfABakeAfterFiveStepsTellsExactlyWhatHappened() {
    List<String> expected = new ArrayList<>(List.of("Started", "PhaseEntered", "Launched"));
    expected.addAll(List.of("PhaseEntered", "Probed", "Probed", "PhaseEntered"));
    for (int step = 0; step < 4; step++) {
      expected.addAll(List.of("TrafficMoved", "Waiting", "Probed", "GateJudged"));
    }
    expected.addAll(List.of("TrafficMoved", "PhaseEntered", "Probed", "Probed", "PhaseEntered"));
    for (int minute = 1; minute <= 29; minute++) {
      expected.addAll(List.of("Waiting", "Probed", "GateJudged"));
    }
    expected.addAll(List.of("UndoStarted", "TrafficMoved", "Drained", "Stopped", "Ended"));
    assertThat(Collections.frequency(expected, "TrafficMoved")).isEqualTo(6);
    Duration quickest = Duration.ofDays(1);
    for (int i = 0; i < 30; i++) {
      Shop fresh = Shop.web();
      fresh.deploy(V1).orThrow();
      List<String> told = new ArrayList<>();
      long began = System.nanoTime();
      DeploymentResult result = failInTheTwentyNinthMinute(fresh, told);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
      assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(told.stream().filter(kind -> !kind.equals("Warned"))).isEqualTo(expected);
    }
    System.out.printf("29 minutes of a bake took %.1f ms%n", quickest.toNanos() / 1e6);
  }

  private static DeploymentResult failInTheTwentyNinthMinute(Shop fresh, List<String> told) {
    fresh.policy =
        DeploymentPolicy.DEFAULT
            .probing(Probing.DEFAULT.jitter(0))
            .shift(new Watch(Duration.ofSeconds(30), Duration.ofSeconds(30), List.of("errors")))
            .bake(new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of("errors")));
    return fresh
        .builder()
        .gate(
            "errors",
            context -> context.held().compareTo(Duration.ofMinutes(29)) >= 0 ? FAILED : PASSED)
        .listener(event -> told.add(event.getClass().getSimpleName()))
        .build()
        .deployNewVersion(V2);
  }

  @Test
  void hookThatIsAPointOfNoReturnTurnsGoingBackIntoFreezing() {
    shop.policy =
        DeploymentPolicy.DEFAULT
            .noReturnBehind("migrate")
            .bake(new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g")));

    DeploymentResult result =
        shop.builder()
            .hook(Phase.VERIFY, "migrate", context -> {})
            .gate("g", context -> FAILED)
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(result.reason()).contains("point of no return").contains("5 % errors");
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void pointOfNoReturnThatIsNoHookIsRefused() {
    shop.policy = DeploymentPolicy.DEFAULT.noReturnBehind("migrate");

    assertThatThrownBy(shop::manager).hasMessageContaining("no hook migrate");
  }
}
