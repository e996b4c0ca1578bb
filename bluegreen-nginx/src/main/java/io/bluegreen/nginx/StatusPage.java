package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;

/** Asks nginx at its private door, each time by a connection of its own. */
final class StatusPage {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final StatusAddress door;
  private final TimeSource time;

  StatusPage(StatusAddress door, TimeSource time) {
    this.door = door;
    this.time = time;
  }

  /**
   * Asks for a page of the door's own server.
   *
   * @throws IOException if nobody answers, or the answer is cut
   */
  StatusAnswer get(String path) throws IOException {
    // A connection that is kept would lead to a former worker.
    try (StatusConnection connection = StatusConnection.open(door, LIMIT, time)) {
      return connection.last(path, StatusRequest.DOOR);
    }
  }
}
