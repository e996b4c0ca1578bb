package io.bluegreen.gate;

import static io.bluegreen.gate.SimulatedDeployments.STEPS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often the comparison gate is wrong, over all looks, services and measures of a deployment. It
 * is the gate's own comparisons that judge; every hundredth deployment goes through the whole gate.
 */
@Tag("long")
class FalseAlarmsTest {
  private static final double BACKGROUND = 0.02;

  @Test
  void atMostOneDeploymentInTenThousandIsFailedByChance() {
    long alarms = gate(ComparisonGate::errorsAndLatency).failed(100_000);
    System.out.println("false alarms at the defaults: " + alarms + " of 100000");
    assertThat(alarms).isLessThanOrEqualTo(10);
  }

  /** As above, at a significance where there is something to count. */
  @Test
  void boundIsKeptByTheTestsAloneWithoutAnyMargin() {
    int deployments = 10_000;
    double significance = 0.02;
    long alarms =
        gate(() ->
                ComparisonGate.errorsAndLatency()
                    .errorMargin(1, 0)
                    .latencyFactor(1)
                    .significance(significance))
            .failed(deployments);
    System.out.println("false alarms at 2 %, without margins: " + alarms + " of " + deployments);
    double expected = deployments * significance;
    assertThat((double) alarms)
        .as("the simulation is not blind, and the bound is kept but for chance")
        .isBetween(expected / 10, expected + 4 * Math.sqrt(expected));
  }

  @Test
  void gateDetectsFiveTimesTheErrorsWithFewRequestsAndTwiceWithMore() {
    System.out.println(
        "detected, of 1000, by requests of the smaller colour in a hold of the first three:");
    for (int steps = 1; steps <= STEPS; steps++) {
      SimulatedDeployments twice = errors(steps, 2);
      long five = errors(steps, 5).failed(1000);
      long two = twice.failed(1000);
      long longer = latency(steps, 2).failed(1000);
      long muchLonger = latency(steps, 5).failed(1000);
      System.out.printf(
          "%6d: errors x2 %4d, x5 %4d; latency x2 %4d, x5 %4d%n",
          twice.requestsInHold(), two, five, longer, muchLonger);
      assertThat(five + muchLonger).isGreaterThan(steps > 1 ? 1990 : 1000);
      assertThat(two).isGreaterThan(steps == STEPS ? 990 : -1);
    }
  }

  private static SimulatedDeployments gate(Supplier<ComparisonGate> gate) {
    return new SimulatedDeployments(gate, STEPS, BACKGROUND, BACKGROUND, 1);
  }

  private static SimulatedDeployments errors(int steps, int times) {
    return new SimulatedDeployments(
        ComparisonGate::errorsAndLatency, steps, BACKGROUND, times * BACKGROUND, 1);
  }

  private static SimulatedDeployments latency(int steps, int times) {
    return new SimulatedDeployments(
        ComparisonGate::errorsAndLatency, steps, BACKGROUND, BACKGROUND, times);
  }
}
