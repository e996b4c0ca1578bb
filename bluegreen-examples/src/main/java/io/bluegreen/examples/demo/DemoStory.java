package io.bluegreen.examples.demo;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.Status;
import io.bluegreen.TimeSource;
import io.bluegreen.Watch;
import io.bluegreen.gate.CounterGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The story that the demo tells, the same on every router: two releases that are good, one between
 * them that never gets healthy, a way back, ten quick switches, and a release that passes its
 * checks and then fails for its users.
 */
final class DemoStory {
  /** For every deployment; the drain outlasts the slowest request of the users. */
  static final DeploymentPolicy POLICY =
      DeploymentPolicy.DEFAULT
          .probing(Probing.DEFAULT.every(Duration.ofMillis(200)))
          .drain(Duration.ofSeconds(1));

  /** The gate that the last release fails at: none of the others has errors at all. */
  static final String ERRORS = "errors";

  static final CounterGate FEW_ERRORS =
      CounterGate.errorRate(0.03).minimum(50).window(Duration.ofSeconds(5));

  /** A quarter of the users meet the last release, until it has answered enough to be judged. */
  private static final Watch FIRST_USERS =
      new Watch(Duration.ofSeconds(1), Duration.ofMillis(250), List.of(ERRORS))
          .untilRequests(300, Duration.ofSeconds(30));

  /** For the release that never gets healthy: nobody wants to watch that for long. */
  private static final Duration SICK_FOR = Duration.ofSeconds(5);

  private static final int QUICK_SWITCHES = 10;

  /** Between two acts, so that the users meet every version. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final BlueGreenManager manager;
  private final DeploymentPolicy hasty;
  private final DeploymentPolicy watchful;
  private final Screen screen;
  private final TimeSource time;
  private final List<AskedOperation> acts = new ArrayList<>();
  private boolean complete;

  /**
   * @param policy what the manager has; for the release that never gets healthy it is shortened,
   *     and for the one that fails for its users these are let in by and by
   */
  DemoStory(BlueGreenManager manager, DeploymentPolicy policy, Screen screen, TimeSource time) {
    this.hasty = policy.probing(policy.probing().upTo(SICK_FOR));
    this.watchful = policy.shift(FIRST_USERS, 25, 100).bake(FIRST_USERS);
    this.manager = manager;
    this.screen = screen;
    this.time = time;
  }

  /** This comes before there are any users: something has to be live for them. */
  void open() {
    act("deploy v1", deploy("v1"), Outcome.PROMOTED);
  }

  /** All that the users are to see. */
  void tell() throws InterruptedException {
    time.sleep(PAUSE);
    act("deploy v2", deploy("v2"), Outcome.PROMOTED);
    time.sleep(PAUSE);
    String sick = DemoApplication.NEVER_HEALTHY;
    act("deploy " + sick, deploy(sick).policy(hasty), Outcome.REJECTED);
    time.sleep(PAUSE);
    act("deploy v4", deploy("v4"), Outcome.PROMOTED);
    time.sleep(PAUSE);
    act("rollback", Operation.rollback(), Outcome.WENT_BACK);
    time.sleep(PAUSE);
    for (int i = 1; i <= QUICK_SWITCHES; i++) {
      Color to = liveColor().other();
      act("switch " + i + " to " + to, Operation.switchTo(to), Outcome.PROMOTED, true);
    }
    time.sleep(PAUSE);
    String bad = DemoApplication.FAILS_UNDER_TRAFFIC;
    act("deploy " + bad, deploy(bad).policy(watchful), Outcome.ROLLED_BACK);
    time.sleep(PAUSE);
    complete = true;
  }

  List<AskedOperation> acts() {
    return List.copyOf(acts);
  }

  /** Returns whether it was told to its end. */
  boolean complete() {
    return complete;
  }

  private static Operation deploy(String version) {
    return Operation.deploy(Release.of(version));
  }

  private void act(String what, Operation operation, Outcome expected) {
    act(what, operation, expected, false);
  }

  private void act(String what, Operation operation, Outcome expected, boolean quick) {
    screen.say("> " + what);
    DeploymentResult result = manager.run(operation);
    String live =
        live().stream()
            .map(slot -> slot.version().orElse("?") + " " + slot.slot().color())
            .collect(Collectors.joining(", "));
    AskedOperation act =
        new AskedOperation(
            what,
            expected.toString(),
            result.outcome().toString(),
            live,
            result.took(),
            result.failedProbe().orElse(result.achieved() ? "" : result.reason()),
            quick);
    acts.add(act);
    screen.say("  " + act.outcome() + "; live: " + live);
  }

  private Color liveColor() {
    return live().get(0).slot().color();
  }

  private List<Status.SlotStatus> live() {
    return manager.status().slots().stream().filter(Status.SlotStatus::live).toList();
  }
}
