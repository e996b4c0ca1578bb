package io.bluegreen.simulation;

import io.bluegreen.BlueGreenException;
import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the oracle that compares what an operation says of itself with what the world shows.
 */
final class OutcomeOracle {
  private final World world;
  private final RollbackOracle rollbacks;

  OutcomeOracle(World world) {
    this.world = world;
    this.rollbacks = new RollbackOracle(world);
  }

  /** Judges the result of an operation. */
  void result(HostLife life, DeploymentResult result) {
    rollbacks.ended(result);
    if (life.misled()) {
      return;
    }
    TrafficSplit serves = world.proxy.running;
    String id = result.deploymentId();
    if (!world.proxy.down && result.serving().isPresent()) {
      same("the result names another split than is served", result.serving(), serves, result);
    }
    boolean rollback = result.operation().kind() == Operation.Kind.ROLLBACK;
    if (rollback
        ? Set.of(Outcome.PROMOTED, Outcome.ROLLED_BACK).contains(result.outcome())
        : result.outcome() == Outcome.WENT_BACK) {
      said("the outcome is not one of its operation", result);
    }
    switch (result.outcome()) {
      case PROMOTED -> promoted(result);
      case SUSPENDED -> suspended(result);
      case REJECTED -> {
        // A change that somebody else takes back before the first look can't be seen.
        if (world.oracle.deeds.hasMoved(id) && world.foreignChanges == 0) {
          said("called rejected, though traffic had moved", result);
        }
        back(result);
      }
      case ABORTED -> back(result);
      case ROLLED_BACK -> {
        if (!world.oracle.deeds.hasMoved(id) && world.foreignChanges == 0) {
          said("called rolled back, though no traffic had moved", result);
        }
        back(result);
      }
      case ROLLBACK_FAILED -> failedBack(result);
      default -> {}
    }
    if (world.oracle.deeds.isBehindNoReturn(id)
        && !world.disk.replaced
        && Set.of(Outcome.REJECTED, Outcome.ABORTED, Outcome.ROLLED_BACK)
            .contains(result.outcome())) {
      said("gone back behind the point of no return", result);
    }
    if (life.cut.contains(id)
        && !world.struck.containsKey(Fault.IN_FLIGHT_UNKNOWN)
        && result.warnings().stream().noneMatch(warning -> warning.contains("may be cut"))) {
      world.broken(2, "answers may have been cut, and nobody is told", result.toString());
    }
    recorded(result);
    kept(result);
  }

  /** Checks that a refusal before the first effect changes neither the record nor the way back. */
  private void kept(DeploymentResult result) {
    boolean nothing =
        Set.of(Outcome.REJECTED, Outcome.ABORTED).contains(result.outcome())
            && !world.oracle.deeds.hasBegun(result.deploymentId());
    boolean complained =
        result.warnings().stream().anyMatch(warning -> warning.contains("could not be recorded"));
    if (nothing
        && world.leaseWasLeftAlone()
        && !complained
        && !world.disk.replaced
        && !world.oracle.deeds.isOnRecordAsBefore(result.deploymentId())) {
      said("nothing was done, and yet the record of the slots is another one", result);
    }
  }

  /**
   * Checks that a result calls for a person only if something moved, may still move, or can't be
   * asked.
   */
  private void failedBack(DeploymentResult result) {
    boolean mayYet =
        Set.of(
                Fault.APPLIED_LATE,
                Fault.APPLY_HANGS,
                Fault.APPLY_PRETENDED,
                Fault.CRASH_AND_APPLIED_LATE,
                Fault.CRASH_IN_APPLY)
            .stream()
            .anyMatch(world.struck::containsKey);
    boolean unknown =
        Set.of(Fault.UNREACHABLE, Fault.CURRENT_THROWS, Fault.CURRENT_HANGS, Fault.STATE_UNKNOWN)
            .stream()
            .anyMatch(world.struck::containsKey);
    if (!world.oracle.deeds.hasMoved(result.deploymentId())
        && world.foreignChanges == 0
        && !mayYet
        && !unknown
        && !world.disk.replaced) {
      said("a person is called, though nothing had moved", result);
    }
  }

  private void suspended(DeploymentResult result) {
    StoredDocument stored = world.oracle.stored();
    boolean waits = stored.last().map(StoredDocument.Line::waits).orElse(false);
    boolean open = stored.open().equals(Optional.of(result.deploymentId()));
    if (!world.disk.replaced && !(open && waits)) {
      said("suspended, but not on record as waiting", result);
    }
  }

  private void promoted(DeploymentResult result) {
    world.oracle.promoted(result);
    if (world.oracle.deeds.bakesWithGates(result.deploymentId())
        && !world.oracle.deeds.passed(result.deploymentId())) {
      said("promoted though the gate has not passed", result);
    }
    if (!world.proxy.durable.equals(world.proxy.running)) {
      said("promoted, but a cold start would serve something else", result);
    }
    for (Slot slot : world.script.shape().slots) {
      String service = slot.service().name();
      List<String> named = result.operation().services();
      boolean about = named.isEmpty() || named.contains(service);
      if (!slot.service().routed() || !about) {
        continue;
      }
      if (world.proxy.running.sole(service).isEmpty()) {
        said("promoted, but both colours have traffic", result);
      } else if (world.proxy.running.share(service, slot.color()) == 100) {
        if (result.operation().kind() == Operation.Kind.SWITCH
            && !result.operation().target().equals(Optional.of(slot.color()))) {
          said("promoted, but the other colour is live", result);
        }
        release(slot, result);
      }
    }
  }

  private void release(Slot slot, DeploymentResult result) {
    if (result.operation().kind() != Operation.Kind.DEPLOY
        || result.operation().force().isPresent()) {
      return;
    }
    boolean runs =
        world
            .processes
            .running(slot.toString())
            .map(process -> process.release.equals(result.operation().release().orElseThrow()))
            .orElse(false);
    if (!runs && !world.oracle.diedIn(slot)) {
      said("promoted, but the release does not run where the traffic goes", result);
    }
  }

  /**
   * Checks that after going back the proxy serves the split that it served when the operation
   * started.
   */
  private void back(DeploymentResult result) {
    Optional<TrafficSplit> began = world.oracle.deeds.began(result.deploymentId());
    began.ifPresent(
        split -> same("gone back, but not to where it began", began, world.proxy.running, result));
    boolean complained =
        result.warnings().stream().anyMatch(warning -> warning.contains("undo of \"run hook"));
    candidateRuns(result)
        .ifPresent(process -> said("gone back, but its candidate still runs: " + process, result));
    world.hooked.stream()
        .filter(hook -> !complained && !world.disk.replaced)
        .filter(hook -> hook.startsWith(result.deploymentId()))
        .findFirst()
        .ifPresent(hook -> said("gone back, but a hook was not undone: " + hook, result));
  }

  /**
   * Returns a process that the operation launched, that gets no traffic, and that was neither
   * stopped nor named in a warning.
   */
  private Optional<WorldProcesses.Process> candidateRuns(DeploymentResult result) {
    boolean told =
        result.warnings().stream().anyMatch(warning -> warning.contains("undo of \"launch"));
    return world.processes.running().stream()
        .filter(process -> !told && !process.forgotten && !world.reached(process))
        .filter(process -> world.oracle.deeds.launched(result.deploymentId(), process))
        .filter(
            process ->
                world.script.shape().slots.stream()
                    .anyMatch(
                        slot -> slot.service().routed() && slot.toString().equals(process.slot)))
        .findFirst();
  }

  private void recorded(DeploymentResult result) {
    boolean told =
        result.outcome() == Outcome.ALREADY_LIVE || result.outcome() == Outcome.SUSPENDED;
    boolean complained =
        result.warnings().stream().anyMatch(warning -> warning.contains("could not be recorded"));
    Optional<String> outcome = world.oracle.stored().outcome(result.deploymentId());
    if (!told
        && !complained
        && !world.disk.replaced
        && !outcome.equals(Optional.of(result.outcome().name()))) {
      world.broken(6, "an outcome that is not on record", result + ", recorded is " + outcome);
    }
  }

  private void same(
      String check, Optional<TrafficSplit> said, TrafficSplit is, DeploymentResult result) {
    if (!said.equals(Optional.of(is))) {
      said(check + " (" + said + ", is " + is + ")", result);
    }
  }

  private void said(String check, DeploymentResult result) {
    world.broken(10, check, result.toString());
  }

  /** Notes that an operation ended and that nobody has heard how. */
  void somebodyElseMovesOn() {
    rollbacks.somebodyElseMovesOn();
  }

  /** Judges the report of a recovery. */
  void report(HostLife life, RecoveryReport report) {
    if (report.decision() != Decision.NOTHING) {
      somebodyElseMovesOn();
    }
    if (life.misled() || world.proxy.down) {
      return;
    }
    if (report.serving().isPresent()
        && !report.serving().equals(Optional.of(world.proxy.running))) {
      world.broken(10, "the report names another split than is served", report.toString());
    }
    if (report.decision() == Decision.CLEANED || report.decision() == Decision.MOVED_BACK) {
      recoveredBack(report);
    }
  }

  /**
   * Checks that a recovery which says that it is done has undone everything; else the deployment
   * has to stay open.
   */
  private void recoveredBack(RecoveryReport report) {
    String id = report.deploymentId().orElseThrow();
    world
        .oracle
        .deeds
        .began(id)
        .filter(began -> !began.equals(world.proxy.running))
        .ifPresent(
            began -> world.broken(10, "recovered, but not to where it began", report.toString()));
    world.hooked.stream()
        .filter(hook -> !world.disk.replaced && hook.startsWith(id))
        .findFirst()
        .ifPresent(
            hook -> world.broken(6, "recovered, but a hook was not undone: " + hook, "" + report));
  }

  /** Checks that an operation which throws has not started, unless it lost the lease. */
  void refused(ScriptedCall act, BlueGreenException refusal, Set<String> openBefore) {
    if (refusal instanceof LeaseLostException) {
      somebodyElseMovesOn();
    }
    Optional<String> open = world.oracle.stored().open().filter(id -> !openBefore.contains(id));
    boolean begun = open.filter(world.oracle.deeds::hasBegun).isPresent() && !world.disk.replaced;
    if (begun && !(refusal instanceof LeaseLostException)) {
      world.broken(10, "an operation threw that had begun", act + ": " + refusal);
    }
  }
}
