package io.bluegreen.simulation;

import io.bluegreen.BlueGreenException;
import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Release;
import io.bluegreen.RouterTruth;
import io.bluegreen.Status;
import io.bluegreen.TrafficSplit;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.engine.Seeded;
import io.bluegreen.testing.Crash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays one script with the real engine in a {@link World}, and then lets the world heal: whatever
 * happened, a person can settle it and the next deployment works.
 */
final class Simulation {
  private static final Duration LONGEST = Duration.ofDays(3);

  private final World world;
  private final OutcomeOracle endings;
  private final QuietOracle quiet;
  private final Tally tally;
  private @Nullable HostLife life;
  private @Nullable BlueGreenManager manager;
  private int releases;
  private List<SeamCall> points = List.of();

  private Simulation(Script script, boolean tracing, Tally tally) {
    this.world = new World(script, tracing);
    this.endings = new OutcomeOracle(world);
    this.quiet = new QuietOracle(world);
    this.tally = tally;
    world.secondManager = this::secondManager;
  }

  /** Plays a script. */
  static Optional<Violation> play(Script script, Tally tally) {
    return new Simulation(script, false, tally).run();
  }

  /** Plays a script and returns which calls its last act made, in order. */
  static List<SeamCall> points(Script script) {
    Simulation simulation = new Simulation(script, false, new Tally());
    Optional<Violation> violation = simulation.run();
    if (violation.isPresent()) {
      throw new AssertionError(script + " is broken by itself: " + violation.get());
    }
    return simulation.points;
  }

  /** Plays a script and returns every call. */
  static List<String> trace(Script script) {
    Simulation simulation = new Simulation(script, true, new Tally());
    simulation.run();
    return simulation.world.trace();
  }

  private Optional<Violation> run() {
    try {
      for (ScriptedCall act : world.script.acts()) {
        act(act);
        points = life == null ? List.of() : List.copyOf(life.points);
        if (world.violation().isPresent()) {
          return world.violation();
        }
      }
      heal();
    } finally {
      tally.ran(world);
    }
    return world.violation();
  }

  private void act(ScriptedCall act) {
    HostLife acting = life;
    BlueGreenManager asked = manager;
    if (acting == null || asked == null || acting.dead() || acting.closed || !act.sameProcess()) {
      acting = world.newLife();
      boolean hookless =
          act.faults().stream().anyMatch(planned -> planned.fault() == Fault.HOOK_MISSING);
      world.hookWasMissing |= hookless;
      asked = manager(acting, !hookless);
    }
    life = acting;
    manager = asked;
    acting.begin(act.faults());
    Duration began = world.time.elapsed();
    perform(acting, asked, act);
    Thread.interrupted();
    acting.cell.ifPresent(cell -> cell.judge(world, tally));
    if (world.time.elapsed().minus(began).compareTo(LONGEST) > 0) {
      world.broken(9, "an operation took longer than all its limits", act.toString());
    }
    if (!acting.dead()) {
      quiet.look();
    }
    tally.calls(act, acting.calls());
  }

  private void perform(HostLife acting, BlueGreenManager asked, ScriptedCall act) {
    world.note(() -> "=== " + acting + ": " + act);
    Set<String> openBefore = world.oracle.stored().open().map(Set::of).orElse(Set.of());
    try {
      switch (act.verb()) {
        case RECOVER -> reported(acting, asked.recover());
        case ADOPT -> settled(acting, asked.recover(RecoveryChoice.ADOPT, "ann"));
        case REPAIR -> settled(acting, asked.recover(RecoveryChoice.REPAIR, "ann"));
        case LOOK -> asked.status();
        case APPROVE_LEFT -> asked.running().ifPresent(left -> left.approve("ann", "good"));
        case ABORT_LEFT -> asked.running().ifPresent(left -> left.abort("ann", "bad"));
        case CARRY_ON -> ended(acting, asked.carryOn());
        case WAIT -> world.time.pass(Duration.ofMinutes(2));
        default -> ended(acting, asked.run(operation(act)));
      }
    } catch (Crash e) {
      tally.crashed();
      endings.somebodyElseMovesOn();
    } catch (BlueGreenException e) {
      acting.cell.ifPresent(cell -> cell.refused(e));
      world.note(() -> "=== " + e);
      tally.refused(e);
      endings.refused(act, e, openBefore);
    } catch (RuntimeException | Error e) {
      if (acting.closed && e instanceof IllegalStateException
          || e instanceof IllegalArgumentException && e.getMessage().contains("has no hook")) {
        tally.add("refused by " + e.getClass().getSimpleName(), 1);
        return; // This is misuse: the manager is closed, or was not given a hook or gate that the
        // policy names.
      }
      world.broken(10, "an unexpected exception", e.toString());
      world.note(() -> e + " " + List.of(e.getStackTrace()));
    }
  }

  private void ended(HostLife acting, DeploymentResult result) {
    world.note(() -> "=== " + result + " " + result.warnings());
    tally.outcome(result.outcome());
    endings.result(acting, result);
  }

  private void reported(HostLife acting, RecoveryReport report) {
    world.note(() -> "=== " + report);
    acting.cell.ifPresent(cell -> cell.decided(report.decision().name()));
    tally.decision(report.decision());
    endings.report(acting, report);
  }

  /** Notes a report that is about the person's decision, not about the recovery before it. */
  private void settled(HostLife acting, RecoveryReport report) {
    acting.cell = Optional.empty();
    reported(acting, report);
  }

  private Operation operation(ScriptedCall act) {
    Release release =
        Release.of(String.valueOf(act.verb().starts() ? ++releases : Math.max(1, releases)));
    Operation operation =
        switch (act.verb()) {
          case DEPLOY -> Operation.deploy(release);
          case REDEPLOY -> Operation.deploy(release).redeploy();
          case SWITCH -> Operation.switchTo(act.color());
          case ROLLBACK -> Operation.rollback();
          case ROLLBACK_TO ->
              Operation.rollback()
                  .to(String.valueOf(Math.max(1, releases - 1 - act.faults().size() % 2)));
          case START -> Operation.startCandidate(release);
          case TAKE_OVER -> Operation.adopt(Release.of("0"));
          default -> Operation.stopCandidate();
        };
    operation = operation.policy(act.style().policy(world.script.hooks()));
    boolean moves =
        switch (operation.kind()) {
          case DEPLOY, SWITCH, ROLLBACK -> true;
          case START, STOP, ADOPT -> false;
        };
    operation = act.style() == PolicyStyle.RAMPED && moves ? operation.gradually() : operation;
    operation = act.service().isEmpty() ? operation : operation.service(act.service());
    return act.force() ? operation.force("the check is broken") : operation;
  }

  private BlueGreenManager manager(HostLife of, boolean hooks) {
    WorldHost host = new WorldHost(of);
    ManagerBuilder builder =
        BlueGreenManager.builder("shop")
            .router(new WorldRouter(of))
            .launcher(new WorldLauncher(of))
            .healthCheck(host::probe)
            .store(new WorldStore(of))
            .gate("metrics", host::judge)
            .listener(host::onEvent)
            .time(world.time);
    world.script.shape().group.services().forEach(builder::service);
    if (world.script.hooks() && hooks) {
      builder.hook(Phase.PREPARE, "migrate", host.hook("migrate"));
      builder.hook(Phase.VERIFY, "smoke", host.hook("smoke"));
      builder.hook(Phase.FINISH, "announce", host.hook("announce"));
    }
    BlueGreenManager built = Seeded.seed(builder, world.script.seed() * 1_000 + of.number).build();
    of.close = built::close;
    return built;
  }

  /** Lets another process try to deploy; it does so if it gets the lease. */
  private void secondManager(PolicyStyle style) {
    HostLife second = world.newLife();
    second.begin(List.of());
    perform(second, manager(second, true), ScriptedCall.of(ScriptedCall.Verb.DEPLOY, style));
  }

  /** Lets nothing go wrong any more, and lets a person settle what is left. */
  private void heal() {
    world.note(() -> "=== healing");
    world.disk.full = false;
    world.processes.endStrangers(world.oracle.stored()::knows);
    world.processes.stopByHand();
    world.time.pass(Duration.ofMinutes(10));
    HostLife last = world.newLife();
    life = last;
    last.begin(List.of());
    BlueGreenManager asked = manager(last, true);
    try {
      RecoveryReport report = asked.recover();
      reported(last, report);
      last.cell.ifPresent(cell -> cell.judge(world, tally));
      if (report.decision() == Decision.SUSPENDED) {
        ended(last, asked.carryOn());
      }
      if (report.decision() == Decision.ON_HOLD || !asked.status().drift().isEmpty()) {
        settled(last, asked.recover(RecoveryChoice.ADOPT, "ann"));
      }
      settled(asked);
      for (String service : world.proxy.running.services()) {
        if (world.proxy.running.sole(service).isEmpty()) {
          asked.run(
              Operation.switchTo(Color.BLUE).service(service).force("both colours had traffic"));
        }
      }
      // A person has to stop what an old record does not know of.
      world.processes.running().stream()
          .filter(process -> process.forgotten || world.disk.replaced && !world.reached(process))
          .forEach(process -> world.processes.stop(process.token));
      DeploymentResult result = asked.run(Operation.deploy(Release.of("last")));
      world.note(() -> "=== " + result + " " + result.warnings());
      if (result.outcome() != Outcome.PROMOTED) {
        world.broken(6, "the next deployment does not work", result.toString());
      }
      quiet.look();
    } catch (RuntimeException e) {
      world.broken(6, "the next deployment can't begin", e.toString());
    }
  }

  private void settled(BlueGreenManager asked) {
    Status status = asked.status();
    if (!status.drift().isEmpty() || status.open().isPresent()) {
      world.broken(6, "settled, but not", status.drift() + ", open " + status.open());
    }
    if (status.truth() instanceof RouterTruth.Known known) {
      TrafficSplit serves = known.running();
      if (!serves.equals(world.proxy.running)) {
        world.broken(10, "the status names another split than is served", serves.toString());
      }
    }
  }
}
