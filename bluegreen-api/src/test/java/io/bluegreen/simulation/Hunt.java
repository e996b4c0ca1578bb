package io.bluegreen.simulation;

import java.util.Optional;
import java.util.function.LongFunction;

/** Looks for the first run that breaks an invariant; called by name, in the classes of a mutant. */
public final class Hunt implements LongFunction<String> {
  @Override
  public String apply(long seeds) {
    Tally tally = new Tally();
    for (long seed = 1; seed <= seeds; seed++) {
      Optional<Violation> found = Simulation.play(Script.random(seed), tally);
      if (found.isPresent()) {
        return "invariant "
            + found.get().invariant()
            + " in run "
            + seed
            + ": "
            + found.get().check();
      }
    }
    return "";
  }
}
