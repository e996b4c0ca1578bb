package io.bluegreen.engine;

import io.bluegreen.BlueGreenException;
import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPlan;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentRecord;
import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Status;
import io.bluegreen.StoreException;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.engine.EngineThreads.Task;
import io.bluegreen.support.Names;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Opens the router once, takes the lease for each operation, and runs it on a thread of the engine.
 */
final class DefaultManager implements BlueGreenManager {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final ManagerSetup setup;
  private final ManagerShutdown closing;
  private final GroupRecord onRecord;
  private final EngineThreads threads;
  private final LeasedWork leased;
  private final OpenedRouter router;

  /** The deployments that this manager was given and that have not ended, by id. */
  private final Map<String, SubmittedDeployment> own = new ConcurrentHashMap<>();

  DefaultManager(ManagerSetup setup, boolean ownsTime) {
    this.setup = setup;
    this.closing = new ManagerShutdown(setup, ownsTime);
    this.onRecord = new GroupRecord(setup.group().name(), setup.store(), setup.time());
    this.threads = new EngineThreads(setup);
    this.leased = new LeasedWork(setup, threads);
    this.router = new OpenedRouter(setup);
  }

  @Override
  public DeploymentResult run(Operation operation) {
    Deployment deployment = deployment(operation);
    return leased.run(deployment.task());
  }

  @Override
  public SubmittedDeployment submit(Operation operation) {
    Deployment deployment = deployment(operation);
    threads.start(deployment.task());
    return deployment.seen();
  }

  /** One deployment: what is to be done, and what the host sees of it. */
  private record Deployment(Task<DeploymentResult> task, SubmittedDeployment seen) {}

  private Deployment deployment(Operation operation) {
    DeploymentPolicy policy = checked(operation);
    String id = newId();
    EventReporter events = new EventReporter(setup, id);
    Interventions interventions = new Interventions(setup, id, events);
    LeaseWait leaseWait = new LeaseWait(setup, operation, policy, id);
    Task<DeploymentResult> task =
        leased.task(
            id,
            interventions,
            () -> require(policy, operation),
            leaseWait::with,
            journal ->
                new OperationUnderLease(setup, router, interventions, journal)
                    .deploy(
                        new OperationRun(
                            id, operation, policy, setup, journal, events, interventions),
                        leaseWait),
            DeploymentResult::warned);
    SubmittedDeployment seen = new OwnDeployment(onRecord, id, task, threads);
    own.put(id, seen);
    CompletableFuture<DeploymentResult> unused =
        task.result().whenComplete((done, failed) -> own.remove(id));
    return new Deployment(task, seen);
  }

  @Override
  public DeploymentResult carryOn() {
    OpenDeployment left = looking(this::waits);
    setup.check(left.policy);
    left.plan.stream()
        .filter(line -> line.kind() == StepKind.HOOK)
        .forEach(line -> setup.hook(line.subject()));
    EventReporter events = new EventReporter(setup, left.id);
    Interventions interventions = new Interventions(setup, left.id, events);
    return leased.run(
        leased.task(
            left.id,
            interventions,
            () -> require(left.policy, left.asked()),
            holder -> left.policy.limits().lease(),
            journal ->
                new OperationUnderLease(setup, router, interventions, journal)
                    .carryOn(left.id, events),
            DeploymentResult::warned));
  }

  private OpenDeployment waits() {
    router.report();
    OpenDeployment left = onRecord.read().open;
    if (left == null) {
      throw new OperationRefusedException(
          "group "
              + setup.group().name()
              + " has no deployment that waits; history() says how"
              + " the last one ended");
    }
    return left;
  }

  @Override
  public DeploymentPlan plan(Operation operation) {
    return looking(() -> planned(operation));
  }

  private DeploymentPlan planned(Operation operation) {
    DeploymentPolicy policy = checked(operation);
    require(policy, operation);
    return new PlanReader(setup, router, reader(operation, policy)).read();
  }

  /** Reads something that needs no lease, on a thread of the engine. */
  private <T> T looking(Supplier<T> look) {
    threads.requireOpen();
    Interventions nobodys = new Interventions(setup, "", EventReporter.silent(setup, ""));
    return leased.look(nobodys, () -> unleased(look));
  }

  /**
   * Does work that needs no lease. If it is refused while somebody holds the lease, the holder may
   * be the reason: the exception then names the holder first.
   */
  private <T> T unleased(Supplier<T> look) {
    try {
      return look.get();
    } catch (DeploymentInProgressException | StoreException e) {
      throw e;
    } catch (BlueGreenException e) {
      Optional<LeaseOwner> holder = setup.store().holder();
      if (holder.isPresent()) {
        throw new DeploymentInProgressException(holder.get(), e);
      }
      throw e;
    }
  }

  /**
   * Refuses an operation that needs more than the router promises; opens the router the first time.
   */
  private void require(DeploymentPolicy policy, Operation operation) {
    unleased(
        () -> {
          router.require(policy, operation);
          return true;
        });
  }

  /** Returns the operation's policy, after every check that asks neither router nor launcher. */
  private DeploymentPolicy checked(Operation operation) {
    operation.services().forEach(setup.group()::service);
    DeploymentPolicy policy = operation.policy().orElse(setup.policy());
    setup.check(policy);
    threads.requireOpen();
    return policy;
  }

  /** Returns a run that may only ask: it has no lease, and nothing of it is ever saved. */
  private OperationRun reader(Operation operation, DeploymentPolicy policy) {
    threads.requireOpen();
    String id = newId();
    EventReporter silent = EventReporter.silent(setup, id);
    Journal journal = Journal.unleased(setup.store(), setup.time(), setup.group().name());
    return new OperationRun(
        id, operation, policy, setup, journal, silent, new Interventions(setup, id, silent));
  }

  @Override
  public RecoveryReport recover() {
    return recovering(OperationUnderLease::recover);
  }

  @Override
  public RecoveryReport recover(RecoveryChoice settlement, String by) {
    String who = Names.remark("by", by);
    return recovering(work -> work.settle(settlement, who, newId()));
  }

  private RecoveryReport recovering(Function<OperationUnderLease, RecoveryReport> work) {
    threads.requireOpen();
    String id = newId();
    Interventions interventions = new Interventions(setup, id, EventReporter.silent(setup, id));
    try {
      return leased.run(
          leased.task(
              id,
              interventions,
              () -> unleased(router::report),
              holder -> Duration.ZERO,
              journal -> work.apply(new OperationUnderLease(setup, router, interventions, journal)),
              (report, untold) -> report));
    } catch (DeploymentInProgressException e) {
      return new RecoveryReport(
          String.valueOf(e.getMessage()),
          RecoveryReport.Decision.HELD,
          List.of(),
          Optional.of(e.owner().deploymentId()),
          Optional.empty());
    }
  }

  @Override
  public Status status() {
    return looking(
        () -> new StatusReader(setup, router, reader(Operation.rollback(), setup.policy())).read());
  }

  @Override
  public List<DeploymentRecord> history() {
    return looking(onRecord::history);
  }

  @Override
  public Optional<RunningDeployment> running() {
    return looking(
        () ->
            RunningBySignals.find(onRecord)
                .map(found -> Objects.requireNonNullElse(own.get(found.id()), found)));
  }

  private String newId() {
    Instant now = setup.time().now();
    return ID.format(now) + "-" + setup.randomName(6);
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      threads.close("the manager was closed", closing::close);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
