package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * Times to answer, counted in fixed buckets since a router was opened: the difference of two
 * readings is what was answered between them. Immutable.
 *
 * <p>Each doubling of a time is {@value #PER_DOUBLING} buckets, so that a time is known to 7.2 %.
 * The first bucket has what took less than one millisecond, the last one what took ten minutes or
 * more. As all buckets are alike, multiplying each time by a factor moves every count by the same
 * number of buckets, which is what a comparison needs; histograms with linear parts, such as
 * HdrHistogram's, can't do that, and are mutable.
 */
public final class LatencyHistogram {
  /** How many buckets share one doubling of a time. */
  public static final int PER_DOUBLING = 10;

  /** How many buckets there are. */
  public static final int BUCKETS;

  /** Nothing was answered yet. */
  public static final LatencyHistogram NONE;

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Where each bucket ends and the next begins, in nanoseconds; the last bucket has no end. */
  private static final long[] ENDS;

  static {
    double doublings = Math.log((double) LONGEST.toNanos() / SHORTEST.toNanos()) / Math.log(2);
    int between = (int) Math.ceil(doublings * PER_DOUBLING);
    ENDS = new long[between + 1];
    for (int i = 0; i < between; i++) {
      ENDS[i] = Math.round(SHORTEST.toNanos() * Math.pow(2, (double) i / PER_DOUBLING));
    }
    ENDS[between] = LONGEST.toNanos();
    BUCKETS = ENDS.length + 1;
    NONE = new LatencyHistogram(new long[BUCKETS], 0);
  }

  private final long[] counts;
  private final long count;
  private final double nanos;

  private LatencyHistogram(long[] counts, double nanos) {
    long sum = 0;
    for (long each : counts) {
      sum += each;
    }
    this.counts = counts;
    this.count = sum;
    this.nanos = nanos;
  }

  /** Returns these times; a negative one counts as zero. */
  public static LatencyHistogram of(Duration... times) {
    ArgumentChecks.noNulls("times", times);
    Recorder recorder = new Recorder();
    for (Duration time : times) {
      recorder.add(time);
    }
    return recorder.latencies();
  }

  /** Returns how many times there are. */
  public long count() {
    return count;
  }

  /**
   * Returns how many times are in a bucket.
   *
   * @param bucket its number, from 0 to {@link #BUCKETS} - 1, the shortest times first
   * @throws IndexOutOfBoundsException for any other
   */
  public long in(int bucket) {
    return counts[bucket];
  }

  /** Returns whether these are earlier ones and perhaps some more, as without a reset they are. */
  public boolean continues(LatencyHistogram earlier) {
    Objects.requireNonNull(earlier, "earlier");
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] < earlier.counts[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns what was added since an earlier reading.
   *
   * @throws IllegalArgumentException if these do not {@linkplain #continues continue} it
   */
  public LatencyHistogram since(LatencyHistogram earlier) {
    Objects.requireNonNull(earlier, "earlier");
    if (!continues(earlier)) {
      throw new IllegalArgumentException(
          "earlier: its latencies are no part of these: " + earlier + ", " + this);
    }
    long[] added = counts.clone();
    for (int i = 0; i < BUCKETS; i++) {
      added[i] -= earlier.counts[i];
    }
    return new LatencyHistogram(added, Math.max(0, nanos - earlier.nanos));
  }

  /** Returns these and others together. */
  public LatencyHistogram plus(LatencyHistogram more) {
    Objects.requireNonNull(more, "more");
    long[] sums = counts.clone();
    for (int i = 0; i < BUCKETS; i++) {
      sums[i] += more.counts[i];
    }
    return new LatencyHistogram(sums, nanos + more.nanos);
  }

  /** Returns the mean, which no bucket has blurred; zero if there is nothing. */
  public Duration mean() {
    return count == 0 ? Duration.ZERO : Duration.ofNanos(Math.round(nanos / count));
  }

  /**
   * Returns the time within which such a share of all was answered: the end of its bucket, so that
   * it is never too short and at most 7.2 % too long. Ten minutes stand for all that is longer.
   *
   * @param share such as 0.95 for the 95th percentile
   * @return zero if there is nothing
   * @throws IllegalArgumentException if the share is not above 0 and at most 1
   */
  public Duration quantile(double share) {
    ArgumentChecks.require("share", share > 0 && share <= 1, "more than 0 and at most 1", share);
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < BUCKETS && count > 0; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Duration.ofNanos(ENDS[Math.min(i, ENDS.length - 1)]);
      }
    }
    return Duration.ZERO;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyHistogram that
        && Arrays.equals(counts, that.counts)
        && nanos == that.nanos;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  /** Returns how many there are, their mean and some quantiles, for a person. */
  @Override
  public String toString() {
    return count == 0
        ? "no latency"
        : count
            + " in "
            + mean().toMillis()
            + " ms on average, p50 "
            + quantile(0.50).toMillis()
            + ", p95 "
            + quantile(0.95).toMillis()
            + ", p99 "
            + quantile(0.99).toMillis();
  }

  /** Counts times, for routers that see each request. Not safe for use by several threads. */
  public static final class Recorder {
    private final long[] counts = new long[BUCKETS];
    private double nanos;

    /** Creates one that has counted nothing. */
    public Recorder() {}

    /** Counts one; a negative one counts as zero. */
    public void add(Duration time) {
      Objects.requireNonNull(time, "time");
      add(time, 1);
    }

    /**
     * Counts a time that was taken several times.
     *
     * @param times how often, at least 0
     * @throws IllegalArgumentException if it is less
     */
    public void add(Duration time, long times) {
      Objects.requireNonNull(time, "time");
      ArgumentChecks.atLeast("times", 0, times);
      long taken = time.isNegative() ? 0 : time.toNanos();
      int found = Arrays.binarySearch(ENDS, taken);
      // A bucket begins with its start and ends before its end.
      counts[found >= 0 ? found + 1 : -found - 1] += times;
      nanos += (double) taken * times;
    }

    /** Returns all that was counted so far. */
    public LatencyHistogram latencies() {
      return new LatencyHistogram(counts.clone(), nanos);
    }
  }
}
