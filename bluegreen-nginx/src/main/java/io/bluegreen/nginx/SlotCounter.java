package io.bluegreen.nginx;

import io.bluegreen.TrafficMeter.Count;
import io.bluegreen.TrafficMeter.Latency;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The counts of one slot, and the times of its last requests. Not safe for threads. */
final class SlotCounter {
  private static final int RECENT = 1024;

  private final long[] micros = new long[RECENT];
  private long requests;
  private long clientErrors;
  private long serverErrors;
  private long timed;

  void add(long status, String seconds) {
    requests++;
    if (status >= 400 && status < 500) {
      clientErrors++;
    } else if (status >= 500) {
      serverErrors++;
    }
    if (seconds.matches("[0-9]{1,9}(\\.[0-9]{1,6})?")) {
      micros[(int) (timed++ % RECENT)] = Math.round(Double.parseDouble(seconds) * 1_000_000);
    }
  }

  Count count() {
    return new Count(requests, clientErrors, serverErrors, latency());
  }

  private Optional<Latency> latency() {
    if (timed == 0) {
      return Optional.empty();
    }
    long[] sorted = Arrays.copyOf(micros, (int) Math.min(timed, RECENT));
    Arrays.sort(sorted);
    long mean = Math.round(Arrays.stream(sorted).average().orElse(0));
    return Optional.of(
        new Latency(
            micros(mean), quantile(sorted, 0.50), quantile(sorted, 0.95), quantile(sorted, 0.99)));
  }

  private static Optional<Duration> quantile(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return Optional.of(micros(sorted[Math.max(0, rank - 1)]));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
