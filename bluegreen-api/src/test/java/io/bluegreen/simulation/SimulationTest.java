package io.bluegreen.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The short form of {@link LongRun}, for every build. */
class SimulationTest {
  private static final int SEEDS = 20_000;

  @Test
  void noInvariantIsBrokenInTwentyThousandRuns() {
    Tally tally = new Tally();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Script script = Script.random(seed);
      Simulation.play(script, tally)
          .ifPresent(violation -> fail(Shrinker.explain(script, violation)));
    }
    assertThat(tally.count("run")).isEqualTo(SEEDS);
    assertThat(Fault.ALL)
        .as("faults that were never met in %,d runs%n%s", SEEDS, tally)
        .allSatisfy(fault -> assertThat(tally.count("fault " + fault)).isPositive());
  }

  @Test
  void aScriptReplaysExactly() {
    LongStream.range(0, 100)
        .mapToObj(Script::random)
        .forEach(
            script ->
                assertThat(Simulation.trace(script))
                    .as(script.toString())
                    .isEqualTo(Simulation.trace(script)));
  }
}
