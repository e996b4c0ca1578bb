package io.bluegreen.engine;

import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterTruth;
import io.bluegreen.engine.JournalEntry.Mark;
import java.util.Optional;

/**
 * Says what to do with a deployment whose process is gone: by what the router serves, how far the
 * journal is, and, where that decides, whether the slots are healthy now.
 */
final class RecoveryTable {
  private final OpenDeployment open;
  private final boolean hasLive;

  /** How far the deployment was recorded to be. */
  enum Row {
    /** Nothing was intended that moves traffic. */
    BEFORE_TRAFFIC,
    /**
     * The shift or a handover has begun, and the last thing on record is not that the last move is
     * done.
     */
    MOVING,
    /** It waits: for time, for gates, or for a person, before the traffic moves or after. */
    WAITING,
    /** The last move is done, and was not confirmed. */
    MOVED,
    /** It is confirmed, perhaps with a bake or a hook still to do. */
    CONFIRMED,
    /** A last hook was begun, and is not known to be done. */
    AT_HOOK,
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

  /**
   * Creates the table of one deployment.
   *
   * @param hasLive whether something was live before in any routed service that it is about
   */
  RecoveryTable(OpenDeployment open, boolean hasLive) {
    this.open = open;
    this.hasLive = hasLive;
  }

  /**
   * Returns whether recovery may find it suspended: it waits, or its traffic is where it was to go.
   */
  static boolean maySuspend(OpenDeployment open) {
    return switch (new RecoveryTable(open, false).row()) {
      case WAITING, MOVED, CONFIRMED -> true;
      case MOVING -> open.first();
      case BEFORE_TRAFFIC, AT_HOOK, FINISHING, GOING_BACK, GONE_BACK -> false;
    };
  }

  /**
   * Decides; after a point of no return nothing is taken back.
   *
   * @param confirmed whether the front doors answer as they should
   */
  Decision decide(RouterTruth.Known truth, Good candidate, Good live, Good confirmed)
      throws StepNotDone, InterruptedException {
    Row row = row();
    if (row == Row.WAITING && !truth.running().equals(open.last().orElseThrow().split())) {
      return Decision.ON_HOLD; // It waited at another split than the router serves.
    }
    Decision decision = decide(row, column(truth), candidate, live, confirmed);
    boolean back =
        decision == Decision.CLEANED
            || decision == Decision.MOVED_BACK
            || decision == Decision.ROLLBACK_FAILED;
    return back && open.noReturn ? Decision.FROZEN : decision;
  }

  /** The table: first by what the router serves, then by how far the record is. */
  Decision decide(Row row, Column column, Good candidate, Good live, Good confirmed)
      throws StepNotDone, InterruptedException {
    return switch (column) {
      case ELSEWHERE -> Decision.ON_HOLD;
      case BEGIN ->
          switch (row) {
            case BEFORE_TRAFFIC, MOVING ->
                open.kind == Operation.Kind.ADOPT
                        || !hasLive
                        || live.isGood()
                        || !candidate.isGood()
                    ? Decision.CLEANED
                    : Decision.FROZEN;
            case WAITING -> candidate.isGood() ? Decision.SUSPENDED : Decision.CLEANED;
            case GOING_BACK, GONE_BACK -> Decision.CLEANED;
            case MOVED ->
                sameSplit()
                    ? (candidate.isGood() ? goneThrough() : Decision.FROZEN)
                    : live.isGood() ? Decision.CLEANED : Decision.ON_HOLD;
            case AT_HOOK -> sameSplit() ? Decision.CLEANED : Decision.ON_HOLD;
            case CONFIRMED, FINISHING ->
                !sameSplit()
                    ? Decision.ON_HOLD
                    : open.kind == Operation.Kind.STOP ? Decision.CLEANED : Decision.FINISHED;
          };
      case BETWEEN ->
          switch (row) {
            case MOVING, MOVED -> live.isGood() ? Decision.MOVED_BACK : Decision.FROZEN;
            case WAITING ->
                candidate.isGood()
                    ? Decision.SUSPENDED
                    : live.isGood() ? Decision.MOVED_BACK : Decision.FROZEN;
            case GOING_BACK -> live.isGood() ? Decision.MOVED_BACK : Decision.ROLLBACK_FAILED;
            default -> Decision.ON_HOLD;
          };
      case END ->
          switch (row) {
            case BEFORE_TRAFFIC, GONE_BACK -> Decision.ON_HOLD;
            case MOVING, MOVED ->
                !open.first() && live.isGood()
                    ? Decision.MOVED_BACK
                    : (open.first() || row == Row.MOVED) && candidate.isGood() && confirmed.isGood()
                        ? goneThrough()
                        : Decision.FROZEN;
            case WAITING, CONFIRMED ->
                candidate.isGood()
                    ? (row == Row.WAITING ? Decision.SUSPENDED : goneThrough())
                    : !open.first() && live.isGood() ? Decision.MOVED_BACK : Decision.FROZEN;
            case AT_HOOK -> !open.first() && live.isGood() ? Decision.MOVED_BACK : Decision.FROZEN;
            case FINISHING -> candidate.isGood() ? Decision.FINISHED : Decision.FROZEN;
            case GOING_BACK ->
                !open.first() && live.isGood() ? Decision.MOVED_BACK : Decision.ROLLBACK_FAILED;
          };
    };
  }

  /**
   * Decides for a deployment whose traffic is all where it was to go: it is carried on if steps are
   * left that decide something.
   */
  private Decision goneThrough() {
    if (open.plan.isEmpty()) { // An earlier version began it.
      return open.policy.bake().isNone() ? Decision.FINISHED : Decision.FROZEN;
    }
    int moves = 0;
    for (int place = 0; place < open.plan.size(); place++) {
      moves = open.plan.get(place).kind() == StepKind.MOVE ? place + 1 : moves;
    }
    boolean more =
        open.plan.stream().skip(Math.max(moves, open.next())).anyMatch(RecoveryTable::needed);
    return more ? Decision.SUSPENDED : Decision.FINISHED;
  }

  /**
   * Returns whether a step decides something: recovery confirms by itself, and a drain or a stop
   * only retires.
   */
  private static boolean needed(RecordedStep line) {
    return line.phase() != Phase.CONFIRM
        && line.phase() != Phase.DRAIN
        && line.kind() != StepKind.STOP;
  }

  /** Says whether slots are healthy; asked only where the table needs it. */
  interface Good {
    boolean isGood() throws StepNotDone, InterruptedException;
  }

  private Row row() {
    Optional<JournalEntry> recorded = open.last();
    if (recorded.isEmpty()) {
      return Row.BEFORE_TRAFFIC;
    }
    JournalEntry last = recorded.get();
    boolean fact = last.mark() == Mark.FACT;
    if (open.failure != null || last.mark() == Mark.UNDO_INTENT || last.mark() == Mark.UNDO_FACT) {
      boolean back =
          open.entries.stream()
              .anyMatch(e -> e.kind() == StepKind.MOVE && e.mark() == Mark.UNDO_FACT);
      return back ? Row.GONE_BACK : Row.GOING_BACK;
    }
    if (open.waits()) {
      return Row.WAITING;
    }
    return switch (last.phase()) {
      case PREPARE, LAUNCH, HEALTH, VERIFY, APPROVE -> Row.BEFORE_TRAFFIC;
      case SHIFT ->
          last.kind() == StepKind.MOVE && fact && open.to.equals(last.split())
              ? Row.MOVED
              : Row.MOVING;
      case CONFIRM -> fact ? Row.CONFIRMED : Row.MOVED;
      case BAKE -> Row.CONFIRMED;
      case DRAIN -> Row.FINISHING;
      case FINISH -> last.kind() == StepKind.HOOK ? atHook(fact) : Row.FINISHING;
    };
  }

  /**
   * Returns the row of a hook in the finish: nothing is retired before it, and of a hook that was
   * begun nobody knows whether it has ended.
   */
  private static Row atHook(boolean done) {
    return done ? Row.CONFIRMED : Row.AT_HOOK;
  }

  private Column column(RouterTruth.Known truth) {
    boolean goneBack =
        row() == Row.GONE_BACK
            && !open.first()
            && truth.running().equals(open.wayBack(truth.running()));
    if (goneBack || truth.running().equals(open.from)) {
      return Column.BEGIN;
    }
    if (truth.running().equals(open.to)) {
      return Column.END;
    }
    boolean planned =
        open.entries.stream().anyMatch(entry -> truth.running().equals(entry.split()));
    return planned ? Column.BETWEEN : Column.ELSEWHERE;
  }

  private boolean sameSplit() {
    return open.from.equals(open.to);
  }
}
