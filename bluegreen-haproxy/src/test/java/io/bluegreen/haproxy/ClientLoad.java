package io.bluegreen.haproxy;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask all services of a group one after the other, again and again, and know at each
 * moment what they may see: both colours while a switch is under way, otherwise one.
 */
final class ClientLoad implements AutoCloseable {
  /** Reloads and starts of HAProxy need the processors, too. */
  private static final long PAUSE_NANOS = 1_000_000;

  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final Queue<String> stale = new ConcurrentLinkedQueue<>();
  private final Queue<String> mixed = new ConcurrentLinkedQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final boolean everyService;
  private volatile boolean over;
  private volatile State state;

  /**
   * What clients may see.
   *
   * @param number grows with each change
   * @param settled the colour that was acknowledged last
   * @param next the colour that a switch under way goes to, or null
   */
  private record State(long number, Color settled, Color next) {}

  /**
   * Starts the clients.
   *
   * @param everyService whether a client must see all services move together; for that it asks as
   *     fast as it is answered. Otherwise it pauses for a millisecond before each round, and all
   *     clients ask at the moment when a switch has returned.
   */
  ClientLoad(Group group, Color live, boolean keepAlive, int clients, boolean everyService) {
    this.state = new State(0, live, null);
    this.everyService = everyService;
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(() -> run(group, keepAlive), "load-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void run(Group group, boolean keepAlive) {
    List<BrowserClient> visitors = new ArrayList<>();
    List<String> names = new ArrayList<>();
    group
        .routed()
        .forEach(
            service -> {
              names.add(service.name());
              visitors.add(
                  new BrowserClient(service.frontDoor().orElseThrow().getPort(), keepAlive));
            });
    while (!over) {
      if (!everyService) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      Color first = null;
      State round = state;
      for (int i = 0; i < visitors.size(); i++) {
        State before = state;
        String answer;
        try {
          answer = visitors.get(i).get();
        } catch (IOException e) {
          failed.add(names.get(i) + ": " + e);
          continue;
        }
        requests.incrementAndGet();
        Color seen = Color.of(answer.substring(answer.indexOf(' ') + 1));
        // A request that began when a switch had returned must not see the former colour.
        if (before.next() == null
            && seen != before.settled()
            && state.number() == before.number()) {
          stale.add(names.get(i) + " " + seen + " though " + before.settled());
        }
        // Who has seen a service in the next colour must not see another one in the former.
        if (everyService
            && first != null
            && first != seen
            && state.number() == round.number()
            && first == round.next()) {
          mixed.add(names.get(i) + " " + seen + " behind " + first);
        }
        first = first == null ? seen : first;
      }
    }
    for (BrowserClient visitor : visitors) {
      try {
        visitor.close();
      } catch (IOException e) {
        failed.add(e.toString());
      }
    }
  }

  void switching(Color next) {
    state = new State(state.number() + 1, state.settled(), next);
  }

  void switched(Color settled) {
    state = new State(state.number() + 1, settled, null);
    threads.forEach(LockSupport::unpark);
  }

  void awaitRequests(int more) {
    long goal = requests.get() + more;
    await()
        .atMost(RealHaproxy.LONG)
        .pollInterval(java.time.Duration.ofMillis(1))
        .until(() -> requests.get() >= goal || !failed.isEmpty());
  }

  void end() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join(60_000);
    }
  }

  long requests() {
    return requests.get();
  }

  Queue<String> failed() {
    return failed;
  }

  Queue<String> stale() {
    return stale;
  }

  Queue<String> mixed() {
    return mixed;
  }

  @Override
  public void close() {
    over = true;
  }
}
