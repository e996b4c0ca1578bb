package io.bluegreen;

/**
 * Is told what a deployment does, once for each event and in order, one at a time, on a thread of
 * the manager's that is not the one that deploys: it can neither break a deployment nor delay it.
 *
 * <p>What it throws is logged. For one that is slow or hangs up to {@value #MOST_WAITING} events
 * wait; of more the oldest are dropped, which is a warning in the result. When an operation has
 * ended, its call returns as soon as everything was told, or after {@value #LIMIT_SECONDS} s; it
 * does not wait for a listener that has been at one event for longer than that. Closing the manager
 * interrupts one that has not returned by then. The logging context (MDC) has the group and the
 * deployment. With {@code VirtualTime} everything is told at once, on the one thread that there is.
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
