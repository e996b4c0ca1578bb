package io.bluegreen;

import java.util.concurrent.CompletableFuture;

/**
 * A deployment that this manager was given: by {@link BlueGreenManager#submit}, or by a thread that
 * waits in {@link BlueGreenManager#run}. It is here from the moment at which it was asked for. So a
 * request to it, such as an abort, also counts while it still waits for the process that holds the
 * group, or repairs what was left open. Safe for use by several threads.
 */
public interface SubmittedDeployment extends RunningDeployment {
  /**
   * Returns how it ends, once it has. Where {@link BlueGreenManager#run} throws, the future fails
   * with that very exception: {@link DeploymentInProgressException}, {@link DriftException} and so
   * on. It always ends, also when the manager is closed; not if the process is killed.
   *
   * <p>Each call returns a future of its own. To cancel or to complete it yourself, or to let it
   * time out, changes nothing but that future: {@link #abort} ends the deployment. It is completed
   * on a thread of the manager that nothing else waits for, so that what you chain to it may take
   * its time, and may call the manager.
   */
  CompletableFuture<DeploymentResult> result();

  /**
   * Asks it to go back and end. Where it has not begun, because somebody else holds the group, it
   * ends within about a second with a {@link DeploymentInProgressException} that names both.
   *
   * <p>It ends, too, where the store can't take the signal; then a warning is logged, because a
   * process that carries the deployment on after a kill would not know of it.
   *
   * @throws OperationRefusedException if it has ended
   */
  @Override
  void abort(String by, String why);
}
