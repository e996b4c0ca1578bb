package io.bluegreen.examples.demo;

import io.bluegreen.Color;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The application that the demo deploys in versions: {@code GET /} answers with version and colour,
 * after {@code ?pause=} milliseconds if asked to, and {@code GET /health} says whether it can take
 * requests. Version {@value #NEVER_HEALTHY} never can. Version {@value #FAILS_UNDER_TRAFFIC} says
 * that it can, and from its {@value #FINE_UNTIL}th request on answers every {@value #FAILS_EVERY}th
 * with an error.
 *
 * <p>On SIGTERM it takes no more requests, answers what is in flight, and ends.
 */
public final class DemoApplication implements AutoCloseable {
  static final String NEVER_HEALTHY = "v3";
  static final String FAILS_UNDER_TRAFFIC = "v5";
  static final HttpString VERSION = HttpString.tryFromString("X-Version");
  static final HttpString COLOR = HttpString.tryFromString("X-Color");
  private static final int FINE_UNTIL = 100;
  private static final int FAILS_EVERY = 10;
  private static final int LONGEST_PAUSE_MS = 5_000;
  private static final long LAST_ANSWERS_MS = 10_000;

  private final String version;
  private final Color color;
  private final GracefulShutdownHandler requests = new GracefulShutdownHandler(this::handle);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Undertow server;

  /** Starts to listen on 127.0.0.1; port 0 takes a free one. */
  public DemoApplication(int port, String version, Color color) {
    this.version = version;
    this.color = color;
    server =
        Undertow.builder()
            .addHttpListener(port, "127.0.0.1")
            .setIoThreads(2)
            .setWorkerThreads(1)
            .setHandler(requests)
            .build();
    server.start();
  }

  /** Starts it; it runs until the process is told to end. */
  public static void main(String[] args) {
    int exit =
        new CommandLine(new Arguments())
            .registerConverter(Color.class, Color::of)
            .setExecutionExceptionHandler((e, line, parsed) -> complain(e))
            .execute(args);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /** Returns the port that it listens on. */
  public int port() {
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  /** Takes no more requests, waits for what is in flight, and ends. */
  @Override
  public void close() {
    requests.shutdown();
    try {
      if (!requests.awaitShutdown(LAST_ANSWERS_MS)) {
        System.out.println("still answering after " + LAST_ANSWERS_MS + " ms, ending all the same");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
  }

  int inFlight() {
    return inFlight.get();
  }

  private void handle(HttpServerExchange exchange) {
    inFlight.incrementAndGet();
    exchange.addExchangeCompleteListener(
        (ended, next) -> {
          inFlight.decrementAndGet();
          next.proceed();
        });
    exchange.getResponseHeaders().put(VERSION, version).put(COLOR, color.label());
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
    switch (exchange.getRequestPath()) {
      case "/" -> answerAfter(exchange, pause(exchange.getQueryParameters().get("pause")));
      case "/health" -> answerHealth(exchange);
      default -> exchange.setStatusCode(StatusCodes.NOT_FOUND).endExchange();
    }
  }

  private void answerAfter(HttpServerExchange exchange, int pause) {
    if (pause == 0) {
      answer(exchange);
    } else {
      exchange.dispatch(
          CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS), this::answer);
    }
  }

  private void answer(HttpServerExchange exchange) {
    int number = answered.incrementAndGet();
    boolean fails = number > FINE_UNTIL && number % FAILS_EVERY == 0;
    if (fails && version.equals(FAILS_UNDER_TRAFFIC)) {
      exchange.setStatusCode(StatusCodes.INTERNAL_SERVER_ERROR);
    }
    exchange.getResponseSender().send(version + " " + color + "\n");
  }

  private void answerHealth(HttpServerExchange exchange) {
    if (version.equals(NEVER_HEALTHY)) {
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
      exchange.getResponseSender().send("no database\n");
    } else {
      exchange.getResponseSender().send("ok\n");
    }
  }

  private static int pause(@Nullable Deque<String> asked) {
    return asked != null && asked.getFirst().matches("[0-9]{1,4}")
        ? Math.min(LONGEST_PAUSE_MS, Integer.parseInt(asked.getFirst()))
        : 0;
  }

  private static int complain(Exception e) {
    System.err.println("could not start: " + e);
    return 1;
  }

  @Command(name = "demo-application", description = "Answers with its version and colour.")
  private static final class Arguments implements Runnable {
    @Option(names = "--port", required = true, description = "Where to listen on 127.0.0.1.")
    private int port;

    @Option(
        names = "--release",
        defaultValue = "${env:BLUEGREEN_VERSION:-unknown}",
        description = "The version to answer with; by default what the launcher says.")
    private String version = "";

    @Option(
        names = "--color",
        defaultValue = "${env:BLUEGREEN_COLOR:-blue}",
        description = "The colour to answer with; by default what the launcher says.")
    private Color color = Color.BLUE;

    @Override
    public void run() {
      DemoApplication application = new DemoApplication(port, version, color);
      System.out.println(version + " (" + color + ") listens on port " + application.port());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    application.close();
                    System.out.println(version + " (" + color + ") has ended");
                  },
                  "shutdown"));
    }
  }
}
