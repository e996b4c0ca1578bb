package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.Signal;
import io.bluegreen.TimeLimits;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * How long an operation waits for the holder of the lease, and whether it asks the holder to end.
 */
final class LeaseWait {
  private final ManagerSetup setup;
  private final Operation operation;
  private final DeploymentPolicy policy;
  private final String id;
  private final Set<String> asked = new HashSet<>();

  LeaseWait(ManagerSetup setup, Operation operation, DeploymentPolicy policy, String id) {
    this.setup = setup;
    this.operation = operation;
    this.policy = policy;
    this.id = id;
  }

  /** Returns how long to wait, from the first attempt on, for this holder to end. */
  Duration with(LeaseOwner holder) {
    String other = holder.deploymentId();
    TimeLimits limits = policy.limits();
    if (asked.contains(other) || supersedes(other)) {
      // As long as going back may take: proofs, a switch, undoing hooks, a drain and a stop.
      return limits
          .hook()
          .plus(policy.probing().deadline())
          .plus(limits.move())
          .plus(limits.drain())
          .plus(limits.stopGrace())
          .plus(limits.launch())
          .plus(limits.lease());
    }
    return limits.lease();
  }

  /**
   * Asks a deployment that waits to end, if the policy wants that; returns whether it was asked.
   */
  boolean supersedes(String other) {
    if (operation.kind() != Operation.Kind.DEPLOY || !policy.has(Option.SUPERSEDE)) {
      return false;
    }
    OpenDeployment open = Journal.read(setup.store(), setup.group().name()).open;
    if (open == null || !open.id.equals(other) || !open.waits()) {
      return false;
    }
    setup
        .store()
        .post(
            new Signal(
                other,
                Signal.Kind.ABORT,
                operation.by().isEmpty() ? "the manager" : operation.by(),
                "superseded by " + operation + ", deployment " + id,
                setup.time().now()));
    asked.add(other);
    return true;
  }
}
