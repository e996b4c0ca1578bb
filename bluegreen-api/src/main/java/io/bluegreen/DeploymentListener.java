package io.bluegreen;

/**
 * Is told what a deployment does, once for each event and in order, on a thread of the manager's.
 * It can't break a deployment: what it throws is logged, and one that does not return within
 * {@value #LIMIT_SECONDS} s is left out for the rest of the deployment.
 */
@FunctionalInterface
public interface DeploymentListener {
  /** How long one call may take, in seconds. */
  int LIMIT_SECONDS = 5;

  /**
   * Takes note. New kinds of event are added in minor releases: ignore those that you do not know.
   */
  void onEvent(DeploymentEvent event);
}
