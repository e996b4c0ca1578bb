package io.bluegreen;

/**
 * A listener is told what a deployment does: each event once, in order, one at a time. It is called
 * on a thread of the manager that is not the thread that deploys, so that it can neither break nor
 * delay a deployment.
 *
 * <p>What it throws is logged. Up to {@value #MOST_WAITING} events wait for a listener that is slow
 * or hangs; when there are more, the oldest are dropped, and the result warns of it. When an
 * operation has ended, its call returns as soon as everything was told, or after {@value
 * #LIMIT_SECONDS} s; it does not wait for a listener that has been at one event for longer than
 * that. Closing the manager interrupts a listener that has not returned by then. The logging
 * context (MDC) has the group and the deployment. With {@code VirtualTime} everything is told at
 * once, on the one thread that there is.
 */
@FunctionalInterface
public interface DeploymentListener {
  /** How many events wait for a listener. */
  int MOST_WAITING = 1_000;

  /** How long the end of an operation waits for its listeners, in seconds. */
  int LIMIT_SECONDS = 5;

  /**
   * Takes note. New kinds of event are added in minor releases: ignore those that you do not know.
   */
  void onEvent(DeploymentEvent event);
}
