package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts gates together. Every one is asked at every look, one after the other on the calling thread,
 * whatever the others said, so that gates which gather figures never miss a look; together they
 * have the policy's limit for one look. A gate that throws or answers null is INCONCLUSIVE. Reason
 * and figures name the gate that they are from, by its {@code toString}, or by its place where it
 * is a lambda. Closing the whole closes each part once.
 */
public final class Gates {
  private Gates() {}

  /**
   * Returns a gate that is FAILED if one is, else INCONCLUSIVE if one is, and PASSED only if every
   * one is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Gate all(Gate... gates) {
    return new Composite("all", List.of(gates), Finding::all);
  }

  /**
   * Returns a gate that is PASSED if at least one is, else INCONCLUSIVE if one is, and FAILED only
   * if every one is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Gate any(Gate... gates) {
    return new Composite("any", List.of(gates), Finding::any);
  }

  /**
   * Returns a gate that asks another, tells its verdict, and decides nothing: it is PASSED whatever
   * the other says, or if it throws or answers null. The reason then begins with {@code warning
   * only} and the other's verdict, and the figures have that verdict's kind as {@code verdict}.
   * What hangs is not let pass by this: the policy's limit for one look ends it, as for any gate.
   */
  public static Gate warnOnly(Gate gate) {
    return new Composite("warnOnly", List.of(gate), Gates::told);
  }

  private static Verdict told(List<Finding> findings) {
    Verdict verdict = findings.get(0).verdict();
    Map<String, String> figures = new TreeMap<>(verdict.figures());
    figures.put("verdict", verdict.kind().name());
    return new Verdict(
        Verdict.Kind.PASSED,
        (verdict.kind() == Verdict.Kind.PASSED ? "" : "warning only, ")
            + verdict.kind()
            + ": "
            + verdict.reason(),
        figures);
  }
}
