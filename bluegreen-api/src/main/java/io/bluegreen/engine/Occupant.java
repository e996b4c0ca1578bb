package io.bluegreen.engine;

import io.bluegreen.Release;
import java.time.Instant;

/**
 * What was launched in a slot, or was about to be.
 *
 * @param process what the launcher said of it, such as its pid; for people only
 * @param lastCheck when and how it was proved last; for people only
 */
record Occupant(
    Release release, String token, Instant launchedAt, String process, String lastCheck) {
  Occupant(Release release, String token, Instant launchedAt) {
    this(release, token, launchedAt, "", "");
  }

  Occupant launched(String state) {
    return new Occupant(release, token, launchedAt, state, lastCheck);
  }

  Occupant checked(String check) {
    return new Occupant(release, token, launchedAt, process, check);
  }
}
