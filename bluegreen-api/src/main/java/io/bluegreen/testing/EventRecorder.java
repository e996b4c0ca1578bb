package io.bluegreen.testing;

import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Keeps every event, in order. Safe for use by several threads. */
public final class EventRecorder implements DeploymentListener {
  private final List<DeploymentEvent> events = new ArrayList<>();

  /** Creates an empty one. */
  public EventRecorder() {}

  @Override
  public synchronized void onEvent(DeploymentEvent event) {
    Objects.requireNonNull(event, "event");
    events.add(event);
  }

  /** Returns what came so far. */
  public synchronized List<DeploymentEvent> events() {
    return List.copyOf(events);
  }

  /** Returns what came so far of one kind. */
  public synchronized <E extends DeploymentEvent> List<E> events(Class<E> kind) {
    Objects.requireNonNull(kind, "kind");
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Returns what came so far, a line for each event. */
  public synchronized List<String> lines() {
    return events.stream().map(DeploymentEvent::describe).toList();
  }
}
