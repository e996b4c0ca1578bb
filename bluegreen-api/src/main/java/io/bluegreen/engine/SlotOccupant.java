package io.bluegreen.engine;

import io.bluegreen.Release;
import java.time.Instant;

/**
 * What was launched or adopted in a slot, or was about to be.
 *
 * @param process what the launcher said of it, such as its pid; for people only
 * @param lastCheck when and how it was proved last; for people only
 * @param byName whether it was adopted by its version only: nothing here can tell of it or stop it
 */
record SlotOccupant(
    Release release,
    String token,
    Instant launchedAt,
    String process,
    String lastCheck,
    boolean byName) {
  SlotOccupant(Release release, String token, Instant launchedAt) {
    this(release, token, launchedAt, "", "", false);
  }

  static SlotOccupant adopted(Release release, String token, Instant at, boolean byName) {
    return new SlotOccupant(release, token, at, "", "", byName);
  }

  SlotOccupant launched(String state) {
    return new SlotOccupant(release, token, launchedAt, state, lastCheck, byName);
  }

  SlotOccupant checked(String check) {
    return new SlotOccupant(release, token, launchedAt, process, check, byName);
  }
}
