package io.bluegreen;

import io.bluegreen.RecoveryReport.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Carries out what a person decided about drift, or about a deployment that can't be repaired. */
final class Settling {
  private final Run run;
  private final Settlement settlement;
  private final String by;

  Settling(Run run, Settlement settlement, String by) {
    this.run = run;
    this.settlement = settlement;
    this.by = by;
  }

  RecoveryReport settle(RecoveryReport report) {
    List<String> done = new ArrayList<>(report.done());
    StateDocument state = run.state();
    try {
      RouterTruth.Known truth = run.traffic.truth();
      TrafficSplit acknowledged = state.acknowledged;
      boolean drifted = !Drifts.between(truth, state).isEmpty();
      if (settlement == Settlement.REPAIR && acknowledged != null && drifted) {
        repair(truth, acknowledged, done);
      } else if (settlement == Settlement.ADOPT && drifted) {
        adopt(truth);
        done.add("adopted " + truth.running() + ", as " + by + " decided");
      }
      if (state.open != null) {
        for (Step step : new Recorded(run).intended().values()) {
          if (step instanceof HandoverStep handover) {
            handover.lookWhatRuns(run);
          }
        }
        close(Objects.requireNonNull(state.open), done);
      }
      run.journal.save();
      report.deploymentId().ifPresent(this::forget);
      return new RecoveryReport(
          report.found(),
          done.isEmpty() ? Decision.NOTHING : Decision.FINISHED,
          done,
          report.deploymentId(),
          Optional.of(run.traffic.truth().running()));
    } catch (StepFailed e) {
      throw new RouterException(
          settlement + " failed: " + e.reason(), RouterException.Effect.UNKNOWN, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationRefusedException(settlement + " was interrupted; ask status() what is so");
    }
  }

  private void adopt(RouterTruth.Known truth) throws StepFailed, InterruptedException {
    run.journal.catchUp(truth);
    StateDocument state = run.state();
    state.former.clear();
    state.formerBackground.clear();
    // Made durable, for all workers, and known to the router as assigned.
    run.traffic.move(truth.running(), truth.running(), run.journal.ownGeneration());
  }

  private void repair(RouterTruth.Known truth, TrafficSplit acknowledged, List<String> done)
      throws StepFailed, InterruptedException {
    TrafficSplit back = truth.running();
    for (String service : back.services()) {
      if (acknowledged.services().contains(service)) {
        back = back.with(service, Color.GREEN, acknowledged.share(service, Color.GREEN));
      }
    }
    List<Slot> gaining = MoveStep.gaining(run.setup.group(), truth.running(), back);
    if (!gaining.isEmpty()) {
      run.proofs.proveForReturn(gaining);
    }
    run.journal.catchUp(truth);
    run.traffic.move(truth.running(), back, run.journal.ownGeneration());
    done.add("moved the traffic back to " + back + ", as " + by + " decided");
  }

  /** What was signalled to it is of no use any more. */
  private void forget(String deploymentId) {
    try {
      run.setup.store().forget(deploymentId);
    } catch (RuntimeException e) {
      run.events.warn("signals of " + deploymentId + " are left: " + Run.reason(e), e);
    }
  }

  private void close(StateDocument.OpenDeployment open, List<String> done) {
    StateDocument state = run.state();
    state.remember(
        new StateDocument.Past(
            open.id,
            open.operation,
            open.by,
            open.why,
            open.force,
            open.approval,
            Outcome.FROZEN,
            "settled by " + by + ": " + settlement,
            open.startedAt,
            Duration.between(open.startedAt, run.setup.time().now()).abs()));
    state.open = null;
    done.add("closed deployment " + open.id + " as FROZEN");
  }
}
