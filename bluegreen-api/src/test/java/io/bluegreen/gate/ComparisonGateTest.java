package io.bluegreen.gate;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficMeter.Count;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ComparisonGateTest {
  private final ScriptedMeter traffic = new ScriptedMeter("web");

  @ParameterizedTest(name = "{0} errors of {1} against {2} of {3} in live: {4}")
  @CsvSource({
    "1, 20, 0, 180, INCONCLUSIVE",
    "1, 20, 0, 20, INCONCLUSIVE",
    "20, 20, 0, 180, INCONCLUSIVE",
    "1, 200, 0, 1800, PASSED",
    "40, 2000, 2, 2000, FAILED",
    "40, 2000, 0, 18000, FAILED",
    "40, 2000, 36, 18000, FAILED",
    "40, 2000, 40, 2000, PASSED",
    "40, 2000, 360, 18000, PASSED",
    "0, 2000, 360, 18000, PASSED",
    "2000, 2000, 2000, 2000, PASSED",
    "2000, 2000, 20, 2000, FAILED",
  })
  void errorInTwentyIsNoVerdictAndFortyInTwoThousandAreOne(
      long errors, long requests, long liveErrors, long liveRequests, Verdict.Kind verdict) {
    ComparisonGate gate = begun(ComparisonGate.errorsAndLatency());
    traffic.green(requests, errors).blue(liveRequests, liveErrors);
    assertThat(judge(gate).kind()).isEqualTo(verdict);
  }

  @Test
  void worseErrorsAreReportedWithTheirFigures() {
    ComparisonGate gate = begun(ComparisonGate.errors());
    traffic.green(2000, 40).blue(18_000, 18);
    Verdict verdict = judge(gate);
    assertThat(verdict.reason())
        .isEqualTo("web is worse than live: errors 40 of 2000 (2.00 %), live 18 of 18000 (0.10 %)");
    assertThat(verdict.figures())
        .containsEntry("web errors", "40 of 2000 (2.00 %), live 18 of 18000 (0.10 %)")
        .containsEntry("web looks", "1 of 20")
        .hasEntrySatisfying("web errors p", p -> assertThat(p).endsWith(", worse at 5.0e-06"));
  }

  @Test
  void latencyAboveTheFactorIsWorseAndBelowItIsNot() {
    for (int millis : new int[] {20, 25, 29}) {
      assertThat(latency(millis).kind()).as("%s ms", millis).isEqualTo(PASSED);
    }
    Verdict verdict = latency(40);
    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.reason())
        .startsWith("web is worse than live: latency 1000 in 40 ms on average, p50 ")
        .contains("live 9000 in 20 ms on average");
  }

  private Verdict latency(int millis) {
    ScriptedMeter fresh = new ScriptedMeter("web");
    ComparisonGate gate = ComparisonGate.latency();
    gate.judge(fresh.context());
    fresh.answered("web", GREEN, 1000, 0, Duration.ofMillis(millis)).blue(9000, 0);
    return gate.judge(fresh.context());
  }

  @Test
  void differenceBelowTheMarginIsNoAlarmHoweverSureItIs() {
    traffic.green(10_000_000, 120_000).blue(10_000_000, 100_000);
    ComparisonGate strict = ComparisonGate.errors().errorMargin(1, 0);
    assertThat(once(ComparisonGate.errors())).isEqualTo(PASSED);
    assertThat(once(ComparisonGate.errors().errorMargin(1, 0.003))).isEqualTo(PASSED);
    assertThat(once(strict)).isEqualTo(FAILED);
  }

  private Verdict.Kind once(ComparisonGate gate) {
    ScriptedMeter empty = new ScriptedMeter("web");
    gate.judge(empty.context());
    return gate.judge(empty.context(traffic)).kind();
  }

  @Test
  void gateRepeatsTheLastVerdictOnNewFiguresBetweenTwoLooks() {
    ComparisonGate gate = begun(ComparisonGate.errors());
    traffic.green(200, 0).blue(1800, 0);
    assertThat(judge(gate).kind()).isEqualTo(PASSED);
    traffic.green(190, 190).blue(1800, 0);
    Verdict between = judge(gate);
    assertThat(between.kind()).isEqualTo(PASSED);
    assertThat(between.figures())
        .containsEntry("web looks", "1 of 20")
        .containsEntry("web errors", "190 of 390 (48.72 %), live 0 of 3600 (0.00 %)");
    traffic.green(10, 0);
    assertThat(judge(gate).kind()).isEqualTo(FAILED);
    traffic.green(1, 0);
    Verdict again = judge(gate);
    assertThat(again.kind()).as("the same evidence").isEqualTo(FAILED);
    assertThat(again.figures()).containsEntry("web looks", "2 of 20");
  }

  @Test
  void dataStartAgainWithEachHoldAndLooksGoOnUntilTheNextDeployment() {
    ComparisonGate gate = begun(ComparisonGate.errors());
    judgeAfter(gate, 200, 0);
    traffic.shift(25);
    assertThat(judge(gate).kind()).isEqualTo(INCONCLUSIVE);
    assertThat(judgeAfter(gate, 199, 199).reason())
        .isEqualTo("web: 199 requests on each colour of at least 200");
    Verdict verdict = judgeAfter(gate, 1, 1);
    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.figures()).containsEntry("web looks", "2 of 20");
    traffic.deployment("d2");
    judge(gate);
    assertThat(judgeAfter(gate, 200, 0).figures()).containsEntry("web looks", "1 of 20");
  }

  @Test
  void lastVerdictStandsWithoutAFurtherAlarmWhenAllLooksAreSpent() {
    ComparisonGate gate = begun(ComparisonGate.errors().looks(3));
    judgeAfter(gate, 200, 0);
    judgeAfter(gate, 200, 0);
    assertThat(judgeAfter(gate, 100_000, 0).figures())
        .as("half of the looks are for later holds")
        .containsEntry("web looks", "2 of 3");
    traffic.shift(25);
    judge(gate);
    assertThat(judgeAfter(gate, 200, 0).figures()).containsEntry("web looks", "3 of 3");
    traffic.shift(50);
    judge(gate);
    assertThat(judgeAfter(gate, 199, 0).kind()).as("never without data").isEqualTo(INCONCLUSIVE);
    assertThat(judgeAfter(gate, 9999, 9999).kind()).isEqualTo(PASSED);
  }

  @Test
  void eachHoldOfADeploymentIsLookedAt() {
    ComparisonGate gate = ComparisonGate.errors();
    for (int percent : new int[] {5, 10, 25, 50, 75}) {
      traffic.shift(percent);
      judge(gate);
      for (int i = 0; i < 100; i++) {
        assertThat(judgeAfter(gate, 200L * (i + 1), 0).kind()).isEqualTo(PASSED);
      }
    }
    traffic.shift(90);
    judge(gate);
    Verdict verdict = judgeAfter(gate, 2000, 0);
    assertThat(verdict.figures()).containsEntry("web looks", "20 of 20");
  }

  @Test
  void serviceThatIsWorseFailsAllOfThem() {
    ScriptedMeter two = new ScriptedMeter("dash", "web");
    ComparisonGate gate = ComparisonGate.errors();
    ComparisonGate web = gate.services("web");
    gate.judge(two.context());
    web.judge(two.context());
    Duration each = Duration.ofMillis(5);
    two.answered("web", GREEN, 1000, 0, each).answered("web", BLUE, 1000, 0, each);
    two.answered("dash", GREEN, 150, 0, each).answered("dash", BLUE, 150, 0, each);
    assertThat(gate.judge(two.context()).reason())
        .isEqualTo("dash: 150 requests on each colour of at least 200");
    assertThat(web.judge(two.context()).kind()).isEqualTo(PASSED);
    two.answered("dash", GREEN, 150, 100, each).answered("dash", BLUE, 150, 0, each);
    Verdict verdict = gate.judge(two.context());
    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.reason()).startsWith("dash is worse than live");
    assertThat(verdict.figures()).containsKeys("web errors", "dash errors");
  }

  @Test
  void serviceWithoutLiveTrafficCanNotBeCompared() {
    ComparisonGate gate = ComparisonGate.errors();
    traffic.shift(100).green(1000, 0);
    assertThat(judge(gate).kind()).isEqualTo(INCONCLUSIVE);
    assertThat(judgeAfter(gate, 1000, 0).reason()).isEqualTo("there is no slot to judge");
  }

  @Test
  void meterThatRunsBackwardsStartsTheDataAgainAndSpendsNoLookTwice() {
    ComparisonGate gate = begun(ComparisonGate.errors());
    judgeAfter(gate, 1000, 0);
    traffic.says("web", GREEN, Count.of(10, 0, 0));
    assertThat(judge(gate).reason()).contains("ran backwards");
    traffic.says("web", GREEN, Count.of(110, 0, 100));
    assertThat(judge(gate).kind()).isEqualTo(INCONCLUSIVE);
    traffic.says("web", GREEN, Count.of(1010, 0, 1000)).blue(1000, 0);
    Verdict verdict = judge(gate);
    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.figures()).containsEntry("web looks", "2 of 20");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.bluegreen.gate.CounterGateTest#wrongMeters")
  void meterThatIsWrongIsNeverAPass(String reason, TrafficMeter wrong) {
    traffic.green(1000, 10).blue(1000, 10);
    for (ComparisonGate gate :
        new ComparisonGate[] {ComparisonGate.errors(), ComparisonGate.errorsAndLatency()}) {
      begun(gate);
      Verdict verdict = gate.judge(traffic.context(wrong));
      assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
      assertThat(verdict.reason()).contains(reason);
    }
  }

  @Test
  void moreErrorsThanCanBeTestedAreNoVerdict() {
    ComparisonGate gate = begun(ComparisonGate.errors());
    traffic.green(4_000_000_000L, 4_000_000_000L).blue(4_000_000_000L, 0);
    assertThat(judge(gate).kind()).isEqualTo(INCONCLUSIVE);
    assertThat(judge(gate).reason()).contains("no look gave a verdict");
  }

  @Test
  void gateSaysWhichMeasuresItNeeds() {
    assertThat(ComparisonGate.errors().needs()).containsExactly(Measure.ERRORS);
    assertThat(ComparisonGate.latency().needs()).containsExactly(Measure.LATENCY_DISTRIBUTION);
    assertThat(ComparisonGate.errorsAndLatency().needs()).hasSize(2);
    assertThat(ComparisonGate.errors().comparesWithLive()).isTrue();
  }

  @Test
  void impossibleMarginsAreRefused() {
    ComparisonGate gate = ComparisonGate.errors();
    assertThatThrownBy(() -> gate.errorMargin(0.9, 0)).hasMessageContaining("ratio");
    assertThatThrownBy(() -> gate.errorMargin(1, -1)).hasMessageContaining("points");
    assertThatThrownBy(() -> gate.errorMargin(0.001, 1.25))
        .hasMessage(
            "ratio and points: expected a ratio of 1 to 1000 and points of 0 to 1, but they were"
                + " 0.001 and 1.25; the ratio is the first of the two");
    assertThatThrownBy(() -> gate.latencyFactor(Double.NaN)).hasMessageContaining("factor");
    assertThatThrownBy(() -> gate.significance(0)).hasMessageContaining("significance");
    assertThatThrownBy(() -> gate.minimum(0)).hasMessageContaining("minimum");
    assertThatThrownBy(() -> gate.looks(0)).hasMessageContaining("looks");
  }

  private ComparisonGate begun(ComparisonGate gate) {
    assertThat(judge(gate).kind()).isEqualTo(INCONCLUSIVE);
    return gate;
  }

  /** With so many more on each colour; the errors are the candidate's. */
  private Verdict judgeAfter(ComparisonGate gate, long requests, long errors) {
    traffic.green(requests, errors).blue(requests, 0);
    return judge(gate);
  }

  private Verdict judge(ComparisonGate gate) {
    return gate.judge(traffic.after(Duration.ofSeconds(1)).context());
  }
}
