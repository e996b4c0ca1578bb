package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Text;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a gate says of the moment. Immutable.
 *
 * @param kind the answer; only PASSED moves traffic on
 * @param reason for a person; bounded, without control characters
 * @param figures what it is based on, by name; may be empty; bounded: of more than 50 the first by
 *     name
 */
public record Verdict(Kind kind, String reason, Map<String, String> figures) {
  private static final int LONGEST = 300;

  /** More figures than that tell a person nothing, and would fill the record. */
  private static final int MOST = 50;

  /** The answers. */
  public enum Kind {
    /** Good enough to go on. */
    PASSED,
    /** Bad: go back, or freeze, by policy. */
    FAILED,
    /** No verdict yet: asked again until the deadline, where it counts as FAILED. */
    INCONCLUSIVE
  }

  /** Bounds, cleans and copies. */
  public Verdict {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(reason, "reason");
    ArgumentChecks.noNulls("figures", figures);
    reason = Text.clean(reason, LONGEST);
    TreeMap<String, String> clean = new TreeMap<>();
    figures.forEach(
        (name, value) -> clean.put(Text.clean(name, LONGEST), Text.clean(value, LONGEST)));
    while (clean.size() > MOST) {
      clean.pollLastEntry();
    }
    figures = Collections.unmodifiableMap(clean);
  }

  /** Returns PASSED without figures. */
  public static Verdict passed(String reason) {
    return new Verdict(Kind.PASSED, reason, Map.of());
  }

  /** Returns FAILED without figures. */
  public static Verdict failed(String reason) {
    return new Verdict(Kind.FAILED, reason, Map.of());
  }

  /** Returns INCONCLUSIVE without figures. */
  public static Verdict inconclusive(String reason) {
    return new Verdict(Kind.INCONCLUSIVE, reason, Map.of());
  }

  /** Returns the answer for a person. */
  @Override
  public String toString() {
    return kind + ": " + reason + (figures.isEmpty() ? "" : " " + figures);
  }
}
