package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what nginx writes to its access log, for each slot, whenever it is asked. Requests by a
 * direct port or by the preview header are not counted: no split sent them.
 */
final class AccessLogMeter implements TrafficMeter {
  /** Some 190,000 requests, which take a third of a second to read. */
  private static final long MOST_UNREAD = 16 << 20;

  private final Map<Slot, SlotCounter> counters = new HashMap<>();
  private final Map<String, Slot> slots = new HashMap<>();
  private final Path log;
  private final LogTail tail;
  private final TimeSource time;

  AccessLogMeter(Group group, Path log, TimeSource time) throws IOException {
    this.log = log;
    this.time = time;
    for (Service service : group.routed()) {
      for (Color color : Color.values()) {
        Slot slot = group.slot(service.name(), color);
        slots.put(slot.toString(), slot);
        counters.put(slot, new SlotCounter());
      }
    }
    this.tail = new LogTail(log, time);
  }

  @Override
  public synchronized Reading read() {
    try {
      tail.read(this::count);
    } catch (IOException e) {
      throw new RouterException(
          "the access log " + log + " can't be read: " + Failures.reason(e),
          RouterException.Effect.UNCHANGED,
          e);
    }
    Map<Slot, Count> counts = new HashMap<>();
    counters.forEach((slot, counter) -> counts.put(slot, counter.count()));
    return new Reading(time.now(), counts);
  }

  /**
   * Is called when a caller starts to look. What came while nobody looked is passed over where it
   * is much, so that the first reading after hours takes no longer than any other.
   */
  synchronized void begin() throws IOException {
    if (tail.unread() > MOST_UNREAD) {
      tail.skip();
    }
  }

  private void count(String line) {
    Json entry;
    try {
      entry = Json.read(line.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException notOurs) {
      return; // The log may have lines of other servers.
    }
    if (text(entry, "via").equals("split")) {
      Slot slot = slots.get(text(entry, "service") + "/" + text(entry, "color"));
      SlotCounter counter = slot == null ? null : counters.get(slot);
      if (counter != null) {
        long status = entry.at("/status").flatMap(Json::integer).orElse(0L);
        counter.add(status, text(entry, "seconds"));
      }
    }
  }

  static String text(Json entry, String member) {
    return entry.at("/" + member).flatMap(Json::text).orElse("");
  }
}
