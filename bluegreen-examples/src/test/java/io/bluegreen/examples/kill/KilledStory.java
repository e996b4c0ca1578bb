package io.bluegreen.examples.kill;

import io.bluegreen.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a host is killed in. */
enum KilledStory {
  /** The very first one. */
  FIRST("deploy", Beginning.EMPTY, ExpectedRecovery.FIRST),
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
      "recover", killed("deploy", "store.save FACT HANDOVER SHIFT"), ExpectedRecovery.HANDED_BACK),
  /** The adoption of production, which somebody has started by hand. */
  ADOPTING("adopt", Beginning.withProduction(), ExpectedRecovery.ADOPTED),
  /** The first deployment after it: what was adopted is handed over, drained and stopped. */
  AFTER_ADOPTION("retire", Beginning.withProduction("adopt"), ExpectedRecovery.HANDED_OVER),
  /** The second one, for which what was adopted has to leave its slot. */
  REPLACING("deploy", Beginning.withProduction("adopt", "deploy"), ExpectedRecovery.ONE_MOVE),
  /** The second one after production that nobody has adopted: it is refused. */
  NOT_ADOPTED("deploy", Beginning.withProduction("deploy"), ExpectedRecovery.REJECTED);

  /** What the background service is called. */
  static final String JOBS = "jobs";

  private final String command;
  private final Beginning beginning;
  private final Optional<Before> before;
  private final List<ExpectedRecovery> expectations;

  /**
   * How a host was killed before the one that counts. Immutable.
   *
   * @param command what it had been told to do
   */
  record Before(String command, KillPoint point) {}

  /**
   * How a stand comes to where a host can be killed. Immutable.
   *
   * @param production whether something serves that somebody has started by hand
   * @param commands what a host does there, each about its own version but for an adoption
   */
  record Beginning(boolean production, List<String> commands) {
    /** Both colours are warm. */
    static final Beginning WARM = new Beginning(false, List.of("deploy", "deploy"));

    static final Beginning EMPTY = new Beginning(false, List.of());

    static Beginning withProduction(String... commands) {
      return new Beginning(true, List.of(commands));
    }

    /** Returns whether a stand can begin so only once. */
    boolean once() {
      return !equals(WARM);
    }
  }

  KilledStory(
      String command,
      Beginning beginning,
      Optional<Before> before,
      List<ExpectedRecovery> expectations) {
    this.command = command;
    this.beginning = beginning;
    this.before = before;
    this.expectations = expectations;
  }

  KilledStory(String command, Beginning beginning, List<ExpectedRecovery> expectations) {
    this(command, beginning, Optional.empty(), expectations);
  }

  KilledStory(String command, List<ExpectedRecovery> expectations) {
    this(command, Beginning.WARM, expectations);
  }

  KilledStory(String command, Before before, List<ExpectedRecovery> expectations) {
    this(command, Beginning.WARM, Optional.of(before), expectations);
  }

  private static Before killed(String command, String after) {
    return new Before(command, new KillPoint(after, 1, KillPoint.Position.AFTER));
  }

  /** Returns what the host is told to do. */
  String command() {
    return command;
  }

  /** Returns how it ends for the history if the next host finishes it. */
  Outcome finished() {
    return switch (this) {
      case ROLLBACK -> Outcome.WENT_BACK;
      case ADOPTING -> Outcome.COMPLETED;
      default -> Outcome.PROMOTED;
    };
  }

  /** Returns how its stand begins. */
  Beginning beginning() {
    return beginning;
  }

  /** Returns how the host before was killed, if this is about what the next one does. */
  Optional<Before> before() {
    return before;
  }

  /** Returns whether the group has the background service, too. */
  boolean hasJobs() {
    return switch (this) {
      case BACKGROUND, HANDING_BACK, ADOPTING, AFTER_ADOPTION -> true;
      default -> false;
    };
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
