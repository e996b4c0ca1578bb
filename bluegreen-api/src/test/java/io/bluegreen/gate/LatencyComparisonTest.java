package io.bluegreen.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bluegreen.LatencyHistogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.junit.jupiter.api.Test;

class LatencyComparisonTest {
  private final Random random = new Random(7);

  @Test
  void comparisonAgreesWithTheLibrarysTestOfTheSingleTimes() {
    MannWhitneyUTest library =
        MannWhitneyUTest.withDefaults()
            .with(AlternativeHypothesis.GREATER_THAN)
            .with(PValueMethod.ASYMPTOTIC);
    for (int trial = 0; trial < 200; trial++) {
      LatencyHistogram candidate = times(1 + random.nextInt(400), 20 + random.nextInt(30));
      LatencyHistogram live = times(1 + random.nextInt(400), 20 + random.nextInt(30));
      int longer = random.nextInt(12);
      double expected = library.test(buckets(candidate, 0), buckets(live, longer)).getPValue();
      assertThat(LatencyComparison.pValue(candidate, live, longer))
          .as("trial %s", trial)
          .isCloseTo(Double.isNaN(expected) ? 1 : expected, within(1e-9));
    }
  }

  @Test
  void emptySideOrOnlyTiesAreNoEvidence() {
    LatencyHistogram some = times(100, 20);
    assertThat(LatencyComparison.pValue(LatencyHistogram.NONE, some, 0)).isEqualTo(1);
    assertThat(LatencyComparison.pValue(some, LatencyHistogram.NONE, 0)).isEqualTo(1);
    assertThat(LatencyComparison.pValue(LatencyHistogram.NONE, LatencyHistogram.NONE, 0))
        .isEqualTo(1);
    LatencyHistogram alike = LatencyHistogram.of(Duration.ofMillis(5), Duration.ofMillis(5));
    assertThat(LatencyComparison.pValue(alike, alike, 0)).isEqualTo(1);
  }

  @Test
  void factorIsRoundedUpToBuckets() {
    assertThat(LatencyComparison.buckets(1)).isZero();
    assertThat(LatencyComparison.buckets(1.001)).isEqualTo(1);
    assertThat(LatencyComparison.buckets(1.5)).isEqualTo(6);
    assertThat(LatencyComparison.buckets(2)).isEqualTo(10);
    assertThat(LatencyComparison.buckets(1000)).isEqualTo(100);
  }

  private LatencyHistogram times(int n, double median) {
    Duration[] times = new Duration[n];
    Arrays.setAll(
        times, i -> Duration.ofNanos((long) (1e6 * median * Math.exp(3 * random.nextGaussian()))));
    return LatencyHistogram.of(times);
  }

  /** Each time as the number of its bucket; the last one has no end. */
  private static double[] buckets(LatencyHistogram latencies, int longer) {
    return IntStream.range(0, LatencyHistogram.BUCKETS)
        .boxed()
        .flatMapToDouble(
            bucket ->
                IntStream.range(0, (int) latencies.in(bucket))
                    .mapToDouble(i -> Math.min(bucket + longer, LatencyHistogram.BUCKETS - 1)))
        .toArray();
  }
}
