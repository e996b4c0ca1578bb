package io.bluegreen.engine;

import io.bluegreen.Operation;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import io.bluegreen.engine.JournalEntry.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The slots and the steps of an open deployment, made again from its record. */
final class RecordedPlan {
  private final OperationRun run;
  private final OpenDeployment open;

  RecordedPlan(OperationRun run) {
    this.run = run;
    this.open = run.journal.open();
  }

  /** Returns the routed slots that are to be live. */
  List<Slot> candidates() {
    return all().stream().filter(slot -> slot.service().routed()).toList();
  }

  /** Returns the routed slots that were live when it began. */
  List<Slot> live() {
    return candidates().stream()
        .map(Slot::other)
        .filter(slot -> !open.unassigned.contains(slot.service().name()))
        .toList();
  }

  private List<Slot> all() {
    return run.slots(open.candidates);
  }

  /** Returns the plan that it was carrying out; without steps if those were not recorded. */
  Plan plan() {
    List<Step> steps = new ArrayList<>();
    TrafficSplit split = open.from;
    for (RecordedStep line : open.plan) {
      steps.add(
          step(line, split)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the record names a step that can't be made again from it: " + line)));
      split = line.split() == null ? split : line.split();
    }
    return new Plan(
        open.from,
        open.to,
        open.candidates,
        open.unassigned,
        open.foundLive,
        open.handovers,
        steps,
        "");
  }

  /**
   * Returns the steps that were intended and not undone, in order, at their places in the journal.
   */
  SortedMap<Integer, Step> intended() {
    TreeMap<Integer, Step> steps = new TreeMap<>();
    for (JournalEntry entry : open.entries) {
      if (entry.mark() == Mark.UNDO_FACT) {
        steps.remove(entry.step());
      } else if (entry.mark() == Mark.INTENT) {
        step(entry.line(), open.from).ifPresent(step -> steps.put(entry.step(), step));
      }
    }
    return steps;
  }

  private Optional<Step> step(RecordedStep line, TrafficSplit before) {
    return switch (line.kind()) {
      case HOOK -> Optional.of(new HookStep(line.phase(), line.subject(), all()));
      case LAUNCH -> occupied(line.subject()).map(RecordedPlan::launch);
      case ADOPT -> occupied(line.subject()).map(RecordedPlan::adoption);
      case PROVE ->
          Optional.of(
              open.kind == Operation.Kind.ADOPT
                  ? new ProveStep(line.phase(), all(), false)
                  : Planner.proof(line.phase(), candidates()));
      case MOVE ->
          Optional.of(new MoveStep(before, Objects.requireNonNull(line.split()), candidates()));
      case HOLD ->
          Optional.of(
              new HoldStep(
                  line.phase(),
                  HoldStep.watch(line.phase(), run.policy),
                  Objects.requireNonNullElse(line.split(), before),
                  candidates(),
                  live()));
      case DRAIN -> Optional.of(new DrainStep(line.phase(), slot(line.subject())));
      case STOP -> Optional.of(new StopStep(line.phase(), slot(line.subject())));
      case HANDOVER ->
          Optional.of(
              new HandoverStep(
                  run.setup
                      .group()
                      .slot(
                          line.subject(),
                          Objects.requireNonNull(open.candidates.get(line.subject()))),
                  Objects.requireNonNull(open.handovers.get(line.subject()))));
      case PAUSE, FINISH -> Optional.empty();
    };
  }

  private Optional<Map.Entry<Slot, SlotOccupant>> occupied(String subject) {
    Slot slot = slot(subject);
    return run.state()
        .occupant(slot)
        .filter(occupant -> open.before(slot).map(b -> !occupant.equals(b.occupant())).orElse(true))
        .map(occupant -> Map.entry(slot, occupant));
  }

  private static Step launch(Map.Entry<Slot, SlotOccupant> occupied) {
    SlotOccupant occupant = occupied.getValue();
    return new LaunchStep(occupied.getKey(), occupant.release(), occupant.token());
  }

  private static Step adoption(Map.Entry<Slot, SlotOccupant> occupied) {
    SlotOccupant occupant = occupied.getValue();
    return new AdoptStep(
        occupied.getKey(), occupant.release(), occupant.token(), occupant.byName());
  }

  private Slot slot(String subject) {
    return all().stream()
        .flatMap(candidate -> List.of(candidate, candidate.other()).stream())
        .filter(slot -> slot.toString().equals(subject))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the record names a slot " + subject));
  }
}
