package io.bluegreen.engine;

import io.bluegreen.DeploymentRecord;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Writes how a deployment ended, so that the record has it no longer open but in its history. */
final class OutcomeRecord {
  private static final int LONGEST_WARNING = 500;

  private final OperationRun run;
  private final OpenDeployment open;

  /** Creates one for the deployment that is open now. */
  OutcomeRecord(OperationRun run) {
    this.run = run;
    this.open = run.journal.open();
  }

  /** Returns how long it took until now. */
  Duration took() {
    Duration since = Duration.between(open.startedAt, run.setup.time().now());
    return since.isNegative() ? Duration.ZERO : since;
  }

  /** Closes the deployment in the record, without telling anybody. */
  void write(Outcome outcome, String reason, Duration took, Optional<TrafficSplit> serving) {
    StateDocument state = run.state();
    boolean givenUp = open.kind == Operation.Kind.ADOPT && outcome != Outcome.COMPLETED;
    Optional<TrafficSplit> live = serving.filter(split -> !givenUp);
    live.ifPresent(
        split ->
            open.candidates.forEach(
                (service, color) -> {
                  if (split.services().contains(service) && split.share(service, color) > 0) {
                    state.untouched.remove(service);
                  }
                }));
    if (outcome == Outcome.FROZEN || outcome == Outcome.ROLLBACK_FAILED) {
      serving.ifPresent(split -> MoveStep.noteWhatIsLive(run, open, split));
      // The outcome tells of it, so it is no drift.
      serving.ifPresent(split -> state.acknowledge(split, run.setup.time().now(), open.id));
    }
    state.open = null;
    state.remember(
        new PastDeployment(
            open.id,
            open.operation,
            open.about,
            open.by,
            open.why,
            open.force,
            open.approval,
            outcome,
            reason,
            serving.orElse(null),
            warnings(),
            open.startedAt,
            took));
    try {
      run.journal.save();
      run.setup.store().forget(open.id);
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      run.events.warn(
          "the outcome " + outcome + " could not be recorded: " + StepNotDone.reason(e), e);
    }
  }

  private List<String> warnings() {
    return run.events.warnings().stream()
        .limit(DeploymentRecord.WARNINGS)
        .map(warning -> Text.clean(warning, LONGEST_WARNING))
        .toList();
  }
}
