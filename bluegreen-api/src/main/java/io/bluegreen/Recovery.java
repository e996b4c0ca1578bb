package io.bluegreen;

import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.StateDocument.Entry;
import io.bluegreen.StateDocument.Mark;
import io.bluegreen.StateDocument.Occupant;
import io.bluegreen.StateDocument.OpenDeployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ends a deployment whose process is gone: finds out from the router what is true, decides by
 * {@link #decide}, acts, and closes it. Bounded: it never holds or bakes.
 */
final class Recovery {
  private final Run run;
  private final OpenDeployment open;

  /** How far the deployment was recorded to be. */
  enum Row {
    /** Nothing was intended that moves traffic. */
    BEFORE_TRAFFIC,
    /**
     * A move is intended or done, and it is not the last one, or not known to be done; or a hold.
     */
    MOVING,
    /** The last move is done, and was not confirmed. */
    MOVED,
    /** Confirmed, perhaps with a bake still to do. */
    CONFIRMED,
    /** The former live colour is drained or stopped. */
    FINISHING,
    /** It was going back. */
    GOING_BACK,
    /** It had gone back. */
    GONE_BACK
  }

  /** What the router serves, seen from the deployment. */
  enum Column {
    BEGIN,
    BETWEEN,
    END,
    ELSEWHERE
  }

  Recovery(Run run) {
    this.run = run;
    this.open = run.journal.open();
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
                .orElse("at its begin");
    run.events.warn(found);
    List<String> done = new ArrayList<>();
    Decision decision;
    try {
      RouterTruth.Known truth = run.traffic.truth();
      Column column = column(truth);
      Optional<String> obstacle = obstacle(truth);
      found += obstacle.map(why -> "; " + why).orElse("");
      decision =
          obstacle.isPresent()
              ? Decision.ON_HOLD
              : decide(row(), column, good(candidates()), good(live()));
      found += "; the router serves " + truth.running();
      decision = act(decision, done);
    } catch (StepFailed e) {
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
    return new RecoveryReport(found, decision, done, Optional.of(open.id), serving());
  }

  /** Returns why nothing may be touched, if so. */
  private Optional<String> obstacle(RouterTruth.Known truth) {
    if (truth.generation() > run.state().generation) {
      return Optional.of(
          "the router carries generation "
              + truth.generation()
              + ", the record "
              + run.state().generation
              + ": the record is an older copy");
    }
    return intended().values().stream()
        .filter(HookStep.class::isInstance)
        .map(Step::subject)
        .filter(name -> run.setup.hooks().stream().noneMatch(hook -> hook.name().equals(name)))
        .findFirst()
        .map(name -> "the manager was not given the hook " + name + ", which has to be undone");
  }

  /** The table: first by what the router serves, then by how far the record is. */
  Decision decide(Row row, Column column, Good candidate, Good live)
      throws StepFailed, InterruptedException {
    return switch (column) {
      case ELSEWHERE -> Decision.ON_HOLD;
      case BEGIN ->
          switch (row) {
            case BEFORE_TRAFFIC, MOVING ->
                live().isEmpty() || live.isGood() || !candidate.isGood()
                    ? Decision.CLEANED
                    : Decision.FROZEN;
            case GOING_BACK, GONE_BACK -> Decision.CLEANED;
            case MOVED ->
                sameSplit()
                    ? (candidate.isGood() ? Decision.FINISHED : Decision.FROZEN)
                    : live.isGood() ? Decision.CLEANED : Decision.ON_HOLD;
            case CONFIRMED, FINISHING ->
                !sameSplit()
                    ? Decision.ON_HOLD
                    : open.kind == Operation.Kind.STOP ? Decision.CLEANED : Decision.FINISHED;
          };
      case BETWEEN ->
          switch (row) {
            case MOVING, MOVED -> live.isGood() ? Decision.MOVED_BACK : Decision.FROZEN;
            case GOING_BACK -> live.isGood() ? Decision.MOVED_BACK : Decision.ROLLBACK_FAILED;
            default -> Decision.ON_HOLD;
          };
      case END ->
          switch (row) {
            case BEFORE_TRAFFIC, GONE_BACK -> Decision.ON_HOLD;
            case MOVING, MOVED ->
                open.first()
                    ? (candidate.isGood() ? Decision.FINISHED : Decision.FROZEN)
                    : live.isGood() ? Decision.MOVED_BACK : Decision.FROZEN;
            case CONFIRMED ->
                candidate.isGood()
                    ? (open.policy.bake().isNone() ? Decision.FINISHED : Decision.FROZEN)
                    : live.isGood() && !open.first() ? Decision.MOVED_BACK : Decision.FROZEN;
            case FINISHING -> candidate.isGood() ? Decision.FINISHED : Decision.FROZEN;
            case GOING_BACK ->
                live.isGood() && !open.first() ? Decision.MOVED_BACK : Decision.ROLLBACK_FAILED;
          };
    };
  }

  /** Whether slots are healthy, asked only where the table needs it. */
  interface Good {
    boolean isGood() throws StepFailed, InterruptedException;
  }

  private boolean sameSplit() {
    return open.from.equals(open.to);
  }

  private Row row() {
    Optional<Entry> recorded = open.last();
    if (recorded.isEmpty()) {
      return Row.BEFORE_TRAFFIC;
    }
    Entry last = recorded.get();
    boolean fact = last.mark() == Mark.FACT;
    if (open.failure != null || last.mark() == Mark.UNDO_INTENT || last.mark() == Mark.UNDO_FACT) {
      boolean back =
          open.entries.stream()
              .anyMatch(e -> e.kind().equals("MOVE") && e.mark() == Mark.UNDO_FACT);
      return back ? Row.GONE_BACK : Row.GOING_BACK;
    }
    return switch (last.phase()) {
      case PREPARE, LAUNCH, HEALTH, VERIFY, APPROVE -> Row.BEFORE_TRAFFIC;
      case SHIFT ->
          last.kind().equals("MOVE") && fact && open.to.equals(last.split())
              ? Row.MOVED
              : Row.MOVING;
      case CONFIRM -> fact ? Row.CONFIRMED : Row.MOVED;
      case BAKE -> Row.CONFIRMED;
      case DRAIN, FINISH -> Row.FINISHING;
    };
  }

  private Column column(RouterTruth.Known truth) {
    if (truth.running().equals(open.from)) {
      return Column.BEGIN;
    }
    if (truth.running().equals(open.to)) {
      return Column.END;
    }
    boolean planned =
        open.entries.stream().anyMatch(entry -> truth.running().equals(entry.split()));
    return planned ? Column.BETWEEN : Column.ELSEWHERE;
  }

  private List<Slot> candidates() {
    return open.candidates.entrySet().stream()
        .map(entry -> run.setup.group().slot(entry.getKey(), entry.getValue()))
        .filter(slot -> slot.service().routed())
        .toList();
  }

  private List<Slot> live() {
    return candidates().stream()
        .map(Slot::other)
        .filter(slot -> !open.unassigned.contains(slot.service().name()))
        .toList();
  }

  private Good good(List<Slot> slots) {
    return () -> {
      if (slots.isEmpty()) {
        return false;
      }
      try {
        run.proofs.proveForReturn(slots);
        return true;
      } catch (StepFailed e) {
        run.events.warn(e.reason(), e);
        return false;
      }
    };
  }

  private Decision act(Decision decision, List<String> done)
      throws StepFailed, InterruptedException {
    StepFailed cause =
        open.failure != null && !open.aborted
            ? StepFailed.because(open.failure)
            : StepFailed.aborted("the process that deployed was killed");
    Ending ending = new Ending(run);
    switch (decision) {
      case CLEANED, MOVED_BACK -> {
        Undo undo = new Undo(run);
        Optional<StepFailed> unproven = undo.back(intended(), cause);
        done.addAll(undo.done());
        DeploymentResult result = ending.failed(cause, unproven);
        done.add("closed as " + result.outcome());
        return unproven.isPresent() ? Decision.ROLLBACK_FAILED : decision;
      }
      case FINISHED -> {
        settle(done);
        if (!open.notHandedOver().isEmpty()) {
          return freeze(Outcome.FROZEN, cause, done);
        }
        done.add("closed as " + ending.finished().outcome());
        return decision;
      }
      case FROZEN -> {
        return freeze(Outcome.FROZEN, cause, done);
      }
      case ROLLBACK_FAILED -> {
        freeze(Outcome.ROLLBACK_FAILED, cause, done);
        return decision;
      }
      case NOTHING, HELD, ON_HOLD -> {
        return decision;
      }
    }
    return decision;
  }

  /** Leaves traffic and slots as they are, but no background service half handed over. */
  private Decision freeze(Outcome outcome, StepFailed cause, List<String> done) {
    List<String> behind = open.notHandedOver();
    TreeMap<Integer, Step> halves = new TreeMap<>();
    intended()
        .forEach(
            (index, step) -> {
              if (step instanceof HandoverStep && behind.contains(step.subject())) {
                halves.put(index, step);
              }
            });
    Undo undo = new Undo(run);
    Optional<StepFailed> unproven = halves.isEmpty() ? Optional.empty() : undo.back(halves, cause);
    done.addAll(undo.done());
    new Ending(run)
        .failed(
            outcome,
            cause,
            "traffic and slots were left as they were found"
                + (behind.isEmpty() ? "" : "; not handed over: " + behind)
                + unproven.map(e -> "; " + e.reason()).orElse(""));
    done.add("closed as " + outcome);
    return Decision.FROZEN;
  }

  /** Makes durable truth and former workers equal to what runs, where they are not. */
  private void settle(List<String> done) throws StepFailed, InterruptedException {
    if (!sameSplit() && !run.traffic.truth().wholly(open.to)) {
      run.state().generation++;
      run.journal.save();
      run.traffic.move(open.to, open.to, run.state().generation);
      done.add("made the split durable");
    }
    run.state().acknowledged = run.traffic.truth().running();
  }

  /**
   * Returns the steps that were intended and not undone, in order, at their places in the journal.
   */
  private SortedMap<Integer, Step> intended() {
    TreeMap<Integer, Step> steps = new TreeMap<>();
    for (Entry entry : open.entries) {
      if (entry.mark() == Mark.UNDO_FACT) {
        steps.remove(entry.step());
      } else if (entry.mark() == Mark.INTENT) {
        step(entry).ifPresent(step -> steps.put(entry.step(), step));
      }
    }
    return steps;
  }

  private Optional<Step> step(Entry entry) {
    return switch (entry.kind()) {
      case "HOOK" -> Optional.of(new HookStep(entry.phase(), entry.subject(), candidates()));
      case "LAUNCH" ->
          candidates().stream()
              .filter(slot -> slot.toString().equals(entry.subject()))
              .findFirst()
              .flatMap(slot -> run.state().occupant(slot).map(at -> launch(slot, at)));
      case "MOVE" -> Optional.of(new MoveStep(open.from, open.to, candidates()));
      case "HANDOVER" ->
          Optional.of(
              new HandoverStep(
                  run.setup
                      .group()
                      .slot(
                          entry.subject(),
                          Objects.requireNonNull(open.candidates.get(entry.subject()))),
                  Objects.requireNonNull(open.handovers.get(entry.subject()))));
      default -> Optional.empty();
    };
  }

  private static Step launch(Slot slot, Occupant occupant) {
    return new LaunchStep(slot, occupant.release(), occupant.token());
  }

  private Optional<TrafficSplit> serving() {
    try {
      return Optional.of(run.traffic.truth().running());
    } catch (StepFailed e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
