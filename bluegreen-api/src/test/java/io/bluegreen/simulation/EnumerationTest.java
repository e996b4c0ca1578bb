package io.bluegreen.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Tries every fault at every step of every kind of deployment: a fault of one call at each such
 * call, a fault that can happen at any time at each effect. The quick form takes every third case,
 * starting with a random one of the first three; {@code -Dbluegreen.enumeration=full} skips none,
 * and {@code =0}, {@code =1} or {@code =2} repeats a quick one.
 */
@Tag("long")
class EnumerationTest {
  private static final int THIRD = 3;

  private final String form =
      System.getProperty(
          "bluegreen.enumeration", String.valueOf(ThreadLocalRandom.current().nextInt(THIRD)));

  private int cases;

  @TestFactory
  Stream<DynamicNode> everyFaultAtEveryStep() {
    System.out.println("-Dbluegreen.enumeration=" + form);
    return Arrays.stream(DeploymentKind.values())
        .map(kind -> dynamicContainer(kind.name(), cases(kind)));
  }

  private Stream<DynamicNode> cases(DeploymentKind kind) {
    List<SeamCall> calls = Simulation.points(kind.script);
    assertThat(calls).as("calls of %s", kind).isNotEmpty();
    List<DynamicNode> tests = new ArrayList<>();
    for (int call = 1; call <= calls.size(); call++) {
      SeamCall point = calls.get(call - 1);
      for (Fault fault : Fault.ALL) {
        if (fault.points.contains(point)
            && (!fault.isAnywhere() || SeamCall.EFFECTS.contains(point))) {
          for (int detail : details(kind, fault, call)) {
            Script script = kind.with(fault, call, detail);
            if (isTurn()) {
              tests.add(
                  dynamicTest(
                      point + " at call " + call + ": " + fault + "/" + detail,
                      () -> play(script)));
            }
          }
        }
      }
    }
    return tests.stream();
  }

  private boolean isTurn() {
    return form.equals("full") || cases++ % THIRD == Integer.parseInt(form);
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
