package io.bluegreen.engine;

import io.bluegreen.Release;
import java.time.Instant;
import java.util.Objects;

/**
 * What was launched or adopted in a slot, or was about to be.
 *
 * @param process what the launcher said of it, such as its pid; for people only
 * @param lastCheck when and how it was proved last; for people only
 * @param origin how it came there
 */
record SlotOccupant(
    Release release,
    String token,
    Instant launchedAt,
    String process,
    String lastCheck,
    Origin origin) {
  /** How something came into a slot. */
  enum Origin {
    LAUNCHED,
    TAKEN_OVER,
    /** It was adopted by its version only: nothing here can tell of it or stop it. */
    BY_NAME
  }

  /** An earlier record names no origin. */
  SlotOccupant {
    origin = Objects.requireNonNullElse(origin, Origin.LAUNCHED);
  }

  SlotOccupant(Release release, String token, Instant launchedAt) {
    this(release, token, launchedAt, "", "", Origin.LAUNCHED);
  }

  static SlotOccupant adopted(Release release, String token, Instant at, boolean byName) {
    return new SlotOccupant(
        release, token, at, "", "", byName ? Origin.BY_NAME : Origin.TAKEN_OVER);
  }

  boolean byName() {
    return origin == Origin.BY_NAME;
  }

  SlotOccupant launched(String state) {
    return new SlotOccupant(release, token, launchedAt, state, lastCheck, origin);
  }

  SlotOccupant checked(String check) {
    return new SlotOccupant(release, token, launchedAt, process, check, origin);
  }
}
