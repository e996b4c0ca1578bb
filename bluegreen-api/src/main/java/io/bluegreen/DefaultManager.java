package io.bluegreen;

import io.bluegreen.RecoveryReport.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Opens the router once, takes the lease for each operation, and runs it on a thread of the
 * engine's.
 */
final class DefaultManager implements BlueGreenManager {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Setup setup;
  private final boolean ownsTime;
  private final Host host = new Host();
  private final AtomicReference<@Nullable Acting> acting = new AtomicReference<>();
  private Optional<RouterReport> opened = Optional.empty();
  private volatile boolean closed;

  /** What acts now in this manager. */
  private record Acting(Wishes wishes, CompletableFuture<?> ended) {}

  /** What is done under the lease, on the engine's thread. */
  private interface Work<T> {
    T run(Journal journal);
  }

  DefaultManager(Setup setup, boolean ownsTime) {
    this.setup = setup;
    this.ownsTime = ownsTime;
  }

  @Override
  public DeploymentResult run(Operation operation) {
    operation.services().forEach(setup.group()::service);
    DeploymentPolicy policy = operation.policy().orElse(setup.policy());
    setup.check(policy);
    requirePromises(policy, operation);
    String id = newId();
    Events events = new Events(setup.time(), id, setup.listeners());
    Wishes wishes = new Wishes(setup, id, events);
    return act(id, wishes, journal -> deploy(id, operation, policy, events, wishes, journal));
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
    Plan plan = plan(run, operation, policy, journal.state());
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
          List.of(),
          setup.time().now(),
          Duration.ZERO);
    }
    opened.orElseThrow().warnings().stream()
        .filter(warning -> warning.costs().isPresent())
        .forEach(warning -> events.warn(warning.toString()));
    return new Engine(run, plan).execute();
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
    requirePromises(policy, operation);
    Run run = reader(operation, policy);
    Plan plan = plan(run, operation, policy, run.state());
    List<DeploymentPlan.PlannedStep> steps = new ArrayList<>();
    long generation = run.state().generation;
    for (Step step : plan.steps()) {
      List<String> details =
          step instanceof MoveStep move
              ? setup
                  .router()
                  .plan(
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
    open().warnings().forEach(warning -> warnings.add(warning.toString()));
    return new DeploymentPlan(operation.toString(), steps, warnings);
  }

  /** Returns a run that may only ask: it has no lease, and nothing of it is ever saved. */
  private Run reader(Operation operation, DeploymentPolicy policy) {
    open();
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

  private RecoveryReport recovering(Work<RecoveryReport> work) {
    open();
    String id = newId();
    Wishes wishes = new Wishes(setup, id, new Events(setup.time(), id, List.of()));
    try {
      return act(id, wishes, work);
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
    return setup.router().current() instanceof RouterTruth.Known known
        ? Optional.of(known.running())
        : Optional.empty();
  }

  @Override
  public Status status() {
    open();
    return new StatusReader(setup, open(), reader(Operation.rollback(), setup.policy())).read();
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

  private <T> T act(String id, Wishes wishes, Work<T> work) {
    open();
    CompletableFuture<T> ended = new CompletableFuture<>();
    StateStore.Lease lease = acquire(id);
    Acting now = new Acting(wishes, ended);
    acting.set(now);
    try {
      setup
          .time()
          .executor()
          .execute(
              () -> {
                try {
                  ended.complete(underLease(id, lease, work));
                } catch (Throwable e) {
                  ended.completeExceptionally(e);
                }
              });
      return await(ended, wishes);
    } catch (RejectedExecutionException e) {
      lease.close();
      throw new IllegalStateException("the manager of " + setup.group().name() + " is closed", e);
    } finally {
      acting.compareAndSet(now, null);
    }
  }

  private <T> T underLease(String id, StateStore.Lease lease, Work<T> work) {
    MDC.put("group", setup.group().name());
    MDC.put("deployment", id);
    try (lease) {
      return work.run(Journal.begin(setup.store(), lease, setup.time(), setup.group().name()));
    } finally {
      MDC.remove("group");
      MDC.remove("deployment");
    }
  }

  private StateStore.Lease acquire(String id) {
    Owner owner = new Owner(setup.group().name(), id, host.pid(), host.name(), setup.time().now());
    StateStore.Acquired acquired = setup.store().acquire(owner);
    if (acquired instanceof StateStore.HeldBy held) {
      throw new DeploymentInProgressException(held.owner());
    }
    return (StateStore.Lease) acquired;
  }

  /**
   * Waits for the engine; an interruption is turned into an abort, and the flag is set again at the
   * end.
   */
  private static <T> T await(CompletableFuture<T> ended, Wishes wishes) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return ended.get();
        } catch (InterruptedException e) {
          interrupted = true;
          wishes.abort("the calling thread was interrupted");
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized RouterReport open() {
    requireOpen();
    if (opened.isEmpty()) {
      StateDocument state = Journal.read(setup.store(), setup.group().name());
      opened =
          Optional.of(
              setup
                  .router()
                  .open(
                      new Router.Opening(
                          setup.group(),
                          Optional.ofNullable(state.acknowledged),
                          state.generation)));
    }
    return opened.get();
  }

  private void requirePromises(DeploymentPolicy policy, Operation operation) {
    RouterReport report = open();
    Set<Guarantee> missing =
        new LinkedHashSet<>(List.of(Guarantee.LOSSLESS, Guarantee.NO_STALE, Guarantee.RELOAD_SAFE));
    if (setup.group().routed().size() > 1 && operation.services().size() != 1) {
      missing.add(Guarantee.ATOMIC_GROUP);
    }
    missing.removeAll(report.guarantees());
    missing.removeAll(policy.without());
    if (!missing.isEmpty()) {
      throw new OperationRefusedException(
          operation
              + " is refused: the router, as its proxy is configured, does not promise "
              + missing
              + ": "
              + report.warnings()
              + "; mend that, or accept it with DeploymentPolicy.acceptWithout");
    }
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
    Acting now = acting.get();
    if (now != null) {
      now.wishes().abort("the manager was closed");
      now.ended().handle((result, failure) -> true).join();
    }
    Set<AutoCloseable> given = new LinkedHashSet<>();
    given.add(setup.router());
    given.addAll(setup.checks().values());
    given.addAll(setup.gates().values());
    given.addAll(setup.launchers().values());
    given.add(setup.store());
    if (ownsTime) {
      given.add(setup.time());
    }
    for (AutoCloseable part : given) {
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} could not be closed", part, e);
      }
    }
  }
}
