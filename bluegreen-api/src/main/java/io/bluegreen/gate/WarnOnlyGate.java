package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A gate that is asked and decides nothing. */
record WarnOnlyGate(Gate gate) implements Gate {
  @Override
  public Set<TrafficMeter.Measure> needs() {
    return gate.needs();
  }

  @Override
  public boolean comparesWithLive() {
    return gate.comparesWithLive();
  }

  @Override
  public boolean decides() {
    return false;
  }

  @Override
  public Verdict judge(Context context) throws InterruptedException {
    return told(CompositeGate.judge(gate, context));
  }

  @Override
  public void close() {
    gate.close();
  }

  /** Returns what is asked, for a person. */
  @Override
  public String toString() {
    return "warnOnly of [" + CompositeGate.about(gate, 1) + "]";
  }

  /** Returns a verdict as one that decides nothing. */
  static Verdict told(Verdict verdict) {
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
