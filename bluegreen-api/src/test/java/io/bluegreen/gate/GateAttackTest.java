package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Gate;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Meters with impossible numbers, and gates that end by an error. */
class GateAttackTest {
  private final ScriptedMeter traffic = new ScriptedMeter("web");

  @Test
  void errorsThatAreMoreThanANumberHoldsAreNoPass() {
    CounterGate gate = CounterGate.errorRate(0.05).clientErrorsToo();
    for (int requests = 0; requests < 2_000; requests += 1_000) {
      TrafficMeter.Count lie = TrafficMeter.Count.of(requests, Long.MAX_VALUE, Long.MAX_VALUE);
      gate.judge(traffic.says("web", Color.GREEN, lie).context());
      traffic.after(Duration.ofSeconds(10));
    }

    assertThat(gate.judge(traffic.context()).kind()).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void lookThatCouldNotBeTakenLeavesNoEarlierVerdictInPlace() {
    ComparisonGate gate = ComparisonGate.errors();
    gate.judge(traffic.context());
    traffic.after(Duration.ofSeconds(10)).blue(1_000, 0).green(1_000, 0);
    assertThat(gate.judge(traffic.context()).kind()).isEqualTo(PASSED);
    traffic.shift(50);
    gate.judge(traffic.context());
    traffic.after(Duration.ofSeconds(10)).blue(4_000_000_000L, 0);
    traffic.green(4_000_000_000L, 3_000_000_000L);

    assertThat(gate.judge(traffic.context()).kind()).isEqualTo(INCONCLUSIVE);
    assertThat(gate.judge(traffic.context()).kind()).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void errorsWhoseSumIsMoreThanANumberHoldsAreNoPass() {
    ComparisonGate gate = ComparisonGate.errors();
    gate.judge(traffic.context());
    traffic.after(Duration.ofSeconds(10));
    traffic.says("web", Color.BLUE, TrafficMeter.Count.of(Long.MAX_VALUE, 0, Long.MAX_VALUE / 2));
    traffic.says("web", Color.GREEN, TrafficMeter.Count.of(Long.MAX_VALUE, 0, Long.MAX_VALUE));

    assertThat(gate.judge(traffic.context()).kind()).isEqualTo(INCONCLUSIVE);
  }

  static Stream<Error> errors() {
    return Stream.of(
        new NoClassDefFoundError("optional"), new AssertionError("no"), new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource("errors")
  void gateThatEndsByAnErrorGivesNoVerdict(Error error) throws Exception {
    Gate broken =
        context -> {
          throw error;
        };
    Gate good = context -> Verdict.passed("fine");
    Gate bad = context -> Verdict.failed("bad");

    assertThat(Gates.any(broken, good).judge(traffic.context()).kind()).isEqualTo(PASSED);
    assertThat(Gates.all(broken, good).judge(traffic.context()).kind()).isEqualTo(INCONCLUSIVE);
    assertThat(Gates.all(broken, bad).judge(traffic.context()).kind()).isEqualTo(FAILED);
    assertThat(Gates.warnOnly(broken).judge(traffic.context()).kind()).isEqualTo(PASSED);
  }

  @Test
  void closedGatesForgetTheCountsOfARouterThatIsClosedToo() {
    CounterGate counter = CounterGate.errorRate(0.01);
    ComparisonGate comparison = ComparisonGate.errors();
    traffic.says("web", Color.BLUE, TrafficMeter.Count.of(1_000, 0, 0));
    traffic.says("web", Color.GREEN, TrafficMeter.Count.of(1_000, 0, 40));
    counter.judge(traffic.context());
    comparison.judge(traffic.context());
    counter.close();
    comparison.close();
    traffic.after(Duration.ofSeconds(30)); // The router was opened again, and counts from zero.
    traffic.says("web", Color.BLUE, TrafficMeter.Count.of(5_000, 0, 0));
    traffic.says("web", Color.GREEN, TrafficMeter.Count.of(5_000, 0, 60));

    assertThat(counter.judge(traffic.context()).reason()).contains("counting begins");
    assertThat(comparison.judge(traffic.context()).reason()).contains("counting begins");
  }
}
