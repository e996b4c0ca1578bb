package io.bluegreen.gate;

import io.bluegreen.Verdict;
import io.bluegreen.Verdict.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was found about one part of what a gate judges: a slot, or a gate that it is made of. */
record Finding(String about, Verdict verdict) {
  /** Returns FAILED if any is, else INCONCLUSIVE if any is, else PASSED; of nothing: no pass. */
  static Verdict all(List<Finding> findings) {
    return first(findings, Kind.FAILED, Kind.INCONCLUSIVE, Kind.PASSED);
  }

  /** Returns PASSED if any is, else INCONCLUSIVE if any is, else FAILED; of nothing: no pass. */
  static Verdict any(List<Finding> findings) {
    return first(findings, Kind.PASSED, Kind.INCONCLUSIVE, Kind.FAILED);
  }

  private static Verdict first(List<Finding> findings, Kind... order) {
    Map<String, String> figures = new TreeMap<>();
    for (Finding finding : findings) {
      finding
          .verdict
          .figures()
          .forEach((name, value) -> figures.put(finding.about + " " + name, value));
    }
    for (Kind kind : order) {
      List<Finding> deciding = findings.stream().filter(f -> f.verdict.kind() == kind).toList();
      if (!deciding.isEmpty()) {
        return new Verdict(kind, reasons(deciding), figures);
      }
    }
    return Verdict.inconclusive("there is nothing to judge");
  }

  /** Only those that decided: a reason is bounded, and theirs must be in it. */
  private static String reasons(List<Finding> deciding) {
    return deciding.stream()
        .map(finding -> finding.about + ": " + finding.verdict.reason())
        .collect(Collectors.joining("; "));
  }
}
