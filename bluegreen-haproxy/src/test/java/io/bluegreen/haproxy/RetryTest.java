package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.Backends;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * With one of two instances out of order no user gets an error: what HAProxy has not yet sent goes
 * to the other one, from the first moment on, before HAProxy's own check has found out.
 */
class RetryTest {
  private static final int ROUNDS = 20;

  /** An application that answers, refuses connections, or lets them hang. */
  private static final class Fragile implements AutoCloseable {
    private final List<Socket> filling = new ArrayList<>();
    private final int port;
    private ServerSocket server;
    volatile boolean breaks;

    Fragile() throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      port = server.getLocalPort();
      serve(server);
    }

    private void serve(ServerSocket socket) {
      Thread thread =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (Socket connection = socket.accept()) {
                    connection.setSoTimeout(2_000);
                    if (connection.getInputStream().read(new byte[4096]) <= 0 || breaks) {
                      continue;
                    }
                    connection
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nblue1"
                                .getBytes(StandardCharsets.US_ASCII));
                  } catch (IOException e) {
                    continue; // A check that hung up, or the end.
                  }
                }
              },
              "fragile");
      thread.setDaemon(true);
      thread.start();
    }

    void refuse() throws IOException {
      server.close();
    }

    /** Nobody accepts, and the queue is full: the system lets every further SYN go unanswered. */
    void swallow() throws IOException {
      server.close();
      server = listening(1);
      while (true) {
        Socket socket = new Socket();
        filling.add(socket);
        try {
          socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
        } catch (SocketTimeoutException e) {
          return;
        }
      }
    }

    void answer() throws IOException {
      close();
      filling.clear();
      server = listening(50);
      serve(server);
    }

    /** The port is free again when the thread that accepts has seen the end. */
    private ServerSocket listening(int backlog) {
      return await()
          .ignoreExceptionsInstanceOf(BindException.class)
          .until(
              () -> new ServerSocket(port, backlog, InetAddress.getByName("127.0.0.1")),
              socket -> true);
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : filling) {
        socket.close();
      }
    }
  }

  @Test
  void instanceThatRefusesOrSwallowsConnectionsCostsNoUserAnAnswer() throws Exception {
    try (Backends backends = new Backends("web", "solo");
        Fragile fragile = new Fragile();
        Fragile alone = new Fragile()) {
      Service web =
          Service.named("web")
              .blue("http://127.0.0.1:" + fragile.port, backends.endpoint("web", Color.BLUE))
              .green(backends.endpoint("web", Color.GREEN))
              .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort());
      Service solo =
          Service.named("solo")
              .blue("http://127.0.0.1:" + alone.port)
              .green(backends.endpoint("solo", Color.GREEN))
              .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort());
      // Its check is kept from helping: what is looked at is what comes before it has found out.
      try (RenderedGroup stage =
          new RenderedGroup(
              RenderOptions.defaults(),
              config -> config.replace("fastinter 200ms fall 2", "fastinter 200ms fall 1000"),
              new Group("shop", List.of(web, solo)))) {
        assertThat(answers(stage)).as("both answer").containsOnlyKeys("blue", "blue1");
        fragile.refuse();
        assertThat(answers(stage)).as("one refuses").containsOnly(Map.entry("blue", ROUNDS));
        fragile.answer();
        assertThat(answers(stage)).as("both again").containsOnlyKeys("blue", "blue1");
        fragile.swallow();
        assertThat(answers(stage)).as("one swallows").containsOnly(Map.entry("blue", ROUNDS));

        // A server that a few requests broke is not kept from all others.
        alone.breaks = true;
        for (int i = 0; i < 20; i++) {
          assertThat(catchThrowable(() -> get(stage, "solo"))).hasMessageContaining("502");
        }
        alone.breaks = false;
        assertThat(get(stage, "solo")).isEqualTo("blue1");
      }
    }
  }

  /** At once, for a connection that is swallowed is given up only behind its time. */
  private static Map<String, Integer> answers(RenderedGroup stage) {
    List<CompletableFuture<String>> asked = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      asked.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return get(stage, "web");
                } catch (IOException e) {
                  return String.valueOf(e.getMessage());
                }
              },
              work -> new Thread(work).start()));
    }
    Map<String, Integer> answers = new TreeMap<>();
    asked.forEach(answer -> answers.merge(answer.join(), 1, Integer::sum));
    return answers;
  }

  private static String get(RenderedGroup stage, String service) throws IOException {
    try (BrowserClient visitor = new BrowserClient(stage.door(service), false)) {
      return visitor.get();
    }
  }
}
