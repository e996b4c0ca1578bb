package io.bluegreen.gate;

import io.bluegreen.Verdict;
import io.bluegreen.Verdict.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The verdict on one part of what a gate judges: on a slot, or of a gate that it is made of.
 *
 * @param decides whether it counts, and is not only told
 */
record PartVerdict(String about, Verdict verdict, boolean decides) {
  /** Creates one that counts. */
  PartVerdict(String about, Verdict verdict) {
    this(about, verdict, true);
  }

  /** Returns FAILED if any is, else INCONCLUSIVE if any is, else PASSED; of nothing: no pass. */
  static Verdict all(List<PartVerdict> parts) {
    return first(parts, Kind.FAILED, Kind.INCONCLUSIVE, Kind.PASSED);
  }

  /** Returns PASSED if any is, else INCONCLUSIVE if any is, else FAILED; of nothing: no pass. */
  static Verdict any(List<PartVerdict> parts) {
    return first(parts, Kind.PASSED, Kind.INCONCLUSIVE, Kind.FAILED);
  }

  private static Verdict first(List<PartVerdict> parts, Kind... order) {
    Map<String, String> figures = new TreeMap<>();
    for (PartVerdict part : parts) {
      part.verdict.figures().forEach((name, value) -> figures.put(part.about + " " + name, value));
    }
    boolean noneDecides = parts.stream().noneMatch(PartVerdict::decides);
    for (Kind kind : order) {
      List<PartVerdict> alike = parts.stream().filter(f -> f.verdict.kind() == kind).toList();
      if (alike.stream().anyMatch(part -> part.decides || noneDecides)) {
        return new Verdict(kind, reasons(alike), figures);
      }
    }
    return Verdict.inconclusive("there is nothing to judge");
  }

  /**
   * Only the reasons of those that say the same, because a reason is bounded and theirs must be in
   * it.
   */
  private static String reasons(List<PartVerdict> alike) {
    return alike.stream()
        .map(part -> part.about + ": " + part.verdict.reason())
        .collect(Collectors.joining("; "));
  }
}
