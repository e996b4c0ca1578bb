package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One user: asks, notes the answer, thinks, and asks again. A user sends no request twice, unless
 * that is its habit.
 */
final class DemoUser implements Runnable {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

  /** One of so many requests is slow, so that each switch finds some in flight. */
  private static final int SLOW_EVERY = 20;

  private static final String QUICK = "/";
  private static final String SLOW = "/?pause=40";

  private final InetSocketAddress address;
  private final ConnectionHabit habit;
  private final Duration think;
  private final RequestJudge ledger;
  private final TimeSource time;
  private volatile boolean stopping;
  private @Nullable PlainConnection connection;

  DemoUser(
      InetSocketAddress address,
      ConnectionHabit habit,
      Duration think,
      RequestJudge ledger,
      TimeSource time) {
    this.address = address;
    this.habit = habit;
    this.think = think;
    this.ledger = ledger;
    this.time = time;
  }

  /** Lets it end after the request that it is in. */
  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    try {
      for (int i = 1; !stopping; i++) {
        boolean answered = ask(i % SLOW_EVERY == 0 ? SLOW : QUICK);
        time.sleep(answered ? think : AFTER_FAILURE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private boolean ask(String path) {
    try {
      try {
        askOnce(path);
      } catch (UnansweredException e) {
        if (habit != ConnectionHabit.KEEPS_AND_RESENDS) {
          throw e;
        }
        disconnect();
        ledger.retried();
        askOnce(path);
      }
      return true;
    } catch (IOException e) {
      ledger.failed(e.toString());
      disconnect();
      return false;
    }
  }

  private void askOnce(String path) throws IOException {
    Duration start = ledger.start();
    if (connection == null) {
      connection = new PlainConnection(address);
    }
    boolean keep = habit != ConnectionHabit.RECONNECTS;
    DemoAnswer answer = connection.get(path, keep);
    ledger.answered(start, answer);
    if (!keep || answer.last()) {
      disconnect();
    }
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      ledger.failed("closing: " + e);
    }
    connection = null;
  }
}
