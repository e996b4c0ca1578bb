package io.bluegreen.engine;

/**
 * What a line of the journal is about. On disk it is spelled by its name, which therefore never
 * changes.
 */
enum StepKind {
  HOOK,
  LAUNCH,
  ADOPT,
  PROVE,
  MOVE,
  HOLD,
  DRAIN,
  STOP,
  HANDOVER,
  /** Somebody has asked to wait: no step of a plan. */
  PAUSE,
  /** From here on the deployment is done, and only retires what was live: no step of a plan. */
  FINISH;

  /** Returns whether it only waits, so that another process can carry it on. */
  boolean waits() {
    return this == HOLD || this == PAUSE;
  }

  /** Returns whether it changes what users get. */
  boolean moves() {
    return this == MOVE || this == HANDOVER;
  }
}
