package io.bluegreen.testing.contract;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * An application that does with each request what a test says, byte by byte. It takes one request
 * on each connection, and a connection without a request, such as that of a health check, takes
 * none of the scripts. What nobody has said anything about is answered 200.
 */
final class ScriptedApplication implements AutoCloseable {
  private final TimeSource time;
  private final Duration patience;
  private final ServerSocket server;
  private final Queue<Running<?>> scripts = new ConcurrentLinkedQueue<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /**
   * Starts to listen, on a free port of 127.0.0.1.
   *
   * @param time whose threads it takes
   * @param patience how long it waits for the next byte
   */
  ScriptedApplication(TimeSource time, Duration patience) {
    this.time = time;
    this.patience = patience;
    try {
      server = new ServerSocket(0, 200, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    time.executor().execute(this::accept);
  }

  /** What is done with a request whose head was read. */
  @FunctionalInterface
  interface Script<T> {
    T run(Wire wire, WireMessage head) throws Exception;
  }

  String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Does this with the next request. */
  <T> CompletableFuture<T> next(Script<T> script) {
    CompletableFuture<T> result = new CompletableFuture<>();
    scripts.add(new Running<>(script, result));
    return result;
  }

  /** Forgets the scripts that nobody asked for. */
  void forget() {
    scripts.clear();
  }

  /** Ends it, and what it is doing. */
  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        time.executor().execute(() -> serve(connection));
      } catch (IOException | RejectedExecutionException e) {
        return; // it was closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Wire wire = new Wire(connection, patience);
      if (wire.hasMore()) {
        WireMessage head = wire.head();
        Running<?> script = scripts.poll();
        if (script == null) {
          wire.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        } else {
          script.run(wire, head);
        }
        wire.finish();
      }
    } catch (IOException e) {
      return; // the proxy has ended the connection, as it may; a script tells its test itself
    } finally {
      connections.remove(connection);
    }
  }

  private record Running<T>(Script<T> script, CompletableFuture<T> result) {
    void run(Wire wire, WireMessage head) {
      try {
        result.complete(script.run(wire, head));
      } catch (Exception | AssertionError e) {
        result.completeExceptionally(e);
      }
    }
  }
}
