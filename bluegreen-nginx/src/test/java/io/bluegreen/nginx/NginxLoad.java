package io.bluegreen.nginx;

import io.bluegreen.Color;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask again and again, by one connection or by one for each request, and count every
 * request that failed and every one that began after a switch had returned and was answered by the
 * former colour.
 */
final class NginxLoad implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000;

  final AtomicLong requests = new AtomicLong();
  final AtomicLong failed = new AtomicLong();
  final AtomicLong failedFresh = new AtomicLong();
  final AtomicLong stale = new AtomicLong();
  final Queue<String> reasons = new ConcurrentLinkedQueue<>();

  private final List<Thread> threads = new ArrayList<>();
  private final URI server;
  private final boolean pausing;
  private volatile @Nullable Settled settled;
  private volatile boolean end;

  private NginxLoad(URI server, boolean pausing) {
    this.server = server;
    this.pausing = pausing;
  }

  static NginxLoad on(URI server, int keepAlive, int fresh) {
    return start(new NginxLoad(server, false), keepAlive, fresh);
  }

  /**
   * A load for reloads, which take long and need the processors, too: during a switch each client
   * pauses for a millisecond after each request. As soon as the switch has returned, all of them
   * ask without a pause.
   */
  static NginxLoad duringReloads(URI server, int keepAlive, int fresh) {
    return start(new NginxLoad(server, true), keepAlive, fresh);
  }

  private static NginxLoad start(NginxLoad load, int keepAlive, int fresh) {
    for (int i = 0; i < keepAlive; i++) {
      load.threads.add(new Thread(load::keepAlive, "keep-alive"));
    }
    for (int i = 0; i < fresh; i++) {
      load.threads.add(new Thread(load::fresh, "fresh"));
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  /** Says that a switch begins: both colours may answer. */
  void moving() {
    settled = null;
  }

  /** Says that a switch has returned: from here only one colour may answer. */
  void settled(Color color) {
    settled = new Settled(color);
    threads.forEach(LockSupport::unpark);
  }

  @Override
  public void close() {
    end = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void fresh() {
    while (!end) {
      try (NginxClient client = new NginxClient(server)) {
        ask(client, "Connection: close");
      } catch (IOException e) {
        failedFresh.incrementAndGet();
        fail(e);
      }
    }
  }

  private void keepAlive() {
    while (!end) {
      try (NginxClient client = new NginxClient(server)) {
        while (!end && !client.isLast()) {
          ask(client);
        }
      } catch (IOException e) {
        fail(e);
      }
    }
  }

  private void ask(NginxClient client, String... headers) throws IOException {
    Settled before = settled;
    NginxClient.Answer answer = client.get("/", headers);
    requests.incrementAndGet();
    if (answer.status() != 200) {
      throw new IOException("status " + answer.status());
    }
    if (before != null && before == settled && !answer.body().equals(before.color().label())) {
      stale.incrementAndGet();
    }
    if (pausing && settled == null) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void fail(IOException e) {
    failed.incrementAndGet();
    reasons.add(e.toString());
  }

  /** By identity: the same colour settled twice is not the same. */
  private static final class Settled {
    private final Color color;

    Settled(Color color) {
      this.color = color;
    }

    Color color() {
      return color;
    }
  }

  @Override
  public String toString() {
    return requests + " requests, " + failed + " failed, " + stale + " stale " + reasons;
  }
}
