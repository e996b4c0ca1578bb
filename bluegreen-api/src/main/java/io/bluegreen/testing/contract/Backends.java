package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Small HTTP applications to put behind a {@link ProxyUnderTest}. Each service has one of each
 * colour, on a free port of 127.0.0.1. It answers every GET with the name of its colour, on
 * connections that it keeps open. {@link #close} ends them all. Safe for use by several threads.
 */
public final class Backends implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HOLD = "/hold/";

  private final TimeSource time = TimeSource.system();
  private final Map<String, ServerSocket> servers = new HashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, Hold> holds = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();

  /**
   * Starts both colours of these services.
   *
   * @throws UncheckedIOException if there is no free port
   */
  public Backends(String... services) {
    try {
      for (String service : services) {
        for (Color color : Color.values()) {
          ServerSocket server =
              new ServerSocket(0, 200, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
          servers.put(service + "/" + color, server);
          time.executor().execute(() -> accept(server, color));
        }
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the address of one of them, such as {@code http://127.0.0.1:40123}.
   *
   * @throws IllegalArgumentException if there is no such service
   */
  public String endpoint(String service, Color color) {
    ServerSocket server = servers.get(service + "/" + color);
    if (server == null) {
      throw new IllegalArgumentException("service: there is no backend of " + service);
    }
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Sends a request through a proxy to one of them, and returns when it has arrived there.
   *
   * @throws IOException if it did not arrive
   */
  public ProxyUnderTest.Held hold(URI frontDoor) throws IOException {
    String path = HOLD + names.incrementAndGet();
    Hold hold = new Hold(new CompletableFuture<>(), new CompletableFuture<>());
    holds.put(path, hold);
    CompletableFuture<Color> answer = new CompletableFuture<>();
    time.executor()
        .execute(
            () -> {
              try (HttpClient client = new HttpClient(frontDoor, false)) {
                answer.complete(client.request(path));
              } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
                hold.arrived().completeExceptionally(e);
              }
            });
    await(hold.arrived());
    return () -> {
      hold.released().complete(true);
      try {
        await(answer);
      } catch (IOException e) {
        answer.cancel(true); // it was cut; the router reports that itself
      }
    };
  }

  /** Ends them all, also the requests that they are answering. */
  @Override
  public void close() {
    servers.values().forEach(Backends::end);
    time.close();
    connections.forEach(Backends::end);
  }

  private static void end(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket server, Color color) {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        if (server.isClosed()) {
          end(connection); // it came during close()
          return;
        }
        time.executor().execute(() -> serve(connection, color));
      } catch (IOException | RejectedExecutionException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException("a backend can't accept connections any more", e);
        }
        connections.forEach(Backends::end);
      }
    }
  }

  private void serve(Socket connection, Color color) {
    try (connection) {
      connection.setTcpNoDelay(true);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String request = in.readLine(); request != null; request = in.readLine()) {
        boolean open = !request.endsWith("HTTP/1.0");
        for (String header = in.readLine();
            header != null && !header.isEmpty();
            header = in.readLine()) {
          open &= !header.equalsIgnoreCase("connection: close");
        }
        holdBack(request);
        connection.getOutputStream().write(answer(color, open));
        if (!open) {
          return;
        }
      }
    } catch (IOException e) {
      return; // the proxy has closed it, as it may
    } finally {
      connections.remove(connection);
    }
  }

  private void holdBack(String request) throws IOException {
    String path = request.contains(" ") ? request.split(" ", 3)[1] : "";
    Hold hold = holds.get(path);
    if (hold != null) {
      hold.arrived().complete(true);
      await(hold.released());
    }
  }

  private void await(CompletableFuture<?> future) throws IOException {
    try {
      time.await(PATIENCE, future);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (Exception e) {
      throw new IOException("the held request failed", e);
    }
  }

  private static byte[] answer(Color color, boolean open) {
    String body = color.label();
    return ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
            + body.length()
            + (open ? "" : "\r\nConnection: close")
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private record Hold(CompletableFuture<Boolean> arrived, CompletableFuture<Boolean> released) {}
}
