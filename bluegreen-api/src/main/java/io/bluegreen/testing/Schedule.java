package io.bluegreen.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Keeps the events that a test has planned, each with its moment of virtual time. */
final class Schedule {
  private final PriorityQueue<Event> events = new PriorityQueue<>(Event.ORDER);
  private long scheduled;

  /** An action at a moment. */
  record Event(Duration at, long order, Runnable action) {
    private static final Comparator<Event> ORDER =
        Comparator.comparing(Event::at).thenComparing(Event::order);
  }

  void add(Duration at, Runnable action) {
    events.add(new Event(at, scheduled++, action));
  }

  /** Returns the next event and removes it, if its moment is not later than this. */
  Optional<Event> take(Duration until) {
    Event next = events.peek();
    if (next == null || next.at.compareTo(until) > 0) {
      return Optional.empty();
    }
    return Optional.of(events.remove());
  }
}
