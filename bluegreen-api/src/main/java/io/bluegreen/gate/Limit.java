package io.bluegreen.gate;

import io.bluegreen.TrafficMeter.Measure;
import java.time.Duration;
import java.util.Locale;

/** What a slot may not exceed, read from what it has answered. */
interface Limit {
  Measure needs();

  /** Returns how many requests tell of this. */
  long sample(Tally tally);

  boolean exceeded(Tally tally);

  /** Returns the figure for a person. */
  String shown(Tally tally);

  /** Share of answers that are errors. */
  record ErrorRate(double most) implements Limit {
    @Override
    public Measure needs() {
      return Measure.ERRORS;
    }

    @Override
    public long sample(Tally tally) {
      return tally.requests();
    }

    @Override
    public boolean exceeded(Tally tally) {
      return tally.errorRate() > most;
    }

    @Override
    public String shown(Tally tally) {
      return tally.errorsShown();
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f %% errors", 100 * most);
    }
  }

  /** Time to answer on average: of the window where each request is known, else a recent one. */
  record Mean(Duration most) implements Limit {
    @Override
    public Measure needs() {
      return Measure.MEAN_LATENCY;
    }

    @Override
    public long sample(Tally tally) {
      long timed = tally.latencies().count();
      return timed == 0 && tally.recentMean().isPresent() ? tally.requests() : timed;
    }

    @Override
    public boolean exceeded(Tally tally) {
      return mean(tally).compareTo(most) > 0;
    }

    @Override
    public String shown(Tally tally) {
      return mean(tally).toMillis() + " ms on average, " + sample(tally) + " requests";
    }

    private static Duration mean(Tally tally) {
      return tally.latencies().count() > 0
          ? tally.latencies().mean()
          : tally.recentMean().orElse(Duration.ZERO);
    }

    @Override
    public String toString() {
      return most.toMillis() + " ms on average";
    }
  }

  /** Time within which a share of all is answered. */
  record Quantile(double share, Duration most) implements Limit {
    @Override
    public Measure needs() {
      return Measure.LATENCY_DISTRIBUTION;
    }

    @Override
    public long sample(Tally tally) {
      return tally.latencies().count();
    }

    @Override
    public boolean exceeded(Tally tally) {
      return tally.latencies().quantile(share).compareTo(most) > 0;
    }

    @Override
    public String shown(Tally tally) {
      return name()
          + " "
          + tally.latencies().quantile(share).toMillis()
          + " ms, "
          + sample(tally)
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
