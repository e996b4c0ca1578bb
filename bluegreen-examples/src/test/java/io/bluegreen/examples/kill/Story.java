package io.bluegreen.examples.kill;

import static io.bluegreen.RecoveryReport.Decision.CLEANED;
import static io.bluegreen.RecoveryReport.Decision.FINISHED;
import static io.bluegreen.RecoveryReport.Decision.MOVED_BACK;
import static io.bluegreen.RecoveryReport.Decision.NOTHING;
import static io.bluegreen.RecoveryReport.Decision.SUSPENDED;
import static io.bluegreen.examples.kill.Story.Served.BOTH;
import static io.bluegreen.examples.kill.Story.Served.CANDIDATE;
import static io.bluegreen.examples.kill.Story.Served.LIVE;

import io.bluegreen.RecoveryReport.Decision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a host is killed in, and what has to be served when the next one has opened the group, by
 * what the killed one had done. Written by hand, from the recovery table of the design; whatever is
 * not named changes nothing.
 */
enum Story {
  /** The very first one: nothing is live, so that there is nothing to go back to. */
  FIRST(
      "deploy",
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          // The traffic is where nothing leads back from: the candidate is looked at again.
          moved(1, CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING))),

  INSTANT(
      "deploy",
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          // Moved, but nobody has confirmed it: the former live colour is good, so back.
          moved(1, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING))),

  /** As INSTANT, and at its end the former live colour is drained and stopped. */
  RETIRING(
      "retire",
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          moved(1, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING))),

  /** A quarter first, held there, then all. */
  GRADUAL(
      "gradual",
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          moved(1, LIVE, MOVED_BACK),
          // It waits: both colours are good, so that it is left as it is, to be carried on.
          after("store.save INTENT HOLD SHIFT#1", BOTH, SUSPENDED),
          after("store.save FACT HOLD SHIFT#1", LIVE, MOVED_BACK),
          moved(2, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING))),

  /** To the warm former live colour, which is the candidate here and stays warm in any case. */
  ROLLBACK(
      "rollback",
      List.of(
          after("", LIVE, NOTHING),
          after("store.save begin#1", LIVE, CLEANED),
          moved(1, LIVE, MOVED_BACK),
          after("store.save FACT PROVE CONFIRM#1", CANDIDATE, FINISHED),
          after("store.save end#1", CANDIDATE, NOTHING))),

  /** The recovery of an INSTANT one that was killed when it had just moved the traffic. */
  RECOVERY_BACK(
      "recover",
      new Point("store.save FACT MOVE SHIFT", 1, Point.Position.AFTER),
      List.of(
          after("", LIVE, MOVED_BACK),
          movedBack(LIVE, CLEANED),
          after("store.save end#1", LIVE, NOTHING))),

  /** The recovery of an INSTANT one that was killed when it was confirmed. */
  RECOVERY_ON(
      "recover",
      new Point("store.save FACT PROVE CONFIRM", 1, Point.Position.AFTER),
      List.of(after("", CANDIDATE, FINISHED), after("store.save end#1", CANDIDATE, NOTHING)));

  /** What serves, seen from the deployment that was killed. */
  enum Served {
    /** What was live when it began; for the first deployment nothing. */
    LIVE,
    /** Both colours, as the last switch had it. */
    BOTH,
    CANDIDATE
  }

  /**
   * What has to be so for one that was killed after a call had its effect, and before the next call
   * that is named.
   *
   * @param effect the call and its occurrence; empty for the beginning
   * @param recorded the one that counts where the router dies with its host, and starts again with
   *     what was recorded last
   * @param decided what the next host reports to have decided
   */
  record Row(String effect, String recorded, Served served, Decision decided) {}

  private final String command;
  private final Optional<Point> killedBefore;
  private final List<Row> rows;

  Story(String command, List<Row> rows) {
    this.command = command;
    this.killedBefore = Optional.empty();
    this.rows = rows;
  }

  Story(String command, Point killedBefore, List<Row> rows) {
    this.command = command;
    this.killedBefore = Optional.of(killedBefore);
    this.rows = rows;
  }

  /** Returns what the host is told to do. */
  String command() {
    return command;
  }

  /** Returns where an INSTANT deployment was killed before, if this is its recovery. */
  Optional<Point> killedBefore() {
    return killedBefore;
  }

  List<Row> rows() {
    return rows;
  }

  /** Returns the row for a host that was killed when it had done this. */
  Row row(List<String> effects, boolean routerLives) {
    Row found = rows.get(0);
    for (Row row : rows) {
      found = effects.contains(routerLives ? row.effect() : row.recorded()) ? row : found;
    }
    return found;
  }

  private static Row after(String effect, Served served, Decision decided) {
    return new Row(effect, effect, served, decided);
  }

  private static Row moved(int times, Served served, Decision decided) {
    String recorded = "store.save FACT MOVE SHIFT#" + times;
    return new Row("router.apply#" + times, recorded, served, decided);
  }

  private static Row movedBack(Served served, Decision decided) {
    return new Row("router.apply#1", "store.save UNDO_FACT MOVE SHIFT#1", served, decided);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
