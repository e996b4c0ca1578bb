package io.bluegreen;

/**
 * A deployment did not achieve what was asked for. Only {@link DeploymentResult#orThrow} throws it.
 */
public class DeploymentFailedException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  private final transient DeploymentResult result;

  /** Creates one for a result. */
  public DeploymentFailedException(DeploymentResult result) {
    super(result.toString() + (result.lastOutput().isEmpty() ? "" : "\n" + result.lastOutput()));
    this.result = result;
  }

  /** Returns how the deployment ended. */
  public DeploymentResult result() {
    return result;
  }
}
