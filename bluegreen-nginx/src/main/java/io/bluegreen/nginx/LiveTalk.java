package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Talks with one worker of nginx in live mode, by a connection that is kept, and made anew when
 * nginx has closed it. One worker is enough: what it asks the file system, all do. Not safe for
 * threads.
 */
final class LiveTalk implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final Door door;
  private final TimeSource time;
  private @Nullable DoorConnection connection;

  LiveTalk(Door door, TimeSource time) {
    this.door = door;
    this.time = time;
  }

  /** Asks for what the door's own server tells of the current generation. */
  DoorAnswer status() throws IOException {
    return ask(LiveConfig.STATUS, List.of("localhost")).get(0);
  }

  /**
   * Asks the servers of several names for the same page.
   *
   * @throws IOException if nobody answers, or an answer is cut
   */
  List<DoorAnswer> ask(String path, List<String> hosts) throws IOException {
    DoorConnection kept = connection;
    if (kept != null) {
      try {
        return kept.get(path, hosts);
      } catch (IOException closedMeanwhile) {
        close();
      }
    }
    DoorConnection fresh = DoorConnection.open(door, LIMIT, time);
    connection = fresh;
    return fresh.get(path, hosts);
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
