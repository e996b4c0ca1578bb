package io.bluegreen.engine;

import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchFinding.Kind;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks the launchers what speaks against a plan before anything of it is done, so that a mistake
 * costs neither a hook nor the way back.
 */
final class Preflight {
  private final OperationRun run;
  private final Plan plan;

  Preflight(OperationRun run, Plan plan) {
    this.run = run;
    this.plan = plan;
  }

  /**
   * Looks before the first hook and after the last one, which is before anything is stopped. Before
   * the first hook it fails only for what no hook can mend.
   */
  void before(int place) throws StepNotDone, InterruptedException {
    int hooks = plan.hooksAhead();
    if (place != 0 && place != hooks) {
      return;
    }
    requireStopsPossible();
    for (Map.Entry<Slot, Release> launch : plan.launches().entrySet()) {
      new UnrecordedRunners(run, launch.getKey()).requireNone();
      List<LaunchFinding> findings = run.findings(launch.getKey(), launch.getValue());
      OperationRun.requireLaunchable(
          launch.getKey(),
          launch.getValue(),
          findings.stream().filter(found -> place == hooks || !mayComeYet(found)).toList());
    }
  }

  /** Returns what was found, a line each. */
  List<String> told() {
    List<String> told = new ArrayList<>();
    try {
      tell(told, this::requireStopsPossible);
      for (Map.Entry<Slot, Release> launch : plan.launches().entrySet()) {
        tell(
            told,
            () -> {
              for (LaunchFinding found : run.findings(launch.getKey(), launch.getValue())) {
                boolean cured = mayComeYet(found) && plan.hooksAhead() > 0;
                told.add(
                    "would be refused"
                        + (cured ? ", unless a hook of " + Phase.PREPARE + " brings it: " : ": ")
                        + found.reason());
              }
              new UnrecordedRunners(run, launch.getKey()).requireNone();
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return told;
  }

  /** A look that fails if the plan would be refused. */
  private interface Look {
    void look() throws StepNotDone, InterruptedException;
  }

  private static void tell(List<String> told, Look look) throws InterruptedException {
    try {
      look.look();
    } catch (StepNotDone e) {
      told.add("would be refused: " + e.reason());
    }
  }

  private void requireStopsPossible() throws StepNotDone, InterruptedException {
    for (Step step : plan.steps().subList(0, plan.decisive())) {
      if (step instanceof StopStep stop) {
        run.requireEnded(stop.slot());
      }
    }
  }

  private static boolean mayComeYet(LaunchFinding found) {
    return found.kind() == Kind.MISSING;
  }
}
