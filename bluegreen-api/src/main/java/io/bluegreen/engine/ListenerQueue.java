package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Deadline;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentListener;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One listener, and the events that it has still to be told: in order, one at a time, on a thread
 * that is not the engine's. Where there is no other thread (virtual time) it is told at once.
 */
final class ListenerQueue {
  /** How many events may wait for a slow listener; beyond that the oldest are dropped. */
  static final int LONGEST = DeploymentListener.MOST_WAITING;

  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);
  private static final Duration LIMIT = Duration.ofSeconds(DeploymentListener.LIMIT_SECONDS);

  private final String group;
  private final String name;
  private final DeploymentListener listener;
  private final TimeSource time;
  private final Deque<DeploymentEvent> waiting = new ArrayDeque<>();

  /** Completed when nothing is left to be told. */
  private CompletableFuture<Boolean> quiet = CompletableFuture.completedFuture(true);

  private boolean telling;
  private @Nullable Thread teller;
  private Duration told = Duration.ZERO;
  private int dropped;
  private boolean closed;

  ListenerQueue(String group, String name, DeploymentListener listener, TimeSource time) {
    this.group = group;
    this.name = name;
    this.listener = listener;
    this.time = time;
  }

  /** Takes an event, and never waits for the listener. */
  void offer(DeploymentEvent event) {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (waiting.size() == LONGEST) {
        waiting.removeFirst();
        dropped++;
      }
      waiting.addLast(event);
      if (telling) {
        return;
      }
      telling = true;
      quiet = new CompletableFuture<>();
    }
    try {
      time.executor().execute(this::tellAll);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      log.warn("listener {} can't be told: there is no thread for it", name, e);
      dropAll();
    }
  }

  private synchronized void dropAll() {
    dropped += waiting.size();
    waiting.clear();
    over();
  }

  private void tellAll() {
    for (Optional<DeploymentEvent> event = next(); event.isPresent(); event = next()) {
      tell(event.get());
    }
  }

  private synchronized Optional<DeploymentEvent> next() {
    if (waiting.isEmpty()) {
      over();
      return Optional.empty();
    }
    teller = Thread.currentThread();
    told = time.elapsed();
    return Optional.of(waiting.removeFirst());
  }

  private void over() {
    telling = false;
    teller = null;
    quiet.complete(true);
  }

  private void tell(DeploymentEvent event) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.put("group", group);
    MDC.put("deployment", event.deploymentId());
    FutureTask<Boolean> call =
        new FutureTask<>(
            () -> {
              listener.onEvent(event);
              return true;
            });
    try {
      call.run();
      time.await(Duration.ZERO, call); // The call is done: this only gets its failure.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.warn("listener {} failed at: {}", name, event.describe(), e.getCause());
    } catch (Exception e) {
      log.warn("listener {} failed at: {}", name, event.describe(), e);
    } finally {
      if (before == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(before);
      }
    }
  }

  /** Returns whether this very thread is the one that tells the listener now. */
  synchronized boolean isTelling(Thread thread) {
    return teller == thread;
  }

  /**
   * Waits until everything is told, but at most until {@code end}, and not for a listener that has
   * needed more than its limit for one event.
   */
  void settle(Deadline end) {
    while (true) {
      CompletableFuture<Boolean> all;
      Duration left;
      synchronized (this) {
        if (!telling) {
          return;
        }
        all = quiet.copy(); // A copy, because the end of the wait cancels it.
        left = end.left(told.plus(LIMIT).minus(time.elapsed()));
      }
      if (left.isNegative() || left.isZero()) {
        return;
      }
      try {
        time.await(left, all);
      } catch (TimeoutException notYet) {
        log.trace("{} may have come to its next event meanwhile", name);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        log.debug("waiting for {}", name, e);
        return;
      }
    }
  }

  /** Returns what the listener was not told since this was asked last, if something. */
  synchronized Optional<String> untold() {
    int left = telling ? waiting.size() : 0;
    int lost = dropped;
    dropped = 0;
    if (!telling && lost == 0) {
      return Optional.empty();
    }
    String warning = name + " was not told everything: " + lost + " events were dropped";
    return Optional.of(
        telling
            ? warning + ", " + left + " wait, and it has not returned from the one before them"
            : warning + " because it was slow");
  }

  /** Tells nothing more, and interrupts a listener that has not returned yet. */
  synchronized void close() {
    closed = true;
    waiting.clear();
    if (teller != null && teller != Thread.currentThread()) {
      teller.interrupt();
    }
  }
}
