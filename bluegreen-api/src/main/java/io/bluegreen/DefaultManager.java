package io.bluegreen;

import io.bluegreen.RecoveryReport.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the router once, takes the lease for each operation, and runs it on a thread of the
 * engine's.
 */
final class DefaultManager implements BlueGreenManager {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Setup setup;
  private final boolean ownsTime;
  private final LeasedWork leased;
  private final OpenRouter router;
  private volatile boolean closed;

  DefaultManager(Setup setup, boolean ownsTime) {
    this.setup = setup;
    this.ownsTime = ownsTime;
    this.leased = new LeasedWork(setup);
    this.router = new OpenRouter(setup);
  }

  @Override
  public DeploymentResult run(Operation operation) {
    operation.services().forEach(setup.group()::service);
    DeploymentPolicy policy = operation.policy().orElse(setup.policy());
    setup.check(policy);
    requireOpen();
    router.require(policy, operation);
    String id = newId();
    Events events = new Events(setup.time(), id, setup.listeners());
    Wishes wishes = new Wishes(setup, id, events);
    return leased.run(
        id, wishes, journal -> deploy(id, operation, policy, events, wishes, journal));
  }

  private DeploymentResult deploy(
      String id,
      Operation operation,
      DeploymentPolicy policy,
      Events events,
      Wishes wishes,
      Journal journal) {
    RecoveryReport before = recover(journal, true);
    if (before.decision() != Decision.NOTHING) {
      events.warn("recovered first: " + before);
    }
    Run run = new Run(id, operation, policy, setup, journal, events, wishes);
    if (journal.state().acknowledged == null) {
      // No record: whatever the router carries is taken over, and gone on from.
      RouterTruth.Known truth = truth(run);
      if (truth.generation() > journal.state().generation) {
        journal.catchUp(truth);
      }
    }
    Plan plan = plan(run, operation, policy, journal.state());
    if (!plan.reason().isEmpty() && !lives(run, operation, plan)) {
      events.warn(plan.reason() + ", but its process has ended: it is deployed again");
      plan = plan(run, operation.redeploy(), policy, journal.state());
    }
    if (!plan.reason().isEmpty()) {
      return new DeploymentResult(
          id,
          operation,
          Outcome.ALREADY_LIVE,
          true,
          plan.reason() + "; serving: " + plan.from(),
          Optional.of(plan.from()),
          Optional.empty(),
          "",
          events.warnings(),
          setup.time().now(),
          Duration.ZERO);
    }
    router.report().warnings().stream()
        .filter(warning -> warning.costs().isPresent())
        .forEach(warning -> events.warn(warning.toString()));
    return new Engine(run, plan).execute();
  }

  /** Returns whether what is said to be live already runs. */
  private boolean lives(Run run, Operation operation, Plan plan) {
    if (operation.kind() != Operation.Kind.DEPLOY) {
      return true;
    }
    try {
      for (Map.Entry<String, Color> candidate : plan.candidates().entrySet()) {
        Slot live = setup.group().slot(candidate.getKey(), candidate.getValue().other());
        if (!run.launchState(live).alive()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private Plan plan(Run run, Operation operation, DeploymentPolicy policy, StateDocument state) {
    RouterTruth.Known truth = truth(run);
    List<Drift> drift = Drifts.between(truth, state);
    if (!drift.isEmpty()) {
      throw new DriftException(
          operation
              + " of group "
              + setup.group().name()
              + " is refused: what the router serves is not what was last acknowledged: "
              + drift
              + "; it serves "
              + truth.running()
              + ", acknowledged is "
              + state.acknowledged
              + "; look at it, then call recover(ADOPT, who) or recover(REPAIR, who)",
          drift);
    }
    return new Planner(setup, state, truth, operation, policy).plan();
  }

  private static RouterTruth.Known truth(Run run) {
    try {
      return run.traffic.truth();
    } catch (StepFailed e) {
      throw new RouterException(e.reason(), RouterException.Effect.UNCHANGED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationRefusedException("interrupted before anything was done");
    }
  }

  @Override
  public DeploymentPlan plan(Operation operation) {
    operation.services().forEach(setup.group()::service);
    DeploymentPolicy policy = operation.policy().orElse(setup.policy());
    setup.check(policy);
    requireOpen();
    router.require(policy, operation);
    Run run = reader(operation, policy);
    Plan plan = plan(run, operation, policy, run.state());
    List<DeploymentPlan.PlannedStep> steps = new ArrayList<>();
    long generation = run.state().generation;
    for (Step step : plan.steps()) {
      List<String> details =
          step instanceof MoveStep move
              ? router.plan(
                  new Switch(
                      move.from(),
                      move.to(),
                      ++generation,
                      run.id,
                      run.state().epoch + 1,
                      policy.limits().move()))
              : List.of();
      steps.add(
          new DeploymentPlan.PlannedStep(step.phase(), step.what(), step.within(policy), details));
    }
    List<String> warnings = new ArrayList<>();
    if (!plan.reason().isEmpty()) {
      warnings.add(plan.reason());
    }
    if (run.state().open != null) {
      warnings.add(
          "deployment " + run.state().open.id + " is open: it runs now, or is repaired first");
    }
    router.report().warnings().forEach(warning -> warnings.add(warning.toString()));
    return new DeploymentPlan(operation.toString(), steps, warnings);
  }

  /** Returns a run that may only ask: it has no lease, and nothing of it is ever saved. */
  private Run reader(Operation operation, DeploymentPolicy policy) {
    requireOpen();
    router.report();
    String id = newId();
    Events silent = new Events(setup.time(), id, List.of());
    Journal journal = Journal.unleased(setup.store(), setup.time(), setup.group().name());
    return new Run(id, operation, policy, setup, journal, silent, new Wishes(setup, id, silent));
  }

  @Override
  public RecoveryReport recover() {
    return recovering(journal -> recover(journal, false));
  }

  @Override
  public RecoveryReport recover(Settlement settlement, String by) {
    String who = Names.remark("by", by);
    return recovering(
        journal -> {
          RecoveryReport report = recover(journal, false);
          return new Settling(settingRun(journal), settlement, who).settle(report);
        });
  }

  private RecoveryReport recovering(LeasedWork.Work<RecoveryReport> work) {
    requireOpen();
    router.report();
    String id = newId();
    Wishes wishes = new Wishes(setup, id, new Events(setup.time(), id, List.of()));
    try {
      return leased.run(id, wishes, work);
    } catch (DeploymentInProgressException e) {
      return new RecoveryReport(
          String.valueOf(e.getMessage()),
          Decision.HELD,
          List.of(),
          Optional.of(e.owner().deploymentId()),
          Optional.empty());
    }
  }

  private Run settingRun(Journal journal) {
    String id = newId();
    Events events = new Events(setup.time(), id, setup.listeners());
    Wishes wishes = new Wishes(setup, id, events);
    wishes.deafen();
    return new Run(id, Operation.rollback(), setup.policy(), setup, journal, events, wishes);
  }

  /** Repairs what was left open; if that is not possible, operations are refused. */
  private RecoveryReport recover(Journal journal, boolean toGoOn) {
    StateDocument.OpenDeployment left = journal.state().open;
    if (left == null) {
      return new RecoveryReport(
          "nothing was left open", Decision.NOTHING, List.of(), Optional.empty(), serving());
    }
    Events events = new Events(setup.time(), left.id, setup.listeners());
    Wishes wishes = new Wishes(setup, left.id, events);
    wishes.deafen();
    Run run = new Run(left.id, left.asked(), left.policy, setup, journal, events, wishes);
    RecoveryReport report = new Recovery(run).repair();
    log.warn("recovery: {}", report);
    if (toGoOn && report.decision() == Decision.ON_HOLD) {
      throw new OperationRefusedException(
          "group "
              + setup.group().name()
              + " is on hold: "
              + report.found()
              + "; look at it, then call recover(ADOPT, who) or recover(REPAIR, who)");
    }
    return report;
  }

  private Optional<TrafficSplit> serving() {
    return router.truth() instanceof RouterTruth.Known known
        ? Optional.of(known.running())
        : Optional.empty();
  }

  @Override
  public Status status() {
    return new StatusReader(setup, router, reader(Operation.rollback(), setup.policy())).read();
  }

  @Override
  public List<DeploymentRecord> history() {
    requireOpen();
    return Journal.read(setup.store(), setup.group().name()).history.stream()
        .map(StateDocument.Past::toRecord)
        .toList();
  }

  @Override
  public Optional<RunningDeployment> running() {
    requireOpen();
    return setup.store().holder().map(owner -> new RunningBySignals(setup, owner));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the manager of " + setup.group().name() + " is closed");
    }
  }

  private String newId() {
    Instant now = setup.time().now();
    return ID.format(now) + "-" + setup.randomName(6);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    leased.abort("the manager was closed");
    Set<AutoCloseable> given = new LinkedHashSet<>();
    given.add(setup.router());
    given.addAll(setup.checks().values());
    given.addAll(setup.gates().values());
    given.addAll(setup.launchers().values());
    given.add(setup.store());
    for (AutoCloseable part : given) {
      try {
        setup
            .time()
            .within(
                CLOSING,
                () -> {
                  part.close();
                  return true;
                });
      } catch (Exception e) {
        log.warn("{} could not be closed", part, e);
      }
    }
    if (ownsTime) {
      setup.time().close();
    }
  }
}
