package io.bluegreen.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes a failing script smaller while it still fails by the same check. */
final class Shrinker {
  private final Function<Script, Optional<Violation>> play;

  Shrinker(Function<Script, Optional<Violation>> play) {
    this.play = play;
  }

  Script shrink(Script failing, Violation violation) {
    Script smallest = failing;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (Script candidate : candidates(smallest)) {
        Optional<Violation> seen = play.apply(candidate);
        if (seen.isPresent() && seen.get().check().equals(violation.check())) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  /** Returns scripts that are simpler than this one in one way. */
  private static List<Script> candidates(Script script) {
    List<Script> simpler = new ArrayList<>();
    for (int i = 0; i < script.acts().size(); i++) {
      List<ScriptedCall> fewer = new ArrayList<>(script.acts());
      fewer.remove(i);
      simpler.add(script.with(fewer));
    }
    for (int i = 0; i < script.acts().size(); i++) {
      ScriptedCall act = script.acts().get(i);
      for (int j = 0; j < act.faults().size(); j++) {
        List<PlannedFault> fewer = new ArrayList<>(act.faults());
        fewer.remove(j);
        simpler.add(replaced(script, i, act.with(fewer)));
      }
      if (act.style() != PolicyStyle.PLAIN) {
        simpler.add(replaced(script, i, act.with(PolicyStyle.PLAIN)));
      }
      if (!act.plain().equals(act)) {
        simpler.add(replaced(script, i, act.plain()));
      }
    }
    if (script.hooks()) {
      simpler.add(
          new Script(script.seed(), script.shape(), false, script.serving(), script.acts()));
    }
    if (script.shape() != GroupShape.WEB) {
      simpler.add(
          new Script(
              script.seed(), GroupShape.WEB, script.hooks(), script.serving(), script.acts()));
    }
    return simpler;
  }

  private static Script replaced(Script script, int index, ScriptedCall act) {
    List<ScriptedCall> acts = new ArrayList<>(script.acts());
    acts.set(index, act);
    return script.with(acts);
  }

  /** Returns a text with all that is needed to understand a failure and to see it again. */
  static String explain(Script script, Violation violation) {
    Script smallest =
        new Shrinker(candidate -> Simulation.play(candidate, new Tally()))
            .shrink(script, violation);
    List<String> trace = Simulation.trace(smallest);
    int end = 0;
    while (end < trace.size() && !trace.get(end).contains("!!!")) {
      end++;
    }
    List<String> shown = trace.subList(Math.max(0, end - 60), Math.min(trace.size(), end + 1));
    return violation
        + "\nfound by "
        + script
        + "\nsmallest that still does:\n"
        + smallest
        + "\nits last calls:\n  "
        + String.join("\n  ", shown)
        + "\nrun it again with every call: mvn test -pl bluegreen-api -Dtest=SimulationTest -Dseed="
        + script.seed();
  }
}
