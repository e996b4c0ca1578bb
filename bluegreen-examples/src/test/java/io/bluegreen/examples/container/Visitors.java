package io.bluegreen.examples.container;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask all services all the time, and know which colour may answer. */
final class Visitors implements AutoCloseable {
  private static final int CLIENTS = 2;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final Queue<String> misrouted = new ConcurrentLinkedQueue<>();
  private final AtomicLong answers = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;
  private volatile Expected expected;

  /**
   * What may answer now.
   *
   * @param number grows with each change
   * @param color missing while a switch is under way
   */
  private record Expected(int number, Optional<Color> color) {
    Expected next(Optional<Color> other) {
      return new Expected(number + 1, other);
    }
  }

  Visitors(Group group, Color live) {
    expected = new Expected(0, Optional.of(live));
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(() -> visit(group), "visitor-" + i);
      threads.add(thread);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void visit(Group group) {
    while (!over) {
      for (Service service : group.routed()) {
        Expected before = expected;
        try {
          Color seen = ColouredServices.ask(service.frontDoor().orElseThrow(), "/");
          boolean settled = before.number() == expected.number();
          before
              .color()
              .filter(color -> settled && color != seen)
              .ifPresent(color -> misrouted.add(service + " " + seen + " in place of " + color));
          answers.incrementAndGet();
        } catch (IOException | RuntimeException e) {
          failed.add(service + ": " + e);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  void switching() {
    expected = expected.next(Optional.empty());
  }

  void switched(Color color) {
    expected = expected.next(Optional.of(color));
  }

  /** Waits for so many more answers. */
  void ask(int more) {
    long goal = answers.get() + more;
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> answers.get() >= goal || !failed.isEmpty());
  }

  Queue<String> failed() {
    return failed;
  }

  Queue<String> misrouted() {
    return misrouted;
  }

  /** Ends them. */
  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join(20_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
