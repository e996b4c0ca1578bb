package io.bluegreen.gate;

import io.bluegreen.support.ArgumentChecks;
import java.util.function.DoublePredicate;

/** The limit that a figure is compared with, and how. */
record Threshold(String words, double limit, DoublePredicate test) {
  Threshold {
    ArgumentChecks.require("limit", Double.isFinite(limit), "a finite number", limit);
  }

  static Threshold atMost(double limit) {
    return new Threshold("at most", limit, value -> value <= limit);
  }

  static Threshold atLeast(double limit) {
    return new Threshold("at least", limit, value -> value >= limit);
  }

  static Threshold below(double limit) {
    return new Threshold("below", limit, value -> value < limit);
  }

  static Threshold above(double limit) {
    return new Threshold("above", limit, value -> value > limit);
  }

  boolean holds(double value) {
    return test.test(value);
  }

  /** Returns it for a person, such as {@code at most 0.05}. */
  @Override
  public String toString() {
    return words + " " + limit;
  }
}
