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
 * {@link RecoveryTable}, acts, and closes it. Bounded: it never holds or bakes.
 */
final class Recovery {
  private final Run run;
  private final OpenDeployment open;

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
      Optional<String> obstacle = obstacle(truth);
      found += obstacle.map(why -> "; " + why).orElse("");
      decision =
          obstacle.isPresent()
              ? Decision.ON_HOLD
              : new RecoveryTable(open, !live().isEmpty())
                  .decide(truth, good(candidates()), good(live()));
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

  private RecoveryTable.Good good(List<Slot> slots) {
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
    if (!open.from.equals(open.to) && !run.traffic.truth().wholly(open.to)) {
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
