package io.bluegreen.examples.kill;

import static io.bluegreen.RecoveryReport.Decision.CLEANED;
import static io.bluegreen.RecoveryReport.Decision.FINISHED;
import static io.bluegreen.RecoveryReport.Decision.MOVED_BACK;
import static io.bluegreen.RecoveryReport.Decision.NOTHING;
import static io.bluegreen.RecoveryReport.Decision.SUSPENDED;
import static io.bluegreen.examples.kill.ExpectedRecovery.Served.BOTH;
import static io.bluegreen.examples.kill.ExpectedRecovery.Served.CANDIDATE;
import static io.bluegreen.examples.kill.ExpectedRecovery.Served.LIVE;

import io.bluegreen.RecoveryReport.Decision;
import java.util.List;

/**
 * Says what has to be true when the next host has opened the group, after a host was killed: the
 * row of the last named call that had its effect counts. The rows are written by hand, from the
 * recovery table; calls that are not named change nothing.
 *
 * @param effect the call and its occurrence; empty for the beginning
 * @param recorded the one that counts where the router dies with its host, and starts again with
 *     what was recorded last
 * @param decided what the next host reports to have decided
 */
record ExpectedRecovery(String effect, String recorded, Served served, Decision decided) {
  /** What serves, seen from the deployment that was killed. */
  enum Served {
    /** What was live when it began; for the first deployment nothing. */
    LIVE,
    /** Both colours, as the last switch had it. */
    BOTH,
    CANDIDATE
  }

  /** Nothing is live, so that there is nothing to go back to. */
  static final List<ExpectedRecovery> FIRST =
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          // The traffic is where nothing leads back from: the candidate is looked at again.
          moved(1, CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING));

  /** All the traffic at once; a rollback, too. */
  static final List<ExpectedRecovery> ONE_MOVE =
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          // Moved, but nobody has confirmed it: the former live colour is good, so back.
          moved(1, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING));

  /** All the traffic at once, and the background service after it: that runs where the rest is. */
  static final List<ExpectedRecovery> HANDED_OVER =
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          moved(1, LIVE, MOVED_BACK),
          // Half handed over or wholly, it goes back with the traffic.
          after("store.save INTENT HANDOVER SHIFT#1", LIVE, MOVED_BACK),
          after("store.save FACT HANDOVER SHIFT#1", LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING));

  /** A quarter of the traffic, held there, then all. */
  static final List<ExpectedRecovery> TWO_MOVES =
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          moved(1, LIVE, MOVED_BACK),
          // It waits, and both colours are good: it is left as it is, to be carried on.
          after("store.save INTENT HOLD SHIFT#1", BOTH, SUSPENDED),
          after("store.save FACT HOLD SHIFT#1", LIVE, MOVED_BACK),
          moved(2, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING));

  /** A recovery that goes back, killed itself. */
  static final List<ExpectedRecovery> GOING_BACK =
      List.of(
          after("", LIVE, MOVED_BACK),
          new ExpectedRecovery(
              "router.apply#1", "store.save UNDO_FACT MOVE SHIFT#1", LIVE, CLEANED),
          after("store.save end#1", LIVE, NOTHING));

  /** A recovery that goes back with traffic and background service, killed itself. */
  static final List<ExpectedRecovery> HANDED_BACK =
      List.of(
          after("", LIVE, MOVED_BACK),
          after("store.save UNDO_INTENT HANDOVER SHIFT#1", LIVE, MOVED_BACK),
          after("store.save UNDO_FACT HANDOVER SHIFT#1", LIVE, MOVED_BACK),
          new ExpectedRecovery(
              "router.apply#1", "store.save UNDO_FACT MOVE SHIFT#1", LIVE, CLEANED),
          after("store.save end#1", LIVE, NOTHING));

  /** A recovery that finishes, killed itself. */
  static final List<ExpectedRecovery> FINISHING =
      List.of(
          after("", CANDIDATE, FINISHED), //
          after("store.save end#1", CANDIDATE, NOTHING));

  /** TWO_MOVES from its hold on, by a host that began when the one before was killed there. */
  static final List<ExpectedRecovery> CARRIED_ON =
      List.of(
          after("", BOTH, SUSPENDED),
          after("store.save FACT HOLD SHIFT#1", LIVE, MOVED_BACK),
          moved(1, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING));

  /** An adoption: it moves nothing, and is whole once it is proved. */
  static final List<ExpectedRecovery> ADOPTED =
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          after("store.save INTENT FINISH FINISH#1", LIVE, FINISHED),
          after("store.save end#1", LIVE, NOTHING));

  /** What is rejected before anything is touched. */
  static final List<ExpectedRecovery> REJECTED =
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          after("store.save end#1", LIVE, NOTHING));

  private static ExpectedRecovery after(String effect, Served served, Decision decided) {
    return new ExpectedRecovery(effect, effect, served, decided);
  }

  private static ExpectedRecovery moved(int times, Served served, Decision decided) {
    String recorded = "store.save FACT MOVE SHIFT#" + times;
    return new ExpectedRecovery("router.apply#" + times, recorded, served, decided);
  }
}
