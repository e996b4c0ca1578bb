package io.bluegreen.engine;

import io.bluegreen.Deadline;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Phase;
import io.bluegreen.Signal;
import io.bluegreen.Slot;
import io.bluegreen.TrafficEvent;
import io.bluegreen.TrafficSplit;
import io.bluegreen.engine.JournalEntry.Mark;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Waits for a person: while one has asked to pause, or until one approves. */
final class WaitForPerson {
  private final OperationRun run;

  /** When the limit of the pause that is asked for now is over. */
  private Optional<Deadline> pauseEnds = Optional.empty();

  WaitForPerson(OperationRun run) {
    this.run = run;
  }

  /**
   * Waits before a move while somebody has asked to pause, and looks at the candidates meanwhile;
   * at the policy's limit the deployment is aborted.
   */
  void whileAsked(TrafficSplit split, List<Slot> candidates)
      throws StepNotDone, InterruptedException {
    run.interventions.endIfAsked();
    if (!run.interventions.paused()) {
      return;
    }
    run.journal.intent(
        new JournalEntry(
            -1,
            Mark.INTENT,
            StepKind.PAUSE,
            Phase.SHIFT,
            "",
            "pause",
            run.setup.time().now(),
            run.policy.limits().pause(),
            split,
            null));
    run.interventions.waiting(true);
    try {
      look(candidates);
    } finally {
      run.interventions.waiting(false);
      run.whole.goOn();
    }
    run.journal.done();
  }

  private void look(List<Slot> candidates) throws StepNotDone, InterruptedException {
    Duration every = run.policy.probing().interval();
    Deadline next = run.setup.time().deadline(every);
    int down = 0;
    while (stillAsked()) {
      run.sleep(Interventions.ASKED_EVERY);
      if (next.over()) {
        next = run.setup.time().deadline(every);
        Optional<String> sick = run.proofs.look(candidates, List.of()).candidates();
        down = sick.isEmpty() ? 0 : down + 1;
        if (down >= run.policy.probing().failures()) {
          throw StepNotDone.because(
              candidates + " failed " + down + " probes in a row during a pause: " + sick.get());
        }
      }
    }
  }

  /** Returns whether somebody has asked to pause; fails at the policy's limit. */
  boolean stillAsked() throws StepNotDone {
    if (!run.interventions.paused()) {
      pauseEnds = Optional.empty();
      run.whole.goOn();
      return false;
    }
    run.whole.stop();
    Duration limit = run.policy.limits().pause();
    if (pauseEnds.isEmpty()) {
      Duration left = left(run.interventions.pausedAt(), limit);
      pauseEnds = Optional.of(run.setup.time().deadline(left));
      tell("paused", left);
    }
    if (pauseEnds.get().over()) {
      throw StepNotDone.aborted("paused for " + Durations.describe(limit) + " and not resumed");
    }
    return true;
  }

  /** Notes the signals that are there already: nobody can approve before being asked. */
  void notYetApproved() {
    if (approvalAskedAt().isEmpty()) {
      run.journal.open().heardBefore = run.interventions.heard();
    }
  }

  /** Waits until somebody approves; the policy says what happens at the limit. */
  void untilApproved() throws StepNotDone, InterruptedException {
    run.whole.stop();
    try {
      approved();
    } finally {
      run.whole.goOn();
    }
  }

  private void approved() throws StepNotDone, InterruptedException {
    Duration limit = run.policy.limits().approval();
    int before = run.journal.open().heardBefore;
    Duration left = left(approvalAskedAt().orElseThrow(), limit);
    Deadline end = run.setup.time().deadline(left);
    tell("waiting for approval", left);
    run.interventions.endIfAsked();
    Optional<Signal> approval = run.interventions.approvedAfter(before);
    while (approval.isEmpty()) {
      if (end.over()) {
        boolean readable = run.interventions.endIfAskedNow();
        approval = run.interventions.approvedAfter(before);
        if (approval.isPresent()) {
          break;
        }
        if (!run.policy.has(Option.PROMOTE_UNLESS_ABORTED)) {
          throw StepNotDone.aborted("nobody approved within " + Durations.describe(limit));
        }
        if (!readable) {
          throw StepNotDone.aborted(
              "nobody knows whether it was aborted within "
                  + Durations.describe(limit)
                  + ", because the signals can't be read");
        }
        run.journal.open().approval =
            "nobody: the policy goes on after " + Durations.describe(limit);
        return;
      }
      run.sleep(end.left(Interventions.ASKED_EVERY));
      approval = run.interventions.approvedAfter(before);
    }
    run.journal.open().approval = Interventions.said(approval.get());
  }

  /** Returns when a person was first asked, also by a process before this one. */
  private Optional<Instant> approvalAskedAt() {
    return run.journal.open().entries.stream()
        .filter(entry -> entry.phase() == Phase.APPROVE && entry.mark() == Mark.INTENT)
        .findFirst()
        .map(JournalEntry::at);
  }

  /**
   * Returns what is left of a limit that began in this process or in one before; a clock that
   * jumped back gives no more than all of it.
   */
  private Duration left(Instant began, Duration limit) {
    Duration spent = Duration.between(began, run.setup.time().now());
    Duration left = spent.isNegative() ? limit : limit.minus(spent);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void tell(String reason, Duration left) {
    run.tell(stamp -> new TrafficEvent.Waiting(stamp, reason, run.journal.open().percent(), left));
  }
}
