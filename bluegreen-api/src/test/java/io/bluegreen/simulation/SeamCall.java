package io.bluegreen.simulation;

import java.util.EnumSet;
import java.util.Set;

/** A call of a seam, which is where the engine touches the world. */
enum SeamCall {
  OPEN,
  CURRENT,
  APPLY,
  IN_FLIGHT,
  CUT,
  METER,
  CHECK,
  LAUNCH,
  STOP,
  STATE,
  PROBE,
  ACQUIRE,
  HELD,
  LOAD,
  SAVE,
  RELEASE,
  HOLDER,
  SIGNALS,
  POST,
  FORGET,
  HOOK,
  UNDO_HOOK,
  GATE,
  EVENT;

  /** Calls that change something outside the process. */
  static final Set<SeamCall> EFFECTS =
      EnumSet.of(APPLY, CUT, LAUNCH, STOP, ACQUIRE, SAVE, RELEASE, FORGET, HOOK, UNDO_HOOK);

  /**
   * Calls that lie between the last look and an effect in every engine that journals its intents.
   */
  static final Set<SeamCall> JOURNALING =
      EnumSet.of(HELD, LOAD, SAVE, EVENT, SIGNALS, FORGET, RELEASE);
}
