package io.bluegreen.gate;

import io.bluegreen.LatencyHistogram;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What one slot has answered, of which no number contradicts another. */
record Tally(
    long requests, long errors, LatencyHistogram latencies, Optional<Duration> recentMean) {
  /** Takes what a meter says of a slot, unless that can't be true. */
  static Tally of(Slot slot, TrafficMeter.Count count, boolean clientErrorsToo) throws NoVerdict {
    Tally tally =
        new Tally(
            count.requests(),
            count.serverErrors() + (clientErrorsToo ? count.clientErrors() : 0),
            count.latencies().orElse(LatencyHistogram.NONE),
            count.recentMean());
    if (count.requests() < 0
        || count.serverErrors() < 0
        || count.clientErrors() < 0
        || tally.errors < 0
        || tally.recentMean.map(Duration::isNegative).orElse(false)) {
      throw new NoVerdict("the meter says less than nothing of " + slot);
    }
    tally.mustAddUp(slot);
    return tally;
  }

  /** Returns whether this can be what an earlier tally has become. */
  boolean continues(Tally earlier) {
    return requests >= earlier.requests
        && errors >= earlier.errors
        && latencies.continues(earlier.latencies);
  }

  /** Returns what was added since a tally that this one continues. */
  Tally since(Tally earlier, Slot slot) throws NoVerdict {
    Tally added =
        new Tally(
            requests - earlier.requests,
            errors - earlier.errors,
            latencies.since(earlier.latencies),
            recentMean);
    added.mustAddUp(slot);
    return added;
  }

  double errorRate() {
    return requests == 0 ? 0 : (double) errors / requests;
  }

  /** Returns the errors for a person, such as {@code 12 of 2000 (0.60 %)}. */
  String errorsShown() {
    return errors + " of " + requests + String.format(Locale.ROOT, " (%.2f %%)", 100 * errorRate());
  }

  private void mustAddUp(Slot slot) throws NoVerdict {
    if (errors > requests) {
      throw new NoVerdict(
          "the meter tells more errors than requests of " + slot + ": " + errorsShown());
    }
    if (latencies.count() > requests) {
      throw new NoVerdict(
          "the meter tells more latencies than requests of "
              + slot
              + ": "
              + latencies.count()
              + " of "
              + requests);
    }
  }
}
