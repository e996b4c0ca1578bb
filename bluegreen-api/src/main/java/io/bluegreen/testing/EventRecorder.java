package io.bluegreen.testing;

import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Keeps every event in order, for assertions. Safe for use by several threads. */
public final class EventRecorder implements DeploymentListener {
  private final List<DeploymentEvent> events = new ArrayList<>();

  /** Creates a recorder without events. */
  public EventRecorder() {}

  @Override
  public synchronized void onEvent(DeploymentEvent event) {
    Objects.requireNonNull(event, "event");
    events.add(event);
  }

  /** Returns all events so far. */
  public synchronized List<DeploymentEvent> events() {
    return List.copyOf(events);
  }

  /** Returns all events of one kind so far. */
  public synchronized <E extends DeploymentEvent> List<E> events(Class<E> kind) {
    Objects.requireNonNull(kind, "kind");
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Returns a line for each event so far. */
  public synchronized List<String> lines() {
    return events.stream().map(DeploymentEvent::describe).toList();
  }
}
