package io.bluegreen.engine;

import io.bluegreen.DeploymentPlan;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what an operation would do as things are now, and what speaks against it. */
final class PlanReader {
  private final ManagerSetup setup;
  private final OpenedRouter router;
  private final OperationRun run;

  PlanReader(ManagerSetup setup, OpenedRouter router, OperationRun run) {
    this.setup = setup;
    this.router = router;
    this.run = run;
  }

  DeploymentPlan read() {
    Plan plan = new Planner(run, ServedNow.ask(run)).plan();
    return new DeploymentPlan(
        run.operation.toString(),
        Optional.of(run.policy.limits().whole()).filter(limit -> !limit.isZero()),
        steps(plan),
        warnings(plan));
  }

  private List<DeploymentPlan.PlannedStep> steps(Plan plan) {
    List<DeploymentPlan.PlannedStep> steps = new ArrayList<>();
    long generation = run.state().generation;
    for (Step step : plan.steps()) {
      List<String> details =
          step instanceof MoveStep move
              ? router.plan(
                  new Switch(
                      move.from(),
                      move.to(),
                      ++generation,
                      run.id,
                      run.state().epoch + 1,
                      run.policy.limits().move()))
              : step.details(run.policy);
      steps.add(
          new DeploymentPlan.PlannedStep(
              step.phase(), step.what(), step.within(run.policy), details));
    }
    return steps;
  }

  private List<String> leftRunning(Plan plan) {
    List<String> told = new ArrayList<>();
    try {
      for (Slot candidate : run.slots(plan.candidates())) {
        new LeftRunning(run).told(candidate).ifPresent(told::add);
        new LeftRunning(run).told(candidate.other()).ifPresent(told::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return told;
  }

  private List<String> warnings(Plan plan) {
    List<String> warnings = new ArrayList<>();
    setup
        .store()
        .holder()
        .ifPresent(
            owner ->
                warnings.add(
                    "the group is held by "
                        + owner
                        + ": this plan is made from what is served at this moment"));
    warnings.addAll(new Preflight(run, plan).told());
    warnings.addAll(run.events.warnings());
    warnings.addAll(leftRunning(plan));
    warnings.addAll(plan.waysBackEnded(run.state()));
    if (!plan.reason().isEmpty()) {
      warnings.add(plan.reason());
    }
    if (run.state().open != null) {
      warnings.add(
          "deployment "
              + run.state().open.id
              + " is open: it runs now, waits, or is repaired first");
    }
    router.report().warnings().forEach(warning -> warnings.add(warning.toString()));
    warnings.addAll(setup.store().warnings());
    return warnings;
  }
}
