package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Phase;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a deployment does. The engine calls {@link #before}, journals the {@link #entry}
 * as intent, calls {@link #run}, and journals the fact; when a later step fails it calls {@link
 * #undo} of the steps that were intended, backwards.
 */
sealed interface Step
    permits HookStep,
        LaunchStep,
        AdoptStep,
        ProveStep,
        MoveStep,
        HoldStep,
        DrainStep,
        StopStep,
        HandoverStep {
  /** What it is called in the journal. */
  StepKind kind();

  /** The phase that it belongs to. */
  Phase phase();

  /** What it does, for people. */
  String what();

  /** The slot, the hook or the service that it is about; empty where there is none. */
  default String subject() {
    return "";
  }

  /** How long it may take. */
  Duration within(DeploymentPolicy policy);

  /** Makes sure of what must be so before the intent is written; changes nothing. */
  default void before(OperationRun run) throws StepNotDone, InterruptedException {}

  /** Details of what it does, for people; may be empty. */
  default List<String> details(DeploymentPolicy policy) {
    return List.of();
  }

  /** Returns what another process needs to make this step again. */
  default RecordedStep line() {
    return new RecordedStep(kind(), phase(), subject(), null);
  }

  /** Returns the intent, and notes in the state document what belongs to it. */
  default JournalEntry entry(OperationRun run) {
    return intent(run, null, null);
  }

  /** Returns the intent to undo it. */
  default JournalEntry undoEntry(OperationRun run) {
    return intent(run, null, null);
  }

  /** Returns a journal line for this step, still without its place in the plan. */
  default JournalEntry intent(
      OperationRun run, @Nullable TrafficSplit split, @Nullable Long generation) {
    return new JournalEntry(
        -1,
        JournalEntry.Mark.INTENT,
        kind(),
        phase(),
        subject(),
        what(),
        run.setup.time().now(),
        within(run.policy),
        split,
        generation);
  }

  /** Acts, and reads back what came of it. */
  void run(OperationRun run) throws StepNotDone, InterruptedException;

  /** Returns whether {@link #run} failed because it was refused, and has done nothing. */
  default boolean isRefusal(StepNotDone failure) {
    return false;
  }

  /** Puts back what {@link #entry} has noted in the state document, where nothing was done. */
  default void refused(OperationRun run) {}

  /** Whether it leaves something that must be taken back when a later step fails. */
  default boolean undoable() {
    return false;
  }

  /** Takes back what {@link #run} did, whole or in part. */
  default void undo(OperationRun run) throws StepNotDone, InterruptedException {}
}
