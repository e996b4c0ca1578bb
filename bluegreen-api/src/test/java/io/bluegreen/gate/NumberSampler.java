package io.bluegreen.gate;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.DiscreteDistribution;

/**
 * Draws numbers of a distribution in constant time, with a guide to where the cumulative one is.
 */
final class NumberSampler {
  private final int first;
  private final double[] cumulative;
  private final int[] guide;

  NumberSampler(DiscreteDistribution distribution) {
    first = distribution.inverseCumulativeProbability(1e-15);
    int last = distribution.inverseSurvivalProbability(1e-15);
    cumulative =
        IntStream.rangeClosed(first, last)
            .mapToDouble(distribution::cumulativeProbability)
            .toArray();
    guide = new int[2 * cumulative.length];
    for (int i = 0, at = 0; i < guide.length; i++) {
      while (at < cumulative.length - 1 && cumulative[at] < (double) i / guide.length) {
        at++;
      }
      guide[i] = at;
    }
  }

  int draw(SplittableRandom random) {
    double u = random.nextDouble();
    int at = guide[(int) (u * guide.length)];
    while (at < cumulative.length - 1 && cumulative[at] <= u) {
      at++;
    }
    return first + at;
  }
}
