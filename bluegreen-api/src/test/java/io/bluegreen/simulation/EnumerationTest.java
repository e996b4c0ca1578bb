package io.bluegreen.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Tries every fault at every step of every kind of deployment, and skips none: a fault of one call
 * at each such call, a fault that can happen at any time at each effect.
 */
@Tag("long")
class EnumerationTest {
  @TestFactory
  Stream<DynamicNode> everyFaultAtEveryStep() {
    return Arrays.stream(DeploymentKind.values())
        .map(kind -> dynamicContainer(kind.name(), cases(kind)));
  }

  private static Stream<DynamicNode> cases(DeploymentKind kind) {
    List<SeamCall> calls = Simulation.points(kind.script);
    assertThat(calls).as("calls of %s", kind).isNotEmpty();
    List<DynamicNode> cases = new ArrayList<>();
    for (int call = 1; call <= calls.size(); call++) {
      SeamCall point = calls.get(call - 1);
      for (Fault fault : Fault.ALL) {
        if (fault.points.contains(point)
            && (!fault.isAnywhere() || SeamCall.EFFECTS.contains(point))) {
          for (int detail : details(kind, fault, call)) {
            Script script = kind.with(fault, call, detail);
            cases.add(
                dynamicTest(
                    point + " at call " + call + ": " + fault + "/" + detail, () -> play(script)));
          }
        }
      }
    }
    return cases.stream();
  }

  /** The faults that start something by hand, in each of the slots. */
  private static List<Integer> details(DeploymentKind kind, Fault fault, int call) {
    return Fault.UNRECORDED.contains(fault)
        ? IntStream.range(0, kind.script.shape().slots.size()).boxed().toList()
        : List.of(call);
  }

  private static void play(Script script) {
    Tally tally = new Tally();
    assertThat(Simulation.play(script, tally).map(why -> Shrinker.explain(script, why))).isEmpty();
    Fault fault =
        script.acts().get(script.acts().size() - 1).faults().stream()
            .reduce((a, b) -> b)
            .orElseThrow()
            .fault();
    if (fault != Fault.HOOK_MISSING) { // It is met when the manager is built, not at a call.
      assertThat(tally.count("fault " + fault)).as("it was met").isPositive();
    }
  }
}
