package io.bluegreen.engine;

import io.bluegreen.Phase;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the journal.
 *
 * @param subject the slot, the hook or the service that it is about; empty where there is none
 */
record JournalEntry(
    int step,
    Mark mark,
    StepKind kind,
    Phase phase,
    String subject,
    String what,
    Instant at,
    Duration within,
    @Nullable TrafficSplit split,
    @Nullable Long generation) {
  RecordedStep line() {
    return new RecordedStep(kind, phase, subject, split);
  }

  JournalEntry at(int index, Mark as) {
    return new JournalEntry(index, as, kind, phase, subject, what, at, within, split, generation);
  }

  JournalEntry marked(Mark other, Instant when) {
    return new JournalEntry(
        step, other, kind, phase, subject, what, when, within, split, generation);
  }

  /** What was recorded of a step. */
  enum Mark {
    INTENT,
    FACT,
    UNDO_INTENT,
    UNDO_FACT
  }
}
