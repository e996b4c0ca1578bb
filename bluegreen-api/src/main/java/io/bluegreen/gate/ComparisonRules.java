package io.bluegreen.gate;

import io.bluegreen.TrafficMeter.Measure;
import java.util.Set;
import java.util.function.Consumer;

/** What a comparison gate was told. It changes only while it is copied. */
final class ComparisonRules {
  final Set<Measure> measures;
  Set<String> services = Set.of();
  boolean clientErrorsToo;
  double ratio = ComparisonGate.ERROR_RATIO;
  double points = ComparisonGate.ERROR_POINTS;
  double factor = ComparisonGate.LATENCY_FACTOR;
  double significance = ComparisonGate.SIGNIFICANCE;
  long minimum = ComparisonGate.MINIMUM;
  int looks = ComparisonGate.LOOKS;

  ComparisonRules(Measure... measures) {
    this.measures = Set.of(measures);
  }

  /** Returns a changed copy. */
  ComparisonRules with(Consumer<ComparisonRules> change) {
    ComparisonRules copy = new ComparisonRules(measures.toArray(Measure[]::new));
    copy.services = services;
    copy.clientErrorsToo = clientErrorsToo;
    copy.ratio = ratio;
    copy.points = points;
    copy.factor = factor;
    copy.significance = significance;
    copy.minimum = minimum;
    copy.looks = looks;
    change.accept(copy);
    return copy;
  }

  boolean errors() {
    return measures.contains(Measure.ERRORS);
  }

  boolean latency() {
    return measures.contains(Measure.LATENCY_DISTRIBUTION);
  }

  /**
   * Returns how often one test may be wrong, so that all tests of a deployment together stay within
   * their limit (Bonferroni).
   */
  double significanceOfOne(int comparedServices) {
    return significance / looks / comparedServices / measures.size();
  }

  /** Returns how many requests of this slot every measure knows. */
  long sample(SlotCounts counts) {
    long timed = latency() ? counts.latencies().count() : counts.requests();
    return Math.min(timed, counts.requests());
  }
}
