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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the demo tells, the same on every router: two releases that are good, one between them that
 * never gets healthy, a way back, and ten quick switches.
 */
final class Story {
  /** For every deployment; the drain outlasts the slowest request of the users. */
  static final DeploymentPolicy POLICY =
      DeploymentPolicy.DEFAULT
          .probing(Probing.DEFAULT.every(Duration.ofMillis(200)))
          .drain(Duration.ofSeconds(1));

  /** For the release that never gets healthy: nobody wants to watch that for long. */
  private static final Duration SICK_FOR = Duration.ofSeconds(5);

  private static final int QUICK_SWITCHES = 10;

  /** Between two acts, so that the users meet every version. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final BlueGreenManager manager;
  private final DeploymentPolicy hasty;
  private final Screen screen;
  private final TimeSource time;
  private final List<Act> deployments = new ArrayList<>();
  private final List<Act> switches = new ArrayList<>();
  private boolean complete;

  /**
   * @param policy what the manager has; for the release that never gets healthy it is shortened
   */
  Story(BlueGreenManager manager, DeploymentPolicy policy, Screen screen, TimeSource time) {
    this.hasty = policy.probing(policy.probing().upTo(SICK_FOR));
    this.manager = manager;
    this.screen = screen;
    this.time = time;
  }

  /** Before there are any users: something has to be live for them. */
  void open() {
    deployments.add(act("deploy v1", deploy("v1"), Outcome.PROMOTED));
  }

  /** All that the users are to see. */
  void tell() throws InterruptedException {
    time.sleep(PAUSE);
    deployments.add(act("deploy v2", deploy("v2"), Outcome.PROMOTED));
    time.sleep(PAUSE);
    String sick = DemoApplication.NEVER_HEALTHY;
    deployments.add(act("deploy " + sick, deploy(sick).policy(hasty), Outcome.REJECTED));
    time.sleep(PAUSE);
    deployments.add(act("deploy v4", deploy("v4"), Outcome.PROMOTED));
    time.sleep(PAUSE);
    deployments.add(act("rollback", Operation.rollback(), Outcome.ROLLED_BACK));
    time.sleep(PAUSE);
    for (int i = 1; i <= QUICK_SWITCHES; i++) {
      Color to = liveColor().other();
      switches.add(act("switch " + i + " to " + to, Operation.switchTo(to), Outcome.PROMOTED));
    }
    time.sleep(PAUSE);
    complete = true;
  }

  List<Act> deployments() {
    return List.copyOf(deployments);
  }

  List<Act> switches() {
    return List.copyOf(switches);
  }

  /** Returns whether it was told to its end. */
  boolean complete() {
    return complete;
  }

  private static Operation deploy(String version) {
    return Operation.deploy(Release.of(version));
  }

  private Act act(String what, Operation operation, Outcome expected) {
    screen.say("> " + what);
    DeploymentResult result = manager.run(operation);
    String live =
        live().stream()
            .map(slot -> slot.version().orElse("?") + " " + slot.slot().color())
            .collect(Collectors.joining(", "));
    Act act =
        new Act(
            what,
            expected.toString(),
            result.outcome().toString(),
            live,
            result.took(),
            result.failedProbe().orElse(result.achieved() ? "" : result.reason()));
    screen.say("  " + act.outcome() + "; live: " + live);
    return act;
  }

  private Color liveColor() {
    return live().get(0).slot().color();
  }

  private List<Status.SlotStatus> live() {
    return manager.status().slots().stream().filter(Status.SlotStatus::live).toList();
  }
}
