package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners and the log what one deployment does. A listener can't break the deployment. */
final class EventReporter {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);

  private final ManagerSetup setup;
  private final String id;
  private final Listeners listeners;
  private final List<String> warnings = new ArrayList<>();
  private int step;
  private int steps;

  EventReporter(ManagerSetup setup, String id) {
    this(setup, id, setup.listeners());
  }

  private EventReporter(ManagerSetup setup, String id, Listeners listeners) {
    this.setup = setup;
    this.id = id;
    this.listeners = listeners;
  }

  /** Returns a reporter that tells the log only. */
  static EventReporter silent(ManagerSetup setup, String id) {
    return new EventReporter(setup, id, Listeners.none(setup.time()));
  }

  /**
   * Sets how many steps the deployment has; no event names one of them until {@link #at} is called.
   */
  void planned(int count) {
    step = 0;
    steps = count;
  }

  /** Sets the step that events name from now on, by its place in the plan, from 0. */
  void at(int place) {
    step = Math.min(place + 1, steps);
  }

  void tell(Function<DeploymentEvent.Stamp, DeploymentEvent> kind) {
    DeploymentEvent event =
        kind.apply(
            new DeploymentEvent.Stamp(setup.time().now(), setup.group().name(), id, step, steps));
    if (event instanceof DeploymentEvent.Warned) {
      log.warn("{}", event.describe());
    } else {
      log.info("{}", event.describe());
    }
    listeners.tell(event);
  }

  /** Warns the host: in the result, by an event, and in the log. */
  void warn(String message) {
    warnings.add(message);
    tell(stamp -> new DeploymentEvent.Warned(stamp, message));
  }

  void warn(String message, Throwable cause) {
    log.debug("{}", message, cause);
    warn(message);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
