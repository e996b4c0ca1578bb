package io.bluegreen.examples.benchmark;

import io.bluegreen.examples.demo.RequestJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The measured switches of one way. Immutable.
 *
 * @param way its name
 * @param took how long each switch took, in rising order
 * @param keeping what the users saw that keep their connection
 * @param reconnecting what those saw that open one for every request
 */
record MeasuredSwitches(
    String way,
    List<Duration> took,
    RequestJudge.Totals keeping,
    RequestJudge.Totals reconnecting) {
  MeasuredSwitches {
    took = took.stream().sorted().toList();
  }

  /** Returns a table in which the first one is the measure of the others. */
  static List<String> table(List<MeasuredSwitches> all) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-23s %9s %9s %7s %9s %12s %13s %7s",
            "way",
            "p50 ms",
            "max ms",
            "ratio",
            "requests",
            "failed, kept",
            "failed, fresh",
            "stale"));
    for (MeasuredSwitches figures : all) {
      lines.add(figures.row(all.get(0).median()));
    }
    return lines;
  }

  private String row(Duration measure) {
    return String.format(
        Locale.ROOT,
        "%-23s %9.2f %9.2f %7.1f %9d %12d %13d %7d",
        way,
        millis(median()),
        millis(took.get(took.size() - 1)),
        millis(median()) / millis(measure),
        keeping.requests() + reconnecting.requests(),
        keeping.failed(),
        reconnecting.failed(),
        keeping.stale() + reconnecting.stale());
  }

  Duration median() {
    return took.get((took.size() - 1) / 2);
  }

  static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
