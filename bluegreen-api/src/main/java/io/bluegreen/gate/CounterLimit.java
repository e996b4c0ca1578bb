package io.bluegreen.gate;

import io.bluegreen.TrafficMeter.Measure;
import java.time.Duration;
import java.util.Locale;

/** A limit of a counter gate: which figure of a slot it looks at, and how much is too much. */
interface CounterLimit {
  Measure needs();

  /** Returns how many requests tell of this. */
  long sample(SlotCounts counts);

  boolean exceeded(SlotCounts counts);

  /** Returns the figure for a person. */
  String shown(SlotCounts counts);

  /** Share of answers that are errors. */
  record ErrorRate(double most) implements CounterLimit {
    @Override
    public Measure needs() {
      return Measure.ERRORS;
    }

    @Override
    public long sample(SlotCounts counts) {
      return counts.requests();
    }

    @Override
    public boolean exceeded(SlotCounts counts) {
      return counts.errorRate() > most;
    }

    @Override
    public String shown(SlotCounts counts) {
      return counts.errorsShown();
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f %% errors", 100 * most);
    }
  }

  /** Time to answer on average: of the window where each request is known, else a recent one. */
  record Mean(Duration most) implements CounterLimit {
    @Override
    public Measure needs() {
      return Measure.MEAN_LATENCY;
    }

    @Override
    public long sample(SlotCounts counts) {
      long timed = counts.latencies().count();
      return timed == 0 && counts.recentMean().isPresent() ? counts.requests() : timed;
    }

    @Override
    public boolean exceeded(SlotCounts counts) {
      return mean(counts).compareTo(most) > 0;
    }

    @Override
    public String shown(SlotCounts counts) {
      return mean(counts).toMillis() + " ms on average, " + sample(counts) + " requests";
    }

    private static Duration mean(SlotCounts counts) {
      return counts.latencies().count() > 0
          ? counts.latencies().mean()
          : counts.recentMean().orElse(Duration.ZERO);
    }

    @Override
    public String toString() {
      return most.toMillis() + " ms on average";
    }
  }

  /** Time within which a share of all is answered. */
  record Quantile(double share, Duration most) implements CounterLimit {
    @Override
    public Measure needs() {
      return Measure.LATENCY_DISTRIBUTION;
    }

    @Override
    public long sample(SlotCounts counts) {
      return counts.latencies().count();
    }

    @Override
    public boolean exceeded(SlotCounts counts) {
      return counts.latencies().quantile(share).compareTo(most) > 0;
    }

    @Override
    public String shown(SlotCounts counts) {
      return name()
          + " "
          + counts.latencies().quantile(share).toMillis()
          + " ms, "
          + sample(counts)
          + " requests";
    }

    private String name() {
      return "p" + String.format(Locale.ROOT, "%.4f", 100 * share).replaceAll("\\.?0+$", "");
    }

    @Override
    public String toString() {
      return name() + " " + most.toMillis() + " ms";
    }
  }
}
