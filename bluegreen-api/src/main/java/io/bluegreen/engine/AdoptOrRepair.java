package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Carries out what a person decided about drift, or about a deployment that can't be repaired. */
final class AdoptOrRepair {
  private final OperationRun run;
  private final RecoveryChoice settlement;
  private final String by;

  AdoptOrRepair(OperationRun run, RecoveryChoice settlement, String by) {
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
      boolean drifted = !DriftFinder.between(truth, state).isEmpty();
      if (settlement == RecoveryChoice.REPAIR && acknowledged != null && drifted) {
        repair(truth, acknowledged, done);
      } else if (settlement == RecoveryChoice.ADOPT && drifted) {
        adopt(truth);
        done.add("adopted " + run.state().serving(truth) + ", as " + by + " decided");
      } else if (state.behind(truth).isPresent()
          || (state.open != null && state.open.endedIn(StepKind.MOVE))) {
        run.journal.catchUp(truth);
        run.traffic.outdateWhatIsOnItsWay(truth);
      }
      if (state.open != null) {
        close(state.open, done);
      }
      run.journal.save();
      return told(report, done);
    } catch (StepNotDone e) {
      throw new RouterException(
          settlement + " failed: " + e.reason(), RouterException.Effect.UNKNOWN, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationRefusedException(
          settlement + " was interrupted; status() tells what is served now");
    }
  }

  /**
   * Makes the report, which names what could not be settled: operations stay refused until it is.
   */
  private RecoveryReport told(RecoveryReport report, List<String> done)
      throws StepNotDone, InterruptedException {
    RouterTruth.Known now = run.traffic.truth();
    List<Drift> left = DriftFinder.between(now, run.state());
    Decision decision = done.isEmpty() ? Decision.NOTHING : Decision.FINISHED;
    return new RecoveryReport(
        report.found()
            + (left.isEmpty() ? "" : "; " + settlement + " did not settle this: " + left),
        left.isEmpty() ? decision : Decision.ON_HOLD,
        done,
        report.deploymentId(),
        Optional.of(now.running()));
  }

  private void adopt(RouterTruth.Known truth) throws StepNotDone, InterruptedException {
    run.journal.catchUp(truth);
    StateDocument state = run.state();
    TrafficSplit acknowledged = state.acknowledged;
    if (acknowledged != null) { // A service that was moved is live, no matter who deployed it.
      state.untouched.removeIf(
          service -> DriftFinder.differs(truth.running(), acknowledged, service));
    }
    state.servedIsNotStopped(truth.running(), state.unassigned(truth));
    state.former.clear();
    state.formerBackground.clear();
    // This makes the split durable and the same for all workers, and the router counts it as
    // assigned.
    run.traffic.move(truth.running(), truth.running(), run.journal.ownGeneration());
  }

  private void repair(RouterTruth.Known truth, TrafficSplit acknowledged, List<String> done)
      throws StepNotDone, InterruptedException {
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

  private void close(OpenDeployment open, List<String> done)
      throws StepNotDone, InterruptedException {
    RouterTruth.Known truth = run.traffic.truth();
    for (Step step : new RecordedPlan(run).intended().values()) {
      if (step instanceof HandoverStep handover) {
        done.add(handover.lookWhatRuns(run));
      } else if (step instanceof AdoptStep adoption) {
        adoption.undo(run);
        done.add("gave up: " + adoption.what());
      }
    }
    OutcomeRecord record = new OutcomeRecord(run);
    record.write(
        Outcome.FROZEN,
        "settled by " + by + ": " + settlement,
        record.took(),
        Optional.of(truth.running()));
    run.state()
        .untouched
        .addAll(truth.unassigned()); // Nobody deployed what the router serves by default.
    done.add("closed deployment " + open.id + " as FROZEN");
  }
}
