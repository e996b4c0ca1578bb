package io.bluegreen.simulation;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Slot;
import java.util.List;
import java.util.Optional;

/** The part of the oracle that remembers the last rollback, which must not be done twice. */
final class RollbackOracle {
  private final World world;

  /** The services of the last rollback that was done and that nobody has moved since. */
  private String rolledBack = "";

  RollbackOracle(World world) {
    this.world = world;
  }

  /**
   * Checks that a rollback which was done is neither done again nor turned round until somebody
   * moves on, and that the version which it names is live then.
   */
  void ended(DeploymentResult result) {
    boolean rollback = result.operation().kind() == Operation.Kind.ROLLBACK;
    String done = result.operation().services() + " " + world.foreignChanges + world.disk.replaced;
    if (rollback
        && result.operation().version().isEmpty()
        && done.equals(rolledBack)
        && world.leaseWasLeftAlone()
        && result.outcome() != Outcome.ALREADY_LIVE) {
      said("a rollback that was done is done again", result);
    }
    if (rollback && result.outcome() == Outcome.ALREADY_LIVE) {
      if (world.oracle.deeds.hasBegun(result.deploymentId())) {
        said("live already, and yet it did something", result);
      }
    }
    // The next holder of the lease may have moved on before this result is heard.
    if (rollback
        && result.achieved()
        && world.leaseWasLeftAlone()
        && !world.proxy.down
        && world.foreignChanges == 0) {
      result.operation().version().ifPresent(version -> named(version, result));
    }
    if (rollback && result.achieved() && result.operation().version().isEmpty()) {
      rolledBack = done;
    } else if (result.outcome() != Outcome.REJECTED) {
      rolledBack = "";
    }
  }

  private void named(String version, DeploymentResult result) {
    for (Slot slot : world.script.shape().slots) {
      boolean live =
          slot.service().routed()
              && world.proxy.running.share(slot.service().name(), slot.color()) == 100;
      Optional<WorldProcesses.Process> runs = world.processes.running(slot.toString());
      List<String> services = result.operation().services();
      boolean about = services.isEmpty() || services.contains(slot.service().name());
      if (live
          && about
          && runs.isPresent()
          && !world.disk.replaced
          && !world.oracle.diedIn(slot)
          && !runs.get().release.version().equals(version)) {
        said("rolled back to a version that is not live on " + slot, result);
      }
    }
  }

  /** Notes that an operation ended and that nobody has heard how. */
  void somebodyElseMovesOn() {
    rolledBack = "";
  }

  private void said(String check, DeploymentResult result) {
    world.broken(10, check, result.toString());
  }
}
