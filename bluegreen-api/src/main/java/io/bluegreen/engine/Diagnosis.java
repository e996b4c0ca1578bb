package io.bluegreen.engine;

import io.bluegreen.Phase;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of a deployment whose process is gone: by router truth, the record, the
 * launchers and fresh health, as {@link RecoveryTable} says. Changes nothing outside the record.
 */
final class Diagnosis {
  private final OperationRun run;
  private final OpenDeployment open;
  private final RecordedPlan recorded;

  Diagnosis(OperationRun run, RecordedPlan recorded) {
    this.run = run;
    this.open = run.journal.open();
    this.recorded = recorded;
  }

  /** Returns why nothing may be touched, if so. */
  Optional<String> obstacle(RouterTruth.Known truth) {
    Optional<String> behind = run.state().behind(truth);
    if (behind.isPresent()) {
      return Optional.of(behind.get() + ": the record is an older copy");
    }
    return recorded.intended().values().stream()
        .filter(HookStep.class::isInstance)
        .map(Step::subject)
        .filter(name -> run.setup.hooks().stream().noneMatch(hook -> hook.name().equals(name)))
        .findFirst()
        .map(name -> "the manager was not given the hook " + name + ", which has to be undone");
  }

  /**
   * Decides; and decides again if a signal asks to abort a deployment that waits or was to wait.
   */
  Decision decision(RouterTruth.Known truth) throws StepNotDone, InterruptedException {
    if (open.waits()) {
      goesBackIfAborted();
    }
    try {
      Decision decision = byTable(truth);
      if (decision != Decision.SUSPENDED || !goesBackIfAborted()) {
        return decision;
      }
    } catch (StepNotDone e) {
      if (!e.isAbort() || !goesBackIfAborted()) {
        throw e;
      }
    }
    return byTable(truth);
  }

  private Decision byTable(RouterTruth.Known truth) throws StepNotDone, InterruptedException {
    return new RecoveryTable(open, !recorded.live().isEmpty())
        .decide(truth, this::candidatesGood, good(recorded.live()), this::confirmed);
  }

  /**
   * Returns whether a signal asks to abort. The deployment then goes back as if its dead process
   * had heard the signal. From here on nobody is heard, so that the abort does not stop the way
   * back.
   */
  private boolean goesBackIfAborted() {
    Optional<String> asked = run.interventions.abortSignalled();
    asked.ifPresent(
        why -> {
          if (open.failure == null) {
            open.failure = why;
            open.aborted = true;
          }
          run.interventions.hearNobody();
        });
    return asked.isPresent();
  }

  /** Says that the deployment waits, and whether there is a way back meanwhile. */
  String waiting() throws StepNotDone, InterruptedException {
    Optional<String> sick = run.proofs.look(recorded.candidates(), recorded.live()).live();
    return "; it waits, and carryOn() goes on with it"
        + sick.map(why -> "; there is no healthy colour to go back to: " + why).orElse("");
  }

  /**
   * Returns whether the routed candidates are healthy; without any, whether all background
   * candidates run.
   */
  private boolean candidatesGood() throws StepNotDone, InterruptedException {
    if (!recorded.candidates().isEmpty()) {
      return good(recorded.candidates()).isGood();
    }
    for (var candidate : open.candidates.entrySet()) {
      Slot slot = run.setup.group().slot(candidate.getKey(), candidate.getValue());
      if (!run.launchState(slot).alive()) {
        return false;
      }
    }
    return true;
  }

  private boolean confirmed() throws StepNotDone, InterruptedException {
    try {
      run.proofs.confirm(Planner.proof(Phase.CONFIRM, recorded.candidates()).slots());
      return true;
    } catch (StepNotDone e) {
      return bad(e);
    }
  }

  private RecoveryTable.Good good(List<Slot> slots) {
    return () -> {
      if (slots.isEmpty()) {
        return false;
      }
      try {
        run.proofs.proveForReturn(slots);
        return true;
      } catch (StepNotDone e) {
        return bad(e);
      }
    };
  }

  /**
   * Takes a failed proof for bad health; but a look that an abort ended early says nothing about
   * health.
   */
  private boolean bad(StepNotDone e) throws StepNotDone {
    if (e.isAbort()) {
      throw e;
    }
    run.events.warn(e.reason(), e);
    return false;
  }
}
