package io.bluegreen.examples.kill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bluegreen.launch.ProcessLauncher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Answers with its version and colour as the demo's application does, from nothing but the JDK, so
 * that one is there in a third of the time: the matrix starts thousands. On SIGTERM it answers what
 * is in flight, and ends.
 */
final class KillApplication {
  /** The file that tells that two of the background service ran at a time. */
  static final String TWO = "two-at-a-time";

  private static final long LAST_ANSWERS_MS = 5_000;

  /** Held until the process ends: a channel that nobody refers to would be closed. */
  private static Optional<FileLock> turn = Optional.empty();

  private KillApplication() {}

  /** Argument: the port. */
  public static void main(String[] args) throws IOException {
    String version = System.getenv("BLUEGREEN_VERSION");
    String color = System.getenv("BLUEGREEN_COLOR");
    if (System.getenv("BLUEGREEN_SERVICE").equals(KilledStory.JOBS)) {
      takeTurn();
    }
    Phaser inFlight = new Phaser(1);
    // At every address: a proxy in a container can't reach the loopback one.
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 128);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          inFlight.register();
          try {
            answer(exchange, version, color);
          } finally {
            inFlight.arriveAndDeregister();
          }
        });
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitLastAnswers(inFlight)));
  }

  private static void takeTurn() throws IOException {
    FileChannel channel =
        FileChannel.open(Path.of("turn"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    turn = Optional.ofNullable(channel.tryLock());
    if (turn.isEmpty()) {
      Files.writeString(Path.of(TWO), System.getenv("BLUEGREEN_COLOR"));
    }
  }

  private static void answer(HttpExchange exchange, String version, String color)
      throws IOException {
    if ("pause=40".equals(exchange.getRequestURI().getQuery())) {
      try {
        Thread.sleep(40);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.getResponseHeaders().set("X-Version", version);
    exchange.getResponseHeaders().set("X-Color", color);
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static void awaitLastAnswers(Phaser inFlight) {
    try {
      inFlight.awaitAdvanceInterruptibly(
          inFlight.arriveAndDeregister(), LAST_ANSWERS_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      System.out.println("still answering, ending all the same");
    }
  }

  /** Returns what starts it, with its files in a directory that is there. */
  static ProcessLauncher launcher(Path directory) {
    return ProcessLauncher.command(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Dsun.net.httpserver.nodelay=true",
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            System.getProperty("java.class.path"),
            KillApplication.class.getName(),
            "{port}")
        .directory(directory)
        .runDirectory(directory.resolve("run"));
  }
}
