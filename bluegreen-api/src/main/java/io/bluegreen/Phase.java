package io.bluegreen;

/**
 * What a deployment is doing, in the order in which it happens. An operation skips the phases that
 * it does not need.
 */
public enum Phase {
  /** Hooks run, and what was kept warm in the idle slot is stopped. */
  PREPARE,
  /** The candidate is started. */
  LAUNCH,
  /** The candidate is proved: every instance is up in several rounds in a row. */
  HEALTH,
  /** Hooks run against the proven candidate: acceptance tests, warm-up. */
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
