package io.bluegreen.examples.demo;

import io.bluegreen.Color;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An application that is always healthy, and gets worse for its users when a test says so. */
final class MoodyApplication implements AutoCloseable {
  private static final Duration USUAL = Duration.ofMillis(5);

  private final String version;
  private final Color color;
  private final AtomicLong answered = new AtomicLong();
  private final Undertow server;
  private volatile Mood mood = Mood.GOOD;

  MoodyApplication(String version, Color color) {
    this.version = version;
    this.color = color;
    this.server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(2)
            .setWorkerThreads(1)
            .setHandler(this::handle)
            .build();
    server.start();
  }

  /** What its users meet. */
  enum Mood {
    GOOD(USUAL, 0),
    ERRORS(USUAL, 20),
    SLOW(Duration.ofSeconds(1), 0);

    private final Duration takes;
    private final int failsEvery;

    Mood(Duration takes, int failsEvery) {
      this.takes = takes;
      this.failsEvery = failsEvery;
    }
  }

  String address() {
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    return "http://127.0.0.1:" + address.getPort();
  }

  void becomes(Mood other) {
    mood = other;
  }

  @Override
  public void close() {
    server.stop();
  }

  private void handle(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(DemoApplication.VERSION, version);
    exchange.getResponseHeaders().put(DemoApplication.COLOR, color.label());
    if (exchange.getRequestPath().equals("/health")) {
      exchange.getResponseSender().send("ok\n");
      return;
    }
    Mood now = mood;
    exchange.dispatch(
        CompletableFuture.delayedExecutor(now.takes.toMillis(), TimeUnit.MILLISECONDS),
        () -> answer(exchange, now));
  }

  private void answer(HttpServerExchange exchange, Mood now) {
    if (now.failsEvery > 0 && answered.incrementAndGet() % now.failsEvery == 0) {
      exchange.setStatusCode(StatusCodes.INTERNAL_SERVER_ERROR);
    }
    exchange.getResponseSender().send(version + "\n");
  }
}
