package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentResult;
import io.bluegreen.DeploymentSuspendedException;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterTruth;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operation does once it holds the lease: repair what was left open, plan, and act. */
final class OperationUnderLease {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);

  private final ManagerSetup setup;
  private final OpenedRouter router;
  private final Interventions interventions;
  private final Journal journal;

  OperationUnderLease(
      ManagerSetup setup, OpenedRouter router, Interventions interventions, Journal journal) {
    this.setup = setup;
    this.router = router;
    this.interventions = interventions;
    this.journal = journal;
  }

  DeploymentResult deploy(OperationRun run, LeaseWait leaseWait) {
    Plan plan;
    try {
      plan = plan(run, leaseWait);
    } catch (RuntimeException e) {
      interventions.forgetPosted();
      throw e;
    }
    if (!plan.reason().isEmpty()) {
      interventions.forgetPosted();
      return alreadyLive(run, plan);
    }
    router.report().warnings().stream()
        .filter(warning -> warning.costs().isPresent())
        .forEach(warning -> run.events.warn(warning.toString()));
    router.onceOfStore().forEach(run.events::warn);
    return new Engine(run, plan).execute();
  }

  private Plan plan(OperationRun run, LeaseWait leaseWait) {
    OpenDeployment left = journal.state().open;
    if (left != null) {
      leaseWait.supersedes(left.id);
    }
    RecoveryReport before = recover();
    requireSettled(before);
    if (before.decision() != Decision.NOTHING) {
      run.events.warn("recovered first: " + before);
    }
    if (journal.state().acknowledged == null) {
      // Without a record the manager goes on from what the router carries.
      RouterTruth.Known truth = ServedNow.truth(run);
      if (journal.state().behind(truth).isPresent()) {
        journal.catchUp(truth);
      }
    }
    Plan plan = new Planner(run, ServedNow.ask(run)).plan();
    if (!plan.reason().isEmpty()) {
      ServedNow.ask(run); // Looks once more, because asking the launchers took time.
    }
    return plan;
  }

  /**
   * Ends an operation that has nothing to do. It is not on record, but listeners are told of it as
   * of any other.
   */
  private DeploymentResult alreadyLive(OperationRun run, Plan plan) {
    String operation = run.operation.toString();
    run.tell(stamp -> new ProgressEvent.Started(stamp, operation, List.of()));
    DeploymentResult result =
        DeploymentResult.of(run.id, run.operation, Outcome.ALREADY_LIVE)
            .reason(plan.reason() + "; serving: " + plan.from().describe(plan.unassigned()))
            .serving(plan.from())
            .warned(run.events.warnings())
            .ran(setup.time().now(), Duration.ZERO);
    run.tell(stamp -> new ProgressEvent.Ended(stamp, result));
    return result;
  }

  /** Goes on with the deployment that waits, if it still may; else ends it as recovery does. */
  DeploymentResult carryOn(String id, EventReporter events) {
    OpenDeployment open = journal.state().open;
    if (open == null || !open.id.equals(id)) {
      throw new OperationRefusedException(
          "deployment " + id + " has ended meanwhile; history() says how");
    }
    router.serve(journal.state());
    OperationRun run =
        new OperationRun(id, open.asked(), open.policy, setup, journal, events, interventions);
    Recovery recovery = new Recovery(run);
    RecoveryReport report = recovery.repair();
    log.info("carrying on: {}", report);
    if (report.decision() != Decision.SUSPENDED) {
      return recovery.result().orElseThrow(() -> onHold(report));
    }
    return recovery.carryOn();
  }

  /** Repairs what was left open. */
  RecoveryReport recover() {
    router.serve(journal.state());
    OpenDeployment left = journal.state().open;
    if (left == null) {
      Optional<TrafficSplit> serving =
          router.truth() instanceof RouterTruth.Known known
              ? Optional.of(known.running())
              : Optional.empty();
      return new RecoveryReport(
          "nothing was left open", Decision.NOTHING, List.of(), Optional.empty(), serving);
    }
    EventReporter events = new EventReporter(setup, left.id);
    Interventions own = interventions.whileRecovering(left.id, events);
    OperationRun run =
        new OperationRun(left.id, left.asked(), left.policy, setup, journal, events, own);
    RecoveryReport report = new Recovery(run).repair();
    log.warn("recovery: {}", report);
    return report;
  }

  /** Repairs what was left open, and does what a person has decided about the rest. */
  RecoveryReport settle(RecoveryChoice settlement, String who, String id) {
    RecoveryReport report = recover();
    EventReporter events = new EventReporter(setup, id);
    Interventions nobodys = new Interventions(setup, id, events);
    nobodys.hearNobody();
    OperationRun run =
        new OperationRun(id, Operation.rollback(), setup.policy(), setup, journal, events, nobodys);
    return new AdoptOrRepair(run, settlement, who).settle(report);
  }

  private void requireSettled(RecoveryReport report) {
    if (report.decision() == Decision.ON_HOLD) {
      throw onHold(report);
    }
    if (report.decision() == Decision.SUSPENDED) {
      throw new DeploymentSuspendedException(
          "group "
              + setup.group().name()
              + " has a deployment that waits: "
              + report.found()
              + "; call carryOn(), or abort it through running()",
          report.deploymentId().orElseThrow());
    }
  }

  private OperationRefusedException onHold(RecoveryReport report) {
    Optional<String> asked = interventions.endsHere();
    if (asked.isPresent()) {
      return new OperationRefusedException(
          "group "
              + setup.group().name()
              + ": "
              + asked.get()
              + " before what was left open could be repaired, and nothing was touched: "
              + report.found()
              + "; serving: "
              + report.serving().map(TrafficSplit::toString).orElse("unknown")
              + "; call it again, or recover()");
    }
    return new OperationRefusedException(
        "group "
            + setup.group().name()
            + " is on hold: "
            + report.found()
            + "; look at it, then call recover(ADOPT, who) or recover(REPAIR, who)");
  }
}
