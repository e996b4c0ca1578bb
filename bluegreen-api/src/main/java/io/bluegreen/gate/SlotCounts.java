package io.bluegreen.gate;

import io.bluegreen.LatencyHistogram;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What one slot has answered, in numbers of which none contradicts another. */
record SlotCounts(
    long requests, long errors, LatencyHistogram latencies, Optional<Duration> recentMean) {
  /** Takes what a meter says of a slot, unless that can't be true. */
  static SlotCounts of(Slot slot, TrafficMeter.Count count, boolean clientErrorsToo)
      throws NoVerdict {
    SlotCounts counts =
        new SlotCounts(
            count.requests(),
            count.serverErrors() + (clientErrorsToo ? count.clientErrors() : 0),
            count.latencies().orElse(LatencyHistogram.NONE),
            count.recentMean());
    if (count.requests() < 0
        || count.serverErrors() < 0
        || count.clientErrors() < 0
        || counts.errors < 0
        || counts.recentMean.map(Duration::isNegative).orElse(false)) {
      throw new NoVerdict("the meter tells a negative number for " + slot);
    }
    counts.mustAddUp(slot);
    return counts;
  }

  /** Returns whether this can be what earlier counts have become. */
  boolean continues(SlotCounts earlier) {
    return requests >= earlier.requests
        && errors >= earlier.errors
        && latencies.continues(earlier.latencies);
  }

  /** Returns what was added since earlier counts that these continue. */
  SlotCounts since(SlotCounts earlier, Slot slot) throws NoVerdict {
    SlotCounts added =
        new SlotCounts(
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
