package io.bluegreen;

/** What was asked for is not so; thrown by {@link DeploymentResult#orThrow} only. */
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
