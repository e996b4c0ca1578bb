package io.bluegreen.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The findings as a table for a person. */
final class FindingsTable {
  private FindingsTable() {}

  static List<String> of(DemoFindings findings) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(row("asked for", "outcome", "then live", "took", ""));
    for (AskedOperation act : together(findings.acts())) {
      lines.add(row(act));
      if (!act.why().isEmpty()) {
        lines.add("  " + act.why());
      }
    }
    lines.add("");
    lines.add(figure("requests", "%,d", findings.totals().requests()) + answeredBy(findings));
    lines.add(figure("failed", "%,d", findings.totals().failed()));
    lines.add(figure("stale", "%,d", findings.totals().stale()));
    findings
        .totals()
        .detected()
        .ifPresent(
            after ->
                lines.add(
                    figure("bad", "%,d", findings.totals().candidateErrors())
                        + String.format(
                            Locale.ROOT,
                            "   errors that the bad version answered; it was off the traffic %.0f"
                                + " ms after the first",
                            DemoFindings.millis(after))));
    if (findings.habit() == ConnectionHabit.KEEPS_AND_RESENDS) {
      lines.add(
          figure("retried", "%,d", findings.totals().retried())
              + "   on kept connections that were closed before a byte of the answer came");
    }
    lines.add(
        figure("switches", "%,d", findings.switchTimes().size())
            + String.format(
                Locale.ROOT,
                "   until proven: p50 %.2f ms, max %.2f ms",
                DemoFindings.millis(findings.median()),
                DemoFindings.millis(findings.longest())));
    findings.totals().failures().forEach(why -> lines.add("  failed: " + why));
    lines.add("");
    lines.add(verdict(findings));
    return lines;
  }

  /** Returns the acts with the quick ones, which follow each other, as one. */
  private static List<AskedOperation> together(List<AskedOperation> acts) {
    List<AskedOperation> rows = new ArrayList<>(acts);
    List<AskedOperation> quick = acts.stream().filter(AskedOperation::quick).toList();
    if (!quick.isEmpty()) {
      int first = rows.indexOf(quick.get(0));
      rows.removeAll(quick);
      rows.add(first, quickSwitches(quick));
    }
    return rows;
  }

  /** Many acts that ended alike are one row; otherwise it shows the first that did not. */
  private static AskedOperation quickSwitches(List<AskedOperation> acts) {
    AskedOperation last = acts.get(acts.size() - 1);
    AskedOperation shown = acts.stream().filter(act -> !act.asTold()).findFirst().orElse(last);
    Duration took = acts.stream().map(AskedOperation::took).reduce(Duration.ZERO, Duration::plus);
    return new AskedOperation(
        acts.size() + " quick switches",
        shown.expected(),
        shown.outcome(),
        last.live(),
        took,
        shown.why(),
        true);
  }

  private static String row(AskedOperation act) {
    String took = String.format(Locale.ROOT, "%.1f s", act.took().toMillis() / 1000.0);
    return row(
        act.what(), act.outcome(), act.live(), took, act.asTold() ? "" : "NOT " + act.expected());
  }

  private static String row(String what, String outcome, String live, String took, String why) {
    return String.format(
            Locale.ROOT, "%-18s  %-15s  %-11s  %9s  %s", what, outcome, live, took, why)
        .stripTrailing();
  }

  private static String figure(String name, String format, long value) {
    return String.format(Locale.ROOT, "%-10s" + format, name, value);
  }

  private static String answeredBy(DemoFindings findings) {
    StringBuilder answered = new StringBuilder("   answered by");
    Map<String, Long> versions = new TreeMap<>(findings.totals().versions());
    versions.forEach((version, n) -> answered.append(String.format(" %s: %,d", version, n)));
    return versions.isEmpty() ? "" : answered.toString();
  }

  private static String verdict(DemoFindings findings) {
    String took = String.format(Locale.ROOT, "%.1f s", findings.took().toMillis() / 1000.0);
    return findings.good()
        ? "As it should be: nothing lost, nothing misrouted. " + took
        : "NOT as it should be. " + took;
  }
}
