package io.bluegreen.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Makes random deployments meet random faults, and checks the invariants after each effect. These
 * are the long run, which prints what it met, and one seed with every call:
 *
 * <pre>
 * mvn test -pl bluegreen-api -Dtest=SimulationTest -Dseeds=1000000
 * mvn test -pl bluegreen-api -Dtest=SimulationTest -Dseed=4711
 * </pre>
 */
@Tag("long")
class SimulationTest {
  private static final long SHORT = 12_000;

  @Test
  void noInvariantIsBrokenWhateverGoesWrong() throws InterruptedException, ExecutionException {
    Long one = Long.getLong("seed");
    if (one != null) {
      System.out.println(Script.random(one));
      Simulation.trace(Script.random(one)).forEach(System.out::println);
    }
    long seeds = Long.getLong("seeds", SHORT);

    Campaign campaign = Campaign.of(seeds);

    if (seeds != SHORT) {
      System.out.println(campaign.report());
    }
    assertThat(campaign.broken()).isEmpty();
    assertThat(Fault.ALL)
        .as("faults that were never met%n%s", campaign.report())
        .allSatisfy(fault -> assertThat(campaign.tally().count("fault " + fault)).isPositive());
    assertThat(RecoveryCell.names().stream().filter(cell -> campaign.tally().count(cell) == 0))
        .as("cells of the recovery table that were never taken%n%s", campaign.report())
        .hasSizeLessThanOrEqualTo(seeds < Campaign.LONG ? RecoveryCell.names().size() / 3 : 0);
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

  /**
   * Each of these seeds has once broken an invariant: a fence, a generation, a drain, a half
   * handover, a late launch, an interruption, a way back that comes late, a refusal of what was
   * carried on, a step that was interrupted before it began, a launch of a killed process that was
   * taken for a stranger.
   */
  @ParameterizedTest
  @ValueSource(
      longs = {
        21_766, 103_875, 113_991, 154_992, 204_270, 218_215, 2_088, 23_627, 327_571, 475_835,
        368_333, 405_025, 616_587, 924_430, 1_198, 12_026, 4_012, 552, 1_921
      })
  void seedThatHasFoundADefectFindsItNoMore(long seed) {
    assertThat(Simulation.play(Script.random(seed), new Tally())).isEmpty();
  }
}
