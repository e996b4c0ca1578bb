package io.bluegreen.examples.kill;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a host is killed in. */
enum Story {
  /** The very first one. */
  FIRST("deploy", Expectation.FIRST),
  INSTANT("deploy", Expectation.ONE_MOVE),
  /** As INSTANT, and at its end the former live colour is drained and stopped. */
  RETIRING("retire", Expectation.ONE_MOVE),
  GRADUAL("gradual", Expectation.TWO_MOVES),
  /** To the warm former live colour, which is the candidate here and stays warm in any case. */
  ROLLBACK("rollback", Expectation.ONE_MOVE),
  /** The recovery of an INSTANT one that was killed when it had just moved the traffic. */
  RECOVERY_BACK("recover", "store.save FACT MOVE SHIFT", Expectation.GOING_BACK),
  /** The recovery of an INSTANT one that was killed when it was confirmed. */
  RECOVERY_ON("recover", "store.save FACT PROVE CONFIRM", Expectation.FINISHING);

  private final String command;
  private final Optional<Point> killedBefore;
  private final List<Expectation> expectations;

  Story(String command, List<Expectation> expectations) {
    this.command = command;
    this.killedBefore = Optional.empty();
    this.expectations = expectations;
  }

  Story(String command, String killedAfter, List<Expectation> expectations) {
    this.command = command;
    this.killedBefore = Optional.of(new Point(killedAfter, 1, Point.Position.AFTER));
    this.expectations = expectations;
  }

  /** Returns what the host is told to do. */
  String command() {
    return command;
  }

  /** Returns where an INSTANT deployment was killed before, if this is its recovery. */
  Optional<Point> killedBefore() {
    return killedBefore;
  }

  /** Returns what has to happen, so that the expectations make sense. */
  List<String> milestones() {
    return expectations.stream().map(Expectation::effect).filter(call -> !call.isEmpty()).toList();
  }

  /**
   * Returns what has to be so for a host that was killed when it had done this.
   *
   * @param routerLives whether the router outlives the host
   */
  Expectation expected(List<String> done, boolean routerLives) {
    Expectation found = expectations.get(0);
    for (Expectation next : expectations) {
      found = done.contains(routerLives ? next.effect() : next.recorded()) ? next : found;
    }
    return found;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
