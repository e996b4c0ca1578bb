package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Health;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.ProgressEvent;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficEvent;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests candidates and meters that misbehave while the traffic is held. */
class HoldAttackTest {
  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  void candidateThatIsDownAtTheLastLookIsNotPromoted() {
    ScriptedHealthCheck health = ScriptedHealthCheck.up();
    shop.health = health;
    shop.time.after(
        Duration.ofMinutes(30),
        () -> health.on("web", BLUE, ScriptedHealthCheck.down("out of memory")));

    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 probes in a row").contains("out of memory");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void candidateThatIsDownOnceAtTheLastLookAndUpAgainIsPromoted() {
    ScriptedHealthCheck health = ScriptedHealthCheck.up();
    shop.health = health;
    shop.time.after(
        Duration.ofMinutes(30),
        () ->
            health.on("web", BLUE, ScriptedHealthCheck.down("restart"), ScriptedHealthCheck.up()));
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  static Stream<Map<Slot, TrafficMeter.Count>> liesAtFirst() {
    Slot slot = new Slot("shop", Shop.web("web", 1), BLUE);
    return Stream.of(
        Map.of(), Map.of(slot, count(-1_000_000)), Map.of(slot, count(Long.MIN_VALUE)));
  }

  @ParameterizedTest
  @MethodSource("liesAtFirst")
  void requestsThatWereNeverSeenDoNotEndAHold(Map<Slot, TrafficMeter.Count> first) {
    Slot slot = new Slot("shop", Shop.web("web", 1), BLUE);
    int[] reads = new int[1];
    shop.router.meteredBy(
        () ->
            new TrafficMeter.Reading(
                shop.time.now(), reads[0]++ == 0 ? first : Map.of(slot, count(100_000))));

    DeploymentResult result = shiftUntil(100);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("fewer than 100 requests");
  }

  @Test
  void requestsAreCountedFromTheNewZeroOfAMeterThatStartedAgain() {
    Slot slot = new Slot("shop", Shop.web("web", 1), BLUE);
    int[] reads = new int[1];
    shop.router.meteredBy(
        () ->
            new TrafficMeter.Reading(
                shop.time.now(),
                Map.of(slot, count(reads[0]++ == 0 ? 50_000 : 40L * (reads[0] - 2)))));

    assertThat(shiftUntil(100).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(reads[0]).isGreaterThan(3);
  }

  static Stream<TrafficMeter> brokenMeters() {
    return Stream.of(
        () -> null,
        () -> {
          throw new IllegalStateException("broken");
        },
        () -> {
          throw new NoClassDefFoundError("broken");
        },
        () -> new TrafficMeter.Reading(null, null));
  }

  @ParameterizedTest
  @MethodSource("brokenMeters")
  void meterThatIsBrokenOnceHoldsNothingUp(TrafficMeter broken) {
    Slot slot = new Slot("shop", Shop.web("web", 1), BLUE);
    int[] reads = new int[1];
    shop.router.meteredBy(
        () ->
            reads[0]++ > 0 && reads[0] < 4 // It is read once before the deployment starts.
                ? broken.read()
                : new TrafficMeter.Reading(shop.time.now(), Map.of(slot, count(90L * reads[0]))));

    assertThat(shiftUntil(100).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  private DeploymentResult shiftUntil(long requests) {
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(10), Duration.ofSeconds(5), List.of())
                .untilRequests(requests, Duration.ofMinutes(2)),
            10,
            100);
    return shop.deploy(V2);
  }

  private static TrafficMeter.Count count(long requests) {
    return TrafficMeter.Count.of(requests, 0, 0);
  }

  @Test
  void boundHoldsForACandidateThatIsBadFromTheStartWhateverGatesAndMeterDo() {
    for (Probing probing :
        List.of(
            Probing.DEFAULT,
            Probing.DEFAULT.passes(10).failures(1),
            Probing.DEFAULT.passes(2).failures(1))) {
      for (int every : List.of(1, 3, 20)) {
        Watch watch =
            new Watch(Duration.ofMinutes(30), Duration.ofSeconds(every), List.of("g", "h"))
                .untilRequests(100, Duration.ofMinutes(40));
        assertBoundHolds(probing.jitter(0), watch);
        assertBoundHolds(
            probing.jitter(0),
            new Watch(Duration.ofMinutes(30), Duration.ofSeconds(every), List.of()));
      }
    }
  }

  private static void assertBoundHolds(Probing probing, Watch watch) {
    Shop fresh = Shop.web();
    fresh.deploy(V1);
    fresh.router.takes(Duration.ofSeconds(9));
    fresh.policy = DeploymentPolicy.DEFAULT.probing(probing).bake(watch);
    boolean[] bad = new boolean[1];
    fresh.health =
        instance -> {
          if (!bad[0]) {
            return CompletableFuture.completedFuture(Health.up(""));
          }
          CompletableFuture<Health> answer = new CompletableFuture<>();
          if (instance.color() == GREEN) {
            fresh.time.after(Duration.ofMillis(900), () -> answer.complete(Health.up("slow")));
          }
          return answer;
        };
    boolean[] planned = new boolean[1];
    fresh.router.meteredBy(
        () -> {
          if (planned[0]) {
            fresh.time.hang();
          }
          planned[0] = true;
          return new TrafficMeter.Reading(fresh.time.now(), Map.of());
        });
    List<Duration> moved = new ArrayList<>();
    Gate hangs =
        context -> {
          fresh.time.hang();
          return Verdict.passed("");
        };
    DeploymentResult result =
        fresh
            .builder()
            .gate("g", hangs)
            .gate("h", hangs)
            .listener(
                event -> {
                  if (event instanceof TrafficEvent.TrafficMoved) {
                    moved.add(fresh.time.elapsed());
                  }
                  if (event instanceof ProgressEvent.PhaseEntered entered
                      && entered.phase() == Phase.BAKE) {
                    bad[0] = true;
                    moved.set(0, fresh.time.elapsed());
                  }
                })
            .build()
            .deployNewVersion(V2);
    Duration bound = HoldStep.detection(watch, probing, fresh.policy.limits()).orElseThrow();

    assertThat(result.outcome()).describedAs(result.reason()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(moved.get(1).minus(moved.get(0)))
        .describedAs("%s %s", probing, watch)
        .isLessThanOrEqualTo(bound);
  }

  @Test
  void backgroundServiceThatEndsDuringTheBakeIsNotPromoted() {
    Shop both = new Shop(Shop.web("web", 1), Service.background("bot"));
    both.deploy(V1).orThrow();
    both.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    both.time.after(
        Duration.ofMinutes(5),
        () ->
            both.launcher.exit(
                "bot", both.launcher.running("bot", BLUE).isPresent() ? BLUE : GREEN, "killed"));

    DeploymentResult result = both.deploy(V2);

    assertThat(result.outcome()).describedAs(result.reason()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(both.running()).isEqualTo("web/green 1, bot/green 1");
    assertThat(result.reason()).contains("bot");
  }
}
