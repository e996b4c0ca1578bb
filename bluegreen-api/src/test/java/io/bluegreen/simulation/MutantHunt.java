package io.bluegreen.simulation;

import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Looks for the first run, from a seed on, that breaks an invariant. It is called by its name,
 * because it runs with the classes of a mutant.
 */
public final class MutantHunt implements LongFunction<String> {
  private static final long SEEDS = 20_000;

  @Override
  public String apply(long first) {
    Tally tally = new Tally();
    for (long seed = first; seed < first + SEEDS; seed++) {
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
