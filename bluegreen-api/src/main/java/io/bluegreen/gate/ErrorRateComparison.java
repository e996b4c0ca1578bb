package io.bluegreen.gate;

import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/**
 * Tells whether chance explains that the candidate's error rate is higher, by the exact conditional
 * binomial test for a ratio of two rates: of all errors of both colours the candidate's share is
 * binomial, and at most what its requests and the ratio account for. Exact for counts that are
 * Poisson, on the safe side for binomial ones; no approximation, however few the errors.
 */
final class ErrorRateComparison {
  private static final BinomialTest TEST =
      BinomialTest.withDefaults().with(AlternativeHypothesis.GREATER_THAN);

  private ErrorRateComparison() {}

  /**
   * Returns how probable it is at most to see so many errors of the candidate, if its error rate
   * were at most this many times live's.
   */
  static double pValue(SlotCounts candidate, SlotCounts live, double ratio) throws NoVerdict {
    if (candidate.errorRate() <= ratio * live.errorRate()) {
      return 1; // No evidence at all, which is most looks: nothing to compute.
    }
    long errors = candidate.errors() + live.errors();
    if (errors < 0 || errors > Integer.MAX_VALUE) {
      throw new NoVerdict("more than " + Integer.MAX_VALUE + " errors were told");
    }
    double weighted = ratio * candidate.requests();
    return TEST.test(
            (int) errors, (int) candidate.errors(), weighted / (weighted + live.requests()))
        .getPValue();
  }
}
