package io.bluegreen.gate;

import static io.bluegreen.Color.GREEN;
import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Gate;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficMeter.Count;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CounterGateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ScriptedMeter traffic = new ScriptedMeter("web");

  @Test
  void errorRateAboveItsLimitFailsWithItsFigures() {
    CounterGate gate = begun(CounterGate.errorRate(0.05));
    assertThat(judge(gate, traffic.green(100, 5)).kind()).isEqualTo(PASSED);

    Verdict verdict = judge(gate, traffic.green(100, 6));

    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.reason()).isEqualTo("more than 5.00 % errors: web/green 11 of 200 (5.50 %)");
    assertThat(verdict.figures())
        .containsEntry("web/green", "11 of 200 (5.50 %)")
        .containsEntry("window", "2 s");
  }

  @Test
  void quantileAboveItsLimitFails() {
    CounterGate gate = begun(CounterGate.p95(Duration.ofSeconds(5)));
    times(95, Duration.ofMillis(10));
    times(5, Duration.ofSeconds(9));
    assertThat(judge(gate, traffic).kind()).isEqualTo(PASSED);
    times(1, Duration.ofSeconds(9));
    Verdict verdict = judge(gate, traffic);
    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.reason()).startsWith("more than p95 5000 ms: web/green p95 9");
  }

  @Test
  void meanAboveItsLimitFailsAlsoWhereTheProxyTellsOnlyARecentOne() {
    CounterGate gate = begun(CounterGate.mean(Duration.ofMillis(100)));
    times(100, Duration.ofMillis(99));
    assertThat(judge(gate, traffic).kind()).isEqualTo(PASSED);
    times(100, Duration.ofMillis(102));
    assertThat(judge(gate, traffic).kind()).isEqualTo(FAILED);

    traffic.says("web", GREEN, recentMean(1000, 101));
    gate = begun(CounterGate.mean(Duration.ofMillis(100)));
    traffic.says("web", GREEN, recentMean(1100, 101));
    assertThat(judge(gate, traffic).kind()).isEqualTo(FAILED);
    traffic.says("web", GREEN, recentMean(1200, 100));
    assertThat(judge(gate, traffic).kind()).isEqualTo(PASSED);
  }

  @Test
  void onlyTheWindowCounts() {
    CounterGate gate = begun(CounterGate.errorRate(0.05).window(Duration.ofSeconds(30)));
    assertThat(judge(gate, traffic.green(1000, 500)).kind()).isEqualTo(FAILED);
    for (int second = 0; second < 29; second++) {
      assertThat(judge(gate, traffic.green(10, 0)).kind()).as("%s", second).isEqualTo(FAILED);
    }
    Verdict verdict = judge(gate, traffic.green(10, 0));
    assertThat(verdict.kind()).isEqualTo(PASSED);
    assertThat(verdict.figures())
        .containsEntry("window", "30 s")
        .containsEntry("web/green", "0 of 300 (0.00 %)");
  }

  @Test
  void windowSlidesAlsoWhereItIsAskedVeryOften() {
    CounterGate gate = begun(CounterGate.errorRate(0.05).window(Duration.ofSeconds(60)));
    for (int i = 0; i < 10_000; i++) {
      gate.judge(traffic.green(1, 0).after(Duration.ofMillis(10)).context());
    }
    assertThat(judge(gate, traffic).figures())
        .containsEntry("window", "1 min")
        .containsEntry("web/green", "0 of 5900 (0.00 %)");
  }

  @Test
  void tooFewRequestsAreNoVerdict() {
    CounterGate gate = begun(CounterGate.errorRate(0.05).minimum(20));
    Verdict verdict = judge(gate, traffic.green(19, 19));
    assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(verdict.reason()).isEqualTo("web/green has had 19 requests of at least 20");
    assertThat(judge(gate, traffic.green(1, 1)).kind()).isEqualTo(FAILED);
    assertThat(judge(gate, traffic.after(Duration.ofMinutes(2))).kind())
        .as("they are over")
        .isEqualTo(INCONCLUSIVE);
  }

  @Test
  void firstLookOfEachHoldOnlyBeginsToCount() {
    CounterGate gate = begun(CounterGate.errorRate(0.05));
    assertThat(judge(gate, traffic.green(100, 0)).kind()).isEqualTo(PASSED);
    List<Runnable> holds =
        List.of(
            () -> traffic.shift(25),
            () -> traffic.shift(100),
            () -> traffic.deployment("d2"),
            () -> traffic.shift(10));
    for (Runnable next : holds) {
      next.run();
      Verdict verdict = judge(gate, traffic.green(100, 100));
      assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
      assertThat(verdict.reason()).isEqualTo("counting begins with this look");
      assertThat(judge(gate, traffic.green(100, 0)).kind()).isEqualTo(PASSED);
    }
  }

  @Test
  void liveColourIsJudgedWhereAskedForAndWhileItHasTraffic() {
    CounterGate live = begun(CounterGate.errorRate(0.05).judging(CounterGate.Judged.LIVE));
    CounterGate both = begun(CounterGate.errorRate(0.05).judging(CounterGate.Judged.BOTH));
    CounterGate candidate = begun(CounterGate.errorRate(0.05));
    traffic.blue(100, 50).green(100, 0);
    assertThat(judge(live, traffic).kind()).isEqualTo(FAILED);
    assertThat(judge(both, traffic).kind()).isEqualTo(FAILED);
    assertThat(judge(candidate, traffic).kind()).isEqualTo(PASSED);

    traffic.shift(100);
    begun(live);
    begun(both);
    traffic.green(100, 0);
    assertThat(judge(live, traffic).kind()).isEqualTo(INCONCLUSIVE);
    assertThat(judge(both, traffic).kind()).isEqualTo(PASSED);
  }

  @Test
  void eachServiceIsJudgedAndServicesWithFewRequestsCanBeLeftOut() {
    ScriptedMeter two = new ScriptedMeter("dash", "web");
    CounterGate all = CounterGate.errorRate(0.05);
    CounterGate some = all.services("web");
    CounterGate none = all.services("other");
    judge(all, two);
    judge(some, two);
    two.answered("web", GREEN, 100, 0, SECOND).answered("dash", GREEN, 3, 0, SECOND);
    assertThat(judge(all, two).reason()).contains("dash/green has had 3");
    assertThat(judge(some, two).kind()).isEqualTo(PASSED);
    assertThat(judge(none, two).kind()).isEqualTo(INCONCLUSIVE);
    two.answered("dash", GREEN, 97, 90, SECOND);
    assertThat(judge(all, two).kind()).isEqualTo(FAILED);
    assertThat(judge(some, two).kind()).isEqualTo(PASSED);
  }

  @Test
  void clientErrorsCountWhereAskedFor() {
    CounterGate gate = begun(CounterGate.errorRate(0.05));
    CounterGate too = begun(gate.clientErrorsToo());
    traffic.says("web", GREEN, Count.of(100, 40, 0));
    assertThat(judge(gate, traffic).kind()).isEqualTo(PASSED);
    assertThat(judge(too, traffic).kind()).isEqualTo(FAILED);
  }

  static Stream<Arguments> wrongMeters() {
    ScriptedMeter right = new ScriptedMeter("web");
    TrafficMeter.Reading reading = right.read();
    return Stream.of(
        wrong("the meter failed", () -> null),
        wrong(
            "proxy is down",
            () -> {
              throw new IllegalStateException("the proxy is down");
            }),
        wrong("the meter failed", () -> new TrafficMeter.Reading(null, reading.slots())),
        wrong("tells nothing of web/green", () -> new TrafficMeter.Reading(right.at, Map.of())),
        wrong("more errors than requests", saying(Count.of(2000, 0, 2001))),
        wrong("a negative number", saying(Count.of(-1, 0, 0))),
        wrong("a negative number", saying(Count.of(2000, -7, 0))),
        wrong(
            "more latencies than requests",
            saying(Count.of(1, 0, 0).with(LatencyHistogram.of(SECOND, SECOND)))),
        wrong("ran backwards", saying(Count.of(3, 0, 0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongMeters")
  void meterThatIsWrongIsNeverAPass(String reason, TrafficMeter wrong) {
    traffic.green(1000, 10);
    for (CounterGate gate :
        List.of(CounterGate.errorRate(1), CounterGate.mean(SECOND), CounterGate.p99(SECOND))) {
      gate.judge(traffic.context());
      Verdict verdict = gate.judge(traffic.context(wrong));
      assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
      assertThat(verdict.reason()).contains(reason);
    }
  }

  @Test
  void meterWithMoreNewErrorsThanNewRequestsIsNotBelieved() {
    traffic.green(1000, 0);
    CounterGate gate = begun(CounterGate.errorRate(0.05));
    traffic.says("web", GREEN, Count.of(1100, 0, 200).with(traffic.latencies("web", GREEN)));
    assertThat(judge(gate, traffic).reason())
        .contains("more errors than requests of web/green: 200 of 100");
  }

  @Test
  void countingGoesOnAfterAReset() {
    traffic.green(1000, 10);
    CounterGate gate = begun(CounterGate.errorRate(0.05));
    assertThat(judge(gate, traffic.green(100, 0)).kind()).isEqualTo(PASSED);
    traffic.says("web", GREEN, Count.of(5, 0, 0));
    assertThat(judge(gate, traffic).reason()).contains("ran backwards");
    traffic.says("web", GREEN, Count.of(105, 0, 50));
    assertThat(judge(gate, traffic).kind()).isEqualTo(FAILED);
  }

  @Test
  void readingsOfAnEarlierTimeAreNoWindow() {
    CounterGate gate = begun(CounterGate.errorRate(0.05));
    judge(gate, traffic.green(100, 0));
    assertThat(gate.judge(traffic.after(Duration.ofHours(-1)).context()).kind())
        .isEqualTo(INCONCLUSIVE);
    assertThat(judge(gate, traffic.green(100, 0)).kind()).isEqualTo(PASSED);
  }

  @Test
  void noMeterAtAllIsNoVerdict() {
    Gate.Context with = traffic.context();
    Gate.Context without =
        new Gate.Context(
            with.deploymentId(),
            with.phase(),
            with.release(),
            with.candidates(),
            with.live(),
            with.split(),
            with.held(),
            Optional.empty());
    assertThat(CounterGate.errorRate(0.05).judge(without).kind()).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void gateSaysWhichMeasuresItNeeds() {
    assertThat(CounterGate.errorRate(0).needs()).containsExactly(Measure.ERRORS);
    assertThat(CounterGate.mean(SECOND).needs()).containsExactly(Measure.MEAN_LATENCY);
    assertThat(CounterGate.quantile(0.999, SECOND).needs())
        .containsExactly(Measure.LATENCY_DISTRIBUTION);
    assertThat(CounterGate.quantile(0.999, SECOND)).hasToString("p99.9 1000 ms");
    assertThat(CounterGate.errorRate(0).comparesWithLive()).isFalse();
  }

  @Test
  void impossibleLimitsAreRefused() {
    assertThatThrownBy(() -> CounterGate.errorRate(1.01)).hasMessageContaining("limit");
    assertThatThrownBy(() -> CounterGate.errorRate(Double.NaN)).hasMessageContaining("limit");
    assertThatThrownBy(() -> CounterGate.mean(Duration.ZERO)).hasMessageContaining("limit");
    assertThatThrownBy(() -> CounterGate.quantile(1, SECOND)).hasMessageContaining("share");
    CounterGate gate = CounterGate.errorRate(0.05);
    assertThatThrownBy(() -> gate.minimum(0)).hasMessageContaining("minimum");
    assertThatThrownBy(() -> gate.window(Duration.ZERO)).hasMessageContaining("window");
  }

  private static Arguments wrong(String reason, TrafficMeter meter) {
    return Arguments.of(reason, meter);
  }

  private static TrafficMeter saying(Count count) {
    ScriptedMeter traffic = new ScriptedMeter("web").says("web", GREEN, count);
    return () -> traffic.read();
  }

  private static Count recentMean(long requests, long millis) {
    return new Count(requests, 0, 0, Optional.empty(), Optional.of(Duration.ofMillis(millis)));
  }

  private void times(int requests, Duration each) {
    traffic.answered("web", GREEN, requests, 0, each);
  }

  private CounterGate begun(CounterGate gate) {
    assertThat(gate.judge(traffic.context()).kind()).isEqualTo(INCONCLUSIVE);
    return gate;
  }

  /** A second later. */
  private static Verdict judge(CounterGate gate, ScriptedMeter traffic) {
    return gate.judge(traffic.after(SECOND).context());
  }
}
