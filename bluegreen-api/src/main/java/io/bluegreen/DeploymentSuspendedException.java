package io.bluegreen;

/**
 * A deployment of the group waits, and nobody acts on it: it has to be carried on or aborted first.
 */
public class DeploymentSuspendedException extends OperationRefusedException {
  private static final long serialVersionUID = 1L;

  private final String deploymentId;

  /** Creates one that says what waits, what is serving, and what to do. */
  public DeploymentSuspendedException(String message, String deploymentId) {
    super(message);
    this.deploymentId = deploymentId;
  }

  /** Returns the id of the deployment that waits. */
  public String deploymentId() {
    return deploymentId;
  }
}
