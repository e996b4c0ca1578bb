package io.bluegreen.engine;

import io.bluegreen.LeaseLostException;
import io.bluegreen.ProgressEvent;
import io.bluegreen.engine.JournalEntry.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Takes back what a deployment did, the last step first. Each undo is journaled, but unlike the way
 * forward it goes on if the journal can't be written.
 */
final class Undo {
  private final OperationRun run;
  private final List<String> done = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  Undo(OperationRun run) {
    this.run = run;
  }

  /** What was taken back, a line each. */
  List<String> done() {
    return List.copyOf(done);
  }

  /** What else than traffic and handovers could not be taken back, and may be tried again. */
  List<String> left() {
    return List.copyOf(left);
  }

  /**
   * Takes the steps back.
   *
   * @param intended the steps that may have had an effect, by their places in the journal
   * @return what could not be taken back of traffic or of a handover, empty if all was
   */
  Optional<StepNotDone> back(SortedMap<Integer, Step> intended, StepNotDone cause) {
    run.interventions.hearNobody();
    run.tell(stamp -> new ProgressEvent.UndoStarted(stamp, cause.reason()));
    run.journal.open().failure = cause.reason();
    run.journal.open().aborted = cause.isAbort();
    Optional<StepNotDone> unproven = Optional.empty();
    boolean moved = false;
    Optional<StepNotDone> stuck = stuck(intended);
    for (Map.Entry<Integer, Step> place : new TreeMap<>(intended).descendingMap().entrySet()) {
      Step step = place.getValue();
      boolean isMove = step instanceof MoveStep;
      if (!step.undoable() || (isMove && moved)) {
        continue; // One move goes back all the way.
      }
      if (stuck.isPresent() && isMove) {
        return stuck; // Everything else stays with the traffic.
      }
      if (stuck.isPresent()
          && step instanceof HandoverStep
          && run.journal.open().isWhole(place.getKey())) {
        continue; // The traffic stays on the candidate, and so does the service that goes with it.
      }
      moved |= isMove;
      try {
        undo(place.getKey(), step);
        done.add("undid: " + step.what());
      } catch (StepNotDone failure) {
        if (isMove) {
          return Optional.of(failure); // The candidate may still have traffic: it is not touched.
        }
        if (step instanceof HandoverStep) {
          unproven = Optional.of(failure);
        } else {
          String what = "undo of \"" + step.what() + "\" failed: " + failure.reason();
          left.add(what);
          run.events.warn(what, failure);
        }
      }
    }
    return unproven;
  }

  /**
   * Hands back the background services that are half handed over, and leaves all else as it is.
   *
   * @return what could not be handed back, empty if all was
   */
  Optional<StepNotDone> halves(SortedMap<Integer, Step> intended, StepNotDone cause) {
    TreeMap<Integer, Step> halves = new TreeMap<>(intended);
    halves
        .entrySet()
        .removeIf(
            place ->
                !(place.getValue() instanceof HandoverStep)
                    || run.journal.open().isWhole(place.getKey()));
    return halves.isEmpty() ? Optional.empty() : back(halves, cause);
  }

  /** Returns why the traffic can't go back, if it had moved and can't. */
  private Optional<StepNotDone> stuck(SortedMap<Integer, Step> intended) {
    if (intended.values().stream().noneMatch(MoveStep.class::isInstance)) {
      return Optional.empty();
    }
    try {
      MoveStep.requireReturn(run);
      return Optional.empty();
    } catch (StepNotDone e) {
      return Optional.of(e);
    } catch (InterruptedException e) {
      return Optional.of(
          StepNotDone.because("the engine's thread was interrupted while going back", e));
    }
  }

  private void undo(int index, Step step) throws StepNotDone {
    run.events.at(index);
    journal(() -> run.journal.intent(step.undoEntry(run).at(index, Mark.UNDO_INTENT)));
    try {
      step.undo(run);
    } catch (InterruptedException e) {
      throw StepNotDone.because("the engine's thread was interrupted while going back", e);
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      throw StepNotDone.because(e);
    }
    journal(run.journal::done);
  }

  private void journal(Runnable write) {
    try {
      write.run();
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      run.events.warn("going back without a record: " + StepNotDone.reason(e), e);
    }
  }
}
