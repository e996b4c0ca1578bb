package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Deadline;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentListener;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners, each with a queue of its own. */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);
  private static final Duration LIMIT = Duration.ofSeconds(DeploymentListener.LIMIT_SECONDS);
  private static final String LAMBDA = "$$Lambda";

  private final TimeSource time;
  private final List<ListenerQueue> queues = new ArrayList<>();

  Listeners(String group, List<DeploymentListener> listeners, TimeSource time) {
    this.time = time;
    for (DeploymentListener listener : listeners) {
      queues.add(new ListenerQueue(group, name(listener), listener, time));
    }
  }

  /**
   * Returns a name for people. The end of a lambda's class name is left out: it tells them nothing.
   */
  private String name(DeploymentListener listener) {
    String type = listener.getClass().getName();
    int lambda = type.indexOf(LAMBDA);
    return "listener "
        + (queues.size() + 1)
        + " ("
        + (lambda < 0 ? type : "a lambda of " + type.substring(0, lambda))
        + ")";
  }

  /** Returns no listeners at all. */
  static Listeners none(TimeSource time) {
    return new Listeners("", List.of(), time);
  }

  void tell(DeploymentEvent event) {
    queues.forEach(queue -> queue.offer(event));
  }

  /** Returns whether one of them is being told on this very thread. */
  boolean tellingHere() {
    return queues.stream().anyMatch(queue -> queue.isTelling(Thread.currentThread()));
  }

  /**
   * Waits a bounded time until all were told everything, so that a host which reads what it has
   * recorded sees all of it.
   *
   * @return a warning for each that was not
   */
  List<String> settle() {
    Deadline end = time.deadline(LIMIT);
    queues.forEach(queue -> queue.settle(end));
    List<String> warnings =
        queues.stream().map(ListenerQueue::untold).flatMap(Optional::stream).toList();
    warnings.forEach(log::warn);
    return warnings;
  }

  /** Ends their threads. */
  void close() {
    queues.forEach(ListenerQueue::close);
  }
}
