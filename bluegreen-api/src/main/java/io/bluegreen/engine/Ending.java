package io.bluegreen.engine;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.Optional;

/**
 * Says how a deployment ended: asks the router once more, has the outcome recorded, and tells it.
 */
final class Ending {

  private final OperationRun run;

  Ending(OperationRun run) {
    this.run = run;
  }

  /** Ends a deployment whose steps are all done, if the router still serves its split. */
  DeploymentResult succeeded(Plan plan) {
    boolean moves = plan.steps().stream().anyMatch(MoveStep.class::isInstance);
    Optional<TrafficSplit> seen = Optional.empty();
    if (moves) {
      try {
        RouterTruth.Known truth = run.traffic.truth();
        seen = Optional.of(truth.running());
        if (!truth.running().equals(plan.to())) {
          return failed(
              Outcome.FROZEN,
              StepNotDone.because("somebody else moved the traffic away from " + plan.to()),
              "left as it is");
        }
        if (!truth.durable().equals(plan.to())) {
          return failed(
              Outcome.FROZEN,
              StepNotDone.because(
                  "somebody else changed what a restart would serve, which is " + truth.durable()),
              "left as it is");
        }
      } catch (StepNotDone e) {
        return failed(Outcome.FROZEN, e, "left as it is");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      tellOfWhatIsLeftRunning();
      if (plan.steps().stream().noneMatch(step -> step.phase() == Phase.CONFIRM)) {
        run.events.warn("the new split is confirmed by router truth only: no front door was asked");
      }
    }
    // The outcome and the split that is told come from one and the same look.
    return close(
        success(run.operation.kind()),
        "done",
        Optional.empty(),
        seen.isPresent() ? seen : serving());
  }

  private void tellOfWhatIsLeftRunning() {
    LeftRunning left = new LeftRunning(run);
    try {
      for (Slot live : run.slots(run.journal.open().candidates)) {
        left.told(live.other()).ifPresent(run.events::warn);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves a deployment that waits to the process that carries it on. */
  DeploymentResult suspended(StepNotDone wish) {
    OpenDeployment open = run.journal.open();
    Optional<TrafficSplit> serving = serving();
    String reason =
        wish.reason()
            + " while it waited: it is suspended; call carryOn() to finish it, or abort it through"
            + " running(); serving: "
            + described(serving);
    run.tell(stamp -> new ProgressEvent.Suspended(stamp, reason));
    return result(
        open, Outcome.SUSPENDED, reason, serving, Optional.empty(), new OutcomeRecord(run).took());
  }

  /** Ends a deployment of a killed process that lacked nothing but its end. */
  DeploymentResult finished() {
    return close(success(run.operation.kind()), "finished by recovery", Optional.empty());
  }

  private static Outcome success(Operation.Kind kind) {
    return switch (kind) {
      case DEPLOY, SWITCH -> Outcome.PROMOTED;
      case ROLLBACK -> Outcome.WENT_BACK;
      case START, STOP, ADOPT -> Outcome.COMPLETED;
    };
  }

  /** Ends a deployment that went back because of a failure. */
  DeploymentResult failed(StepNotDone failure, Optional<StepNotDone> unproven) {
    if (unproven.isPresent()) {
      boolean first = run.journal.open().first();
      return failed(
          first ? Outcome.FROZEN : Outcome.ROLLBACK_FAILED,
          failure,
          "not gone back: " + unproven.get().reason());
    }
    boolean wasRollback = run.operation.kind() == Operation.Kind.ROLLBACK;
    Outcome outcome =
        failure.isAbort()
            ? Outcome.ABORTED
            : !run.journal.open().moved
                ? Outcome.REJECTED
                : wasRollback ? Outcome.ROLLBACK_FAILED : Outcome.ROLLED_BACK;
    return failed(outcome, failure, "");
  }

  DeploymentResult failed(Outcome outcome, StepNotDone failure, String addition) {
    return close(
        outcome,
        failure.reason() + (addition.isEmpty() ? "" : "; " + addition),
        Optional.of(failure));
  }

  private DeploymentResult close(Outcome outcome, String why, Optional<StepNotDone> failure) {
    return close(outcome, why, failure, serving());
  }

  private DeploymentResult close(
      Outcome outcome, String why, Optional<StepNotDone> failure, Optional<TrafficSplit> serving) {
    OpenDeployment open = run.journal.open();
    String reason = why + "; serving: " + described(serving);
    if (outcome == Outcome.COMPLETED && run.operation.kind() == Operation.Kind.ADOPT) {
      AdoptStep.noteWhatIsLive(run, open);
    }
    OutcomeRecord record = new OutcomeRecord(run);
    Duration took = record.took();
    record.write(outcome, reason, took, serving);
    DeploymentResult result = result(open, outcome, reason, serving, failure, took);
    run.tell(stamp -> new ProgressEvent.Ended(stamp, result));
    return result;
  }

  private DeploymentResult result(
      OpenDeployment open,
      Outcome outcome,
      String reason,
      Optional<TrafficSplit> serving,
      Optional<StepNotDone> failure,
      Duration took) {
    return new DeploymentResult(
        run.id,
        run.operation,
        outcome,
        reason,
        serving,
        failure.flatMap(StepNotDone::probe),
        failure.map(StepNotDone::output).orElse(""),
        run.events.warnings(),
        open.startedAt,
        took);
  }

  private String described(Optional<TrafficSplit> serving) {
    return serving
        .map(split -> split.describe(run.traffic.nothingYet()))
        .orElse("unknown, the router can't be asked");
  }

  /** Returns what the router serves, if it can be asked. */
  Optional<TrafficSplit> serving() {
    try {
      return Optional.of(run.traffic.truth().running());
    } catch (StepNotDone e) {
      run.events.warn(e.reason(), e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
