package io.bluegreen;

/**
 * What a deployment is doing, in the order in which it happens. An operation skips what it has not.
 */
public enum Phase {
  /** Hooks, and the idle slot is emptied of what was kept warm there. */
  PREPARE,
  /** The candidate is started. */
  LAUNCH,
  /** The candidate is proved: so many passes in a row. */
  HEALTH,
  /** Hooks against the proven candidate: acceptance tests, warm-up. */
  VERIFY,
  /** A person is waited for. */
  APPROVE,
  /** The traffic moves, at once or in steps. */
  SHIFT,
  /** The service is checked at its front door. */
  CONFIRM,
  /** The candidate has all the traffic and is watched. */
  BAKE,
  /** What the former live colour still answers is waited for. */
  DRAIN,
  /** The former live colour is kept warm, or stopped. */
  FINISH
}
