package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  @Test
  void quantileIsNeverTooShortAndAtMostOneBucketTooLong() {
    Random random = new Random(1);
    Duration[] times = new Duration[10_000];
    Arrays.setAll(times, i -> Duration.ofNanos((long) (1e6 * Math.exp(random.nextDouble() * 13))));
    LatencyHistogram latencies = LatencyHistogram.of(times);
    Arrays.sort(times);
    for (double share : new double[] {0.0001, 0.25, 0.5, 0.95, 0.99, 0.999, 1}) {
      long right = times[(int) Math.ceil(share * times.length) - 1].toNanos();
      assertThat(latencies.quantile(share).toNanos())
          .as("%s of them", share)
          .isBetween(right, (long) (right * 1.0719));
    }
  }

  @Test
  void differenceOfTwoReadingsIsWhatWasAnsweredBetweenThem() {
    LatencyHistogram.Recorder recorder = new LatencyHistogram.Recorder();
    IntStream.rangeClosed(1, 1000).forEach(ms -> recorder.add(Duration.ofMillis(ms)));
    LatencyHistogram before = recorder.latencies();
    recorder.add(Duration.ofSeconds(3));
    recorder.add(Duration.ofSeconds(5));

    LatencyHistogram added = recorder.latencies().since(before);

    assertThat(before.count()).as("a reading does not change").isEqualTo(1000);
    assertThat(added.count()).isEqualTo(2);
    assertThat(added.mean()).isEqualTo(Duration.ofSeconds(4));
    assertThat(added).isEqualTo(LatencyHistogram.of(Duration.ofSeconds(5), Duration.ofSeconds(3)));
    assertThat(before.plus(added)).isEqualTo(recorder.latencies());
  }

  @Test
  void resetOfTheCounterIsNoNegativeDifference() {
    LatencyHistogram before = LatencyHistogram.of(Duration.ofMillis(5), Duration.ofMillis(5));
    assertThatThrownBy(() -> LatencyHistogram.of(Duration.ofMillis(5)).since(before))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                LatencyHistogram.of(
                        Duration.ofMillis(9), Duration.ofMillis(9), Duration.ofMillis(9))
                    .since(before))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shortestAndLongestTimesHaveBucketsOfTheirOwn() {
    LatencyHistogram latencies =
        LatencyHistogram.of(
            Duration.ofSeconds(-1),
            Duration.ZERO,
            Duration.ofNanos(999_999),
            Duration.ofMinutes(10),
            Duration.ofDays(9));
    assertThat(latencies.in(0)).isEqualTo(3);
    assertThat(latencies.in(LatencyHistogram.BUCKETS - 1)).isEqualTo(2);
    assertThat(latencies.quantile(0.5)).isEqualTo(Duration.ofMillis(1));
    assertThat(latencies.quantile(1)).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void doublingATimeMovesItByTheBucketsOfOneDoubling() {
    for (long ms : new long[] {1, 3, 17, 480, 29_999}) {
      assertThat(bucket(Duration.ofMillis(2 * ms)))
          .isEqualTo(bucket(Duration.ofMillis(ms)) + LatencyHistogram.PER_DOUBLING);
    }
  }

  @Test
  void nothingHasNoLatency() {
    assertThat(LatencyHistogram.NONE.mean()).isZero();
    assertThat(LatencyHistogram.NONE.quantile(0.95)).isZero();
    assertThat(LatencyHistogram.NONE).hasToString("no latency").isEqualTo(LatencyHistogram.of());
    assertThatThrownBy(() -> LatencyHistogram.NONE.quantile(0)).hasMessageContaining("share");
    assertThatThrownBy(() -> LatencyHistogram.NONE.quantile(Double.NaN))
        .hasMessageContaining("share");
  }

  private static int bucket(Duration time) {
    LatencyHistogram one = LatencyHistogram.of(time);
    return IntStream.range(0, LatencyHistogram.BUCKETS)
        .filter(i -> one.in(i) == 1)
        .findFirst()
        .orElse(-1);
  }
}
