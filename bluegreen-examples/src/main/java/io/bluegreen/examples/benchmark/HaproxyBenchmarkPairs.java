package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.PlainConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask both services one after the other. Two colours are right if a switch to the
 * second one's colour was under way or began meanwhile; else the group was seen in parts.
 */
final class HaproxyBenchmarkPairs implements AutoCloseable {
  private static final int CLIENTS = 2;
  private static final Duration THINK = Duration.ofMillis(1);

  private final AtomicLong pairs = new AtomicLong();
  private final AtomicLong mixed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final Group group;
  private final TimeSource time;
  private volatile Moment moment = new Moment(0, Color.BLUE, false);
  private volatile boolean stopping;

  /**
   * Where the switches are.
   *
   * @param number grows with each change
   * @param target of the switch that began last
   * @param underWay whether it has not returned
   */
  private record Moment(long number, Color target, boolean underWay) {}

  /** Starts them; they ask until they are {@linkplain #close() stopped}. */
  HaproxyBenchmarkPairs(Group group, TimeSource time) {
    this.group = group;
    this.time = time;
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(this::run, "pairs-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  void switching(Color to) {
    moment = new Moment(moment.number() + 1, to, true);
  }

  void switched() {
    moment = new Moment(moment.number() + 1, moment.target(), false);
  }

  /** Says what was seen. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%d pairs of requests, %d failed, %d saw the two services in different colours",
        pairs.get(),
        failed.get(),
        mixed.get());
  }

  private void run() {
    try {
      while (!stopping) {
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() throws InterruptedException {
    List<Service> services = group.routed();
    try (PlainConnection first = new PlainConnection(address(services.get(0)));
        PlainConnection second = new PlainConnection(address(services.get(1)))) {
      while (!stopping) {
        Moment before = moment;
        Color one = color(first);
        Color other = color(second);
        pairs.incrementAndGet();
        if (one != other && !passes(before, moment, other)) {
          mixed.incrementAndGet();
        }
        time.sleep(THINK);
      }
    } catch (IOException e) {
      failed.incrementAndGet();
    }
  }

  private static boolean passes(Moment before, Moment after, Color other) {
    boolean begun = before.underWay() && before.target() == other;
    boolean began = after.number() > before.number() && after.target() == other;
    return begun || began || after.number() > before.number() + 2;
  }

  private static Color color(PlainConnection connection) throws IOException {
    return connection
        .get("/", true)
        .color()
        .orElseThrow(() -> new IOException("an answer without a colour"));
  }

  private static InetSocketAddress address(Service service) {
    URI door = service.frontDoor().orElseThrow();
    return new InetSocketAddress(door.getHost(), door.getPort());
  }

  @Override
  public void close() {
    stopping = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
