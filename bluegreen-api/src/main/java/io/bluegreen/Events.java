package io.bluegreen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners, and the log, what one deployment does. They can't break it. */
final class Events {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);
  private static final Duration LIMIT = Duration.ofSeconds(DeploymentListener.LIMIT_SECONDS);

  private final TimeSource time;
  private final String id;
  private final List<DeploymentListener> listeners;
  private final List<String> warnings = new ArrayList<>();

  Events(TimeSource time, String id, List<DeploymentListener> listeners) {
    this.time = time;
    this.id = id;
    this.listeners = new ArrayList<>(listeners);
  }

  void tell(BiFunction<Instant, String, DeploymentEvent> kind) {
    DeploymentEvent event = kind.apply(time.now(), id);
    if (event instanceof DeploymentEvent.Warned) {
      log.warn("{}", event.describe());
    } else {
      log.info("{}", event.describe());
    }
    listeners.removeIf(listener -> !told(listener, event));
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

  /** Returns false for a listener that did not return in time: it is not called again. */
  private boolean told(DeploymentListener listener, DeploymentEvent event) {
    try {
      time.within(
          LIMIT,
          () -> {
            listener.onEvent(event);
            return true;
          });
      return true;
    } catch (TimeoutException e) {
      log.warn(
          "listener {} did not return within {}; it is left out from now on", listener, LIMIT, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      log.warn("listener {} failed at: {}", listener, event.describe(), e);
      return true;
    }
  }
}
