package io.bluegreen;

/**
 * The one way in which a deployment ended. It never says more than what was proven. {@link
 * #achieved} tells whether the deployment did what was asked for.
 */
public enum Outcome {
  /**
   * The candidate is live: router truth says so, and the front door confirmed it where one is
   * known.
   */
  PROMOTED,
  /**
   * An explicit rollback did what it was asked for: what was live before is live again, proven as a
   * promotion is.
   */
  WENT_BACK,
  /**
   * It was given up, and no traffic had moved: no request was routed by another split than before,
   * and no background service that was live was touched.
   */
  REJECTED,
  /**
   * It failed after traffic had moved, and the traffic is back where it was. Never the end of an
   * explicit rollback.
   */
  ROLLED_BACK,
  /** Somebody asked to stop; the traffic is where it was before. */
  ABORTED,
  /** By policy the traffic and both slots were left as they were when something failed. */
  FROZEN,
  /**
   * Going back was needed and not proven, or an explicit rollback had moved traffic and could not
   * stay: a person is needed.
   */
  ROLLBACK_FAILED,
  /** What was asked for was so already; nothing was done. */
  ALREADY_LIVE,
  /**
   * It waits (for time, for gates, or for a person), and its manager was closed. It has not ended:
   * {@link BlueGreenManager#carryOn} finishes it.
   */
  SUSPENDED,
  /**
   * The candidate was started and proved, or was stopped, or what runs was adopted, as asked; no
   * traffic was to move.
   */
  COMPLETED;

  /** Returns whether the deployment achieved what was asked for. */
  public boolean achieved() {
    return switch (this) {
      case PROMOTED, WENT_BACK, ALREADY_LIVE, COMPLETED -> true;
      case REJECTED, ROLLED_BACK, ABORTED, FROZEN, ROLLBACK_FAILED, SUSPENDED -> false;
    };
  }
}
