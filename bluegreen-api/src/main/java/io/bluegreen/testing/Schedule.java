package io.bluegreen.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** What a test has said will happen, and at which moment of virtual time. */
final class Schedule {
  private final PriorityQueue<Event> events = new PriorityQueue<>(Event.ORDER);
  private long scheduled;

  /** Something that happens at a moment. */
  record Event(Duration at, long order, Runnable action) {
    private static final Comparator<Event> ORDER =
        Comparator.comparing(Event::at).thenComparing(Event::order);
  }

  void add(Duration at, Runnable action) {
    events.add(new Event(at, scheduled++, action));
  }

  /** Takes out what happens next, if it happens by this moment. */
  Optional<Event> take(Duration until) {
    Event next = events.peek();
    if (next == null || next.at.compareTo(until) > 0) {
      return Optional.empty();
    }
    return Optional.of(events.remove());
  }
}
