package io.bluegreen.simulation;

import io.bluegreen.BlueGreenException;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport.Decision;
import java.util.Map;
import java.util.TreeMap;

/** Counts what happened over many runs. */
final class Tally {
  private final Map<String, Long> counts = new TreeMap<>();

  void add(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  void add(Tally other) {
    other.counts.forEach(this::add);
  }

  long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Returns how many deployments were started by an act or to heal. */
  long deployments() {
    return count("run")
        + counts.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("act "))
            .filter(entry -> ScriptedCall.Verb.valueOf(entry.getKey().substring(4)).operates())
            .mapToLong(Map.Entry::getValue)
            .sum();
  }

  void ran(World world) {
    add("run", 1);
    world.struck.forEach((fault, times) -> add("fault " + fault, times));
  }

  void calls(ScriptedCall act, int calls) {
    add("act " + act.verb(), 1);
    add("call", calls);
  }

  void outcome(Outcome outcome) {
    add("outcome " + outcome, 1);
  }

  void decision(Decision decision) {
    add("decision " + decision, 1);
  }

  void crashed() {
    add("outcome killed", 1);
  }

  void refused(BlueGreenException refusal) {
    add("refused by " + refusal.getClass().getSimpleName(), 1);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach((what, times) -> text.append(String.format("%-50s %,12d%n", what, times)));
    return text.toString();
  }
}
