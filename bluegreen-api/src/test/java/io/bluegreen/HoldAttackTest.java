package io.bluegreen;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.Shop.V1;
import static io.bluegreen.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Candidates and meters that do what they should not while the traffic is held. */
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
  void requestsAreCountedFromTheNewZeroOfAMeterThatBeganAnew() {
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
            reads[0]++ < 2
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
}
