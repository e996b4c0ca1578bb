package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners, and the log, what one deployment does. They can't break it. */
final class Events {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);

  private final TimeSource time;
  private final String id;
  private final Listeners listeners;
  private final List<String> warnings = new ArrayList<>();

  Events(TimeSource time, String id, Listeners listeners) {
    this.time = time;
    this.id = id;
    this.listeners = listeners;
  }

  void tell(BiFunction<Instant, String, DeploymentEvent> kind) {
    DeploymentEvent event = kind.apply(time.now(), id);
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
    tell((at, deployment) -> new DeploymentEvent.Warned(at, deployment, message));
  }

  void warn(String message, Throwable cause) {
    log.debug("{}", message, cause);
    warn(message);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
