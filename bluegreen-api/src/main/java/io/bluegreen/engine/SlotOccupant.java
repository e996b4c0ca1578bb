package io.bluegreen.engine;

import io.bluegreen.Release;
import java.time.Instant;

/**
 * What was launched in a slot, or was about to be.
 *
 * @param process what the launcher said of it, such as its pid; for people only
 * @param lastCheck when and how it was proved last; for people only
 */
record SlotOccupant(
    Release release, String token, Instant launchedAt, String process, String lastCheck) {
  SlotOccupant(Release release, String token, Instant launchedAt) {
    this(release, token, launchedAt, "", "");
  }

  SlotOccupant launched(String state) {
    return new SlotOccupant(release, token, launchedAt, state, lastCheck);
  }

  SlotOccupant checked(String check) {
    return new SlotOccupant(release, token, launchedAt, process, check);
  }
}
