package io.bluegreen.engine;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.TrafficSplit;
import io.bluegreen.engine.JournalEntry.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ends a deployment whose process is gone: acts as its {@link Diagnosis} says, and closes it. Its
 * time is bounded, because it never holds or bakes.
 */
final class Recovery {
  private final OperationRun run;
  private final OpenDeployment open;
  private final RecordedPlan recorded;
  private final Diagnosis diagnosis;
  private final Ending ending;
  private final List<String> done = new ArrayList<>();
  private Optional<DeploymentResult> result = Optional.empty();

  Recovery(OperationRun run) {
    this.run = run;
    this.open = run.journal.open();
    this.recorded = new RecordedPlan(run);
    this.diagnosis = new Diagnosis(run, recorded);
    this.ending = new Ending(run);
    run.events.planned(open.plan.size());
    open.last().ifPresent(last -> run.events.at(last.step()));
  }

  /** Returns how the deployment ended, if {@link #repair} has closed it. */
  Optional<DeploymentResult> result() {
    return result;
  }

  /** Goes on with the deployment that {@link #repair} has found to be suspended. */
  DeploymentResult carryOn() {
    run.journal.renewReserve();
    try {
      settle(run.traffic.truth().running());
    } catch (StepNotDone | InterruptedException e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new RouterException(
          "not carried on: " + StepNotDone.reason(e), RouterException.Effect.UNKNOWN, e);
    }
    return new Engine(run, recorded.plan()).carryOn(recorded.intended());
  }

  RecoveryReport repair() {
    String found =
        "deployment "
            + open.id
            + " ("
            + open.operation
            + ") was left open by a process that is gone, "
            + open.last()
                .map(last -> last.mark() + " of \"" + last.what() + "\"")
                .orElse("at its start");
    run.events.warn(found);
    Decision decision;
    try {
      RouterTruth.Known truth = run.traffic.truth();
      Optional<String> obstacle = diagnosis.obstacle(truth);
      found += obstacle.map(why -> "; " + why).orElse("");
      decision = obstacle.isPresent() ? Decision.ON_HOLD : diagnosis.decision(truth);
      found += "; the router serves " + run.state().serving(truth);
      if (decision == Decision.SUSPENDED) {
        found += diagnosis.waiting();
      }
      decision = act(decision);
    } catch (StepNotDone e) {
      decision = Decision.ON_HOLD;
      found += "; " + e.reason();
    } catch (IllegalArgumentException e) {
      // The record names a service that this manager was not given.
      decision = Decision.ON_HOLD;
      found += "; " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      decision = Decision.ON_HOLD;
      found += "; interrupted";
    }
    // If there is a result, this is told from the same look.
    Optional<TrafficSplit> serving =
        result.map(DeploymentResult::serving).orElseGet(ending::serving);
    return new RecoveryReport(found, decision, done, Optional.of(open.id), serving);
  }

  private Decision act(Decision decision) throws StepNotDone, InterruptedException {
    StepNotDone cause =
        open.failure == null
            ? StepNotDone.aborted("the process that deployed was killed")
            : open.aborted ? StepNotDone.aborted(open.failure) : StepNotDone.because(open.failure);
    switch (decision) {
      case CLEANED, MOVED_BACK -> {
        endBegunStop();
        Undo undo = new Undo(run);
        Optional<StepNotDone> unproven = undo.back(recorded.intended(), cause);
        done.addAll(undo.done());
        if (unproven.isPresent()) {
          requireMovedOn(unproven.get());
          lookWhatRuns();
        }
        if (unproven.isEmpty() && !undo.left().isEmpty()) {
          throw StepNotDone.because(
              String.join("; ", undo.left())
                  + "; the traffic is back, and the next recovery tries"
                  + " the rest again");
        }
        closed(ending.failed(cause, unproven));
        return unproven.isPresent() ? Decision.ROLLBACK_FAILED : decision;
      }
      case FINISHED -> {
        endBegunStop();
        settle(open.to);
        if (!open.notHandedOver().isEmpty()) {
          return freeze(Outcome.FROZEN, cause);
        }
        tellOfWhatWasToBeStopped();
        closed(ending.finished());
        return decision;
      }
      case FROZEN -> {
        return freeze(Outcome.FROZEN, cause);
      }
      case ROLLBACK_FAILED -> {
        freeze(Outcome.ROLLBACK_FAILED, cause);
        return decision;
      }
      case NOTHING, HELD, SUSPENDED, ON_HOLD -> {
        return decision;
      }
    }
    return decision;
  }

  /**
   * Fails, for another recovery to try again, if the traffic is back but not safe there: a switch
   * of the dead process may still be on its way, and the router refused the switch that outdates
   * it.
   */
  private void requireMovedOn(StepNotDone unproven) throws StepNotDone, InterruptedException {
    boolean moveIsLeft = recorded.intended().values().stream().anyMatch(MoveStep.class::isInstance);
    RouterTruth.Known truth = run.traffic.truth();
    if (moveIsLeft && open.underWay && truth.wholly(open.wayBack(truth.running()))) {
      throw StepNotDone.because(
          "the traffic is where it was, but a switch may still be on its way, and the router"
              + " refused the newer switch that it would lose to: "
              + unproven.reason()
              + "; mend that, and the next recovery tries it again",
          unproven);
    }
  }

  /** Finishes a stop that was begun: a slot that may have been told to stop can't be relied on. */
  private void endBegunStop() throws InterruptedException {
    Step step = recorded.intended().get(open.last().map(JournalEntry::step).orElse(-1));
    if (!(step instanceof StopStep stop) || !open.endedIn(StepKind.STOP)) {
      return;
    }
    try {
      stop.before(run);
      if (stop.slot().service().routed()) {
        run.traffic.drain(stop.slot()); // Nobody knows how far the last process had got with it.
        stop.before(run);
      }
      stop.run(run);
      run.journal.done();
      done.add("did: " + stop.what());
    } catch (StepNotDone e) {
      run.events.warn("not done: " + stop.what() + ": " + e.reason(), e);
    }
  }

  /** Records which colour runs of the background services that could not be handed back. */
  private void lookWhatRuns() throws StepNotDone, InterruptedException {
    for (Map.Entry<Integer, Step> place : recorded.intended().entrySet()) {
      if (place.getValue() instanceof HandoverStep handover
          && open.has(place.getKey(), Mark.UNDO_INTENT)) {
        done.add(handover.lookWhatRuns(run));
      }
    }
  }

  /**
   * Tells what was still to be stopped: retiring the former live colour is no repair, and is left
   * to a person.
   */
  private void tellOfWhatWasToBeStopped() {
    open.plan.stream()
        .skip(open.next())
        .filter(line -> line.kind() == StepKind.STOP)
        .forEach(
            line ->
                done.add(
                    "did not stop "
                        + line.subject()
                        + ", which may be running: stopCandidate() stops it"));
  }

  private void closed(DeploymentResult how) {
    result = Optional.of(how);
    done.add("closed as " + how.outcome());
  }

  /** Leaves traffic and slots as they are, but no background service half handed over. */
  private Decision freeze(Outcome outcome, StepNotDone cause)
      throws StepNotDone, InterruptedException {
    List<String> behind = open.notHandedOver();
    open.noReturn |= outcome == Outcome.FROZEN; // This is decided, also if this process is killed.
    RouterTruth.Known truth = run.traffic.truth();
    if (open.endedIn(StepKind.MOVE) && truth.wholly(truth.running())) {
      run.traffic.outdateWhatIsOnItsWay(truth);
    }
    Undo undo = new Undo(run);
    Optional<StepNotDone> unproven = undo.halves(recorded.intended(), cause);
    done.addAll(undo.done());
    lookWhatRuns();
    closed(
        ending.failed(
            outcome,
            cause,
            "traffic and slots were left as they were found"
                + (behind.isEmpty() ? "" : "; not handed over: " + behind)
                + unproven.map(e -> "; " + e.reason()).orElse("")));
    return Decision.FROZEN;
  }

  /** Makes durable truth and former workers equal to what runs, where they are not. */
  void settle(TrafficSplit split) throws StepNotDone, InterruptedException {
    if (!open.from.equals(open.to) && !run.traffic.truth().wholly(split)) {
      run.traffic.move(split, split, run.journal.ownGeneration());
      done.add("made the split durable");
    }
    run.state().acknowledge(run.traffic.truth().running(), run.setup.time().now(), open.id);
  }
}
