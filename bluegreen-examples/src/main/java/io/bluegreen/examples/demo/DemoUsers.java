package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The users: some keep their connection, some open one for every request. They think a little
 * between two requests, so that on a small machine there is time left for what they ask.
 */
public final class DemoUsers implements AutoCloseable {
  private static final int KEEPING = 8;
  private static final int RECONNECTING = 4;
  private static final Duration THINKING = Duration.ofMillis(4);

  /** Every connection occupies a port for a minute after its end. */
  private static final int RECONNECTING_THINK_LONGER = 5;

  private final List<DemoUser> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Starts them; they ask until they are {@linkplain #close() stopped}.
   *
   * @param habit of those that keep their connection
   */
  DemoUsers(
      InetSocketAddress frontDoor, ConnectionHabit habit, RequestJudge ledger, TimeSource time) {
    this(frontDoor, habit, ledger, ledger, time);
  }

  /**
   * Starts them; they ask until they are {@linkplain #close() stopped}.
   *
   * @param habit of those that keep their connection
   * @param keeping judges the requests of those
   * @param reconnecting judges the requests of the others
   */
  public DemoUsers(
      InetSocketAddress frontDoor,
      ConnectionHabit habit,
      RequestJudge keeping,
      RequestJudge reconnecting,
      TimeSource time) {
    this(frontDoor, habit, keeping, reconnecting, THINKING, time);
  }

  /**
   * Starts them; they ask until they are {@linkplain #close() stopped}.
   *
   * @param habit of those that keep their connection
   * @param keeping judges the requests of those
   * @param reconnecting judges the requests of the others
   * @param thinking between two requests of those that keep their connection; the others think
   *     longer
   */
  public DemoUsers(
      InetSocketAddress frontDoor,
      ConnectionHabit habit,
      RequestJudge keeping,
      RequestJudge reconnecting,
      Duration thinking,
      TimeSource time) {
    for (int i = 0; i < KEEPING; i++) {
      clients.add(new DemoUser(frontDoor, habit, thinking, keeping, time));
    }
    Duration longer = thinking.multipliedBy(RECONNECTING_THINK_LONGER);
    for (int i = 0; i < RECONNECTING; i++) {
      clients.add(new DemoUser(frontDoor, ConnectionHabit.RECONNECTS, longer, reconnecting, time));
    }
    for (DemoUser client : clients) {
      Thread thread = new Thread(client, "client-" + (threads.size() + 1));
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Lets each client end the request that it is in, and waits for that unless interrupted. */
  @Override
  public void close() {
    clients.forEach(DemoUser::stop);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
