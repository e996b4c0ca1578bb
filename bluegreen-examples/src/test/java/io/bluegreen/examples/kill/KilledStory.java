package io.bluegreen.examples.kill;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a host is killed in. */
enum KilledStory {
  /** The very first one. */
  FIRST("deploy", ExpectedRecovery.FIRST),
  INSTANT("deploy", ExpectedRecovery.ONE_MOVE),
  /** As INSTANT, and at its end the former live colour is drained and stopped. */
  RETIRING("retire", ExpectedRecovery.ONE_MOVE),
  GRADUAL("gradual", ExpectedRecovery.TWO_MOVES),
  /** To the warm former live colour, which is the candidate here and stays warm in any case. */
  ROLLBACK("rollback", ExpectedRecovery.ONE_MOVE),
  /** The recovery of an INSTANT one that was killed when it had just moved the traffic. */
  RECOVERY_BACK(
      "recover", killed("deploy", "store.save FACT MOVE SHIFT"), ExpectedRecovery.GOING_BACK),
  /** The recovery of an INSTANT one that was killed when it was confirmed. */
  RECOVERY_ON(
      "recover", killed("deploy", "store.save FACT PROVE CONFIRM"), ExpectedRecovery.FINISHING),
  /** A GRADUAL one that was killed while it held the traffic is carried on. */
  CARRYING_ON(
      "carryOn", killed("gradual", "store.save INTENT HOLD SHIFT"), ExpectedRecovery.CARRIED_ON),
  /** An INSTANT one of a group that has a background service, too, which is handed over. */
  BACKGROUND("deploy", ExpectedRecovery.HANDED_OVER),
  /** The recovery of a BACKGROUND one that was killed when it had just handed over. */
  HANDING_BACK(
      "recover", killed("deploy", "store.save FACT HANDOVER SHIFT"), ExpectedRecovery.HANDED_BACK);

  /** What the background service is called. */
  static final String JOBS = "jobs";

  private final String command;
  private final Optional<Before> before;
  private final List<ExpectedRecovery> expectations;

  /**
   * How a host was killed before the one that counts. Immutable.
   *
   * @param command what it had been told to do
   */
  record Before(String command, KillPoint point) {}

  KilledStory(String command, List<ExpectedRecovery> expectations) {
    this.command = command;
    this.before = Optional.empty();
    this.expectations = expectations;
  }

  KilledStory(String command, Before before, List<ExpectedRecovery> expectations) {
    this.command = command;
    this.before = Optional.of(before);
    this.expectations = expectations;
  }

  private static Before killed(String command, String after) {
    return new Before(command, new KillPoint(after, 1, KillPoint.Position.AFTER));
  }

  /** Returns what the host is told to do. */
  String command() {
    return command;
  }

  /** Returns how the host before was killed, if this is about what the next one does. */
  Optional<Before> before() {
    return before;
  }

  /** Returns whether the group has the background service, too. */
  boolean hasJobs() {
    return this == BACKGROUND || this == HANDING_BACK;
  }

  /** Returns what has to happen, so that the expectations make sense. */
  List<String> milestones() {
    return expectations.stream()
        .map(ExpectedRecovery::effect)
        .filter(call -> !call.isEmpty())
        .toList();
  }

  /**
   * Returns what has to be so for a host that was killed when it had done this.
   *
   * @param routerLives whether the router outlives the host
   */
  ExpectedRecovery expected(List<String> done, boolean routerLives) {
    ExpectedRecovery found = expectations.get(0);
    for (ExpectedRecovery next : expectations) {
      found = done.contains(routerLives ? next.effect() : next.recorded()) ? next : found;
    }
    return found;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
