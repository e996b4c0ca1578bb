package io.bluegreen.gate;

import io.bluegreen.LatencyHistogram;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Tells whether chance explains that the candidate's times to answer are longer, by the
 * Mann-Whitney U test, corrected for ties and for continuity. It works on times that are counted in
 * buckets, and gives the values that MannWhitneyUTest of Apache Commons Statistics gives for the
 * single times (a test compares them), without an array of millions of them at each look.
 */
final class LatencyComparison {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private LatencyComparison() {}

  /**
   * Returns by how many buckets a factor moves a time; rounded up, so that it is a wider margin.
   */
  static int buckets(double factor) {
    return (int) Math.ceil(LatencyHistogram.PER_DOUBLING * Math.log(factor) / Math.log(2) - 1e-9);
  }

  /**
   * Returns how probable it is at most to see the candidate's times rank so high above the live
   * ones, each of these made longer by so many buckets, if they were no higher; 1 without times.
   */
  static double pValue(LatencyHistogram candidate, LatencyHistogram live, int longer) {
    double c = candidate.count();
    double l = live.count();
    double all = c + l;
    double below = 0; // Pairs in which the live one is shorter; a tie is half a pair.
    double ties = 0;
    double liveBelow = 0;
    for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
      double fromCandidate = candidate.in(bucket);
      double fromLive = moved(live, bucket, longer);
      if (fromCandidate == 0 && fromLive == 0) {
        continue; // Which is most of them.
      }
      below += fromCandidate * (liveBelow + fromLive / 2);
      liveBelow += fromLive;
      double tied = fromCandidate + fromLive;
      ties += tied * tied * tied - tied;
    }
    double variance = c * l / 12 * (all + 1 - ties / (all * (all - 1)));
    return variance > 0
        ? NORMAL.survivalProbability((below - c * l / 2 - 0.5) / Math.sqrt(variance))
        : 1;
  }

  /** What is longer than the start of the last bucket stays there. */
  private static double moved(LatencyHistogram times, int bucket, int longer) {
    double moved = bucket < longer ? 0 : times.in(bucket - longer);
    if (bucket == LatencyHistogram.BUCKETS - 1) {
      for (int last = Math.max(0, bucket - longer + 1); last <= bucket; last++) {
        moved += times.in(last);
      }
    }
    return moved;
  }
}
