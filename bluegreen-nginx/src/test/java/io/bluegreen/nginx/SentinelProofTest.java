package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.testing.VirtualTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that are closed by a worker which was not told to quit. */
class SentinelProofTest {
  private static final Duration OVERLAP = Duration.ofMillis(100);
  private static final Duration TAIL = Duration.ofMillis(60);

  private final Group group =
      new Group(
          "shop",
          List.of(Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2")));
  private final String status = GenerationStatus.first(group, "reload").json();
  private final List<Socket> kept = new CopyOnWriteArrayList<>();
  private final VirtualTime time = new VirtualTime();
  private ServerSocket server;
  private SentinelProof proof;
  private boolean answersNext;

  @BeforeEach
  void watchTwoWorkers() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    new Thread(this::accept, "door").start();
    proof =
        SentinelProof.before(
            StatusAddress.loopback("http://127.0.0.1:" + server.getLocalPort()),
            () -> answersNext,
            time);
    assertThat(kept).hasSizeGreaterThan(20);
  }

  @AfterEach
  void stop() throws IOException {
    proof.close();
    server.close();
    for (Socket socket : kept) {
      socket.close();
    }
    time.close();
  }

  @Test
  void proofHoldsSoonWhereAllConnectionsAreClosedTogether() throws IOException {
    answersNext = true;
    assertThat(proof.holds()).isFalse();
    time.pass(OVERLAP);
    assertThat(proof.holds()).as("they are open").isFalse();
    close(kept);
    await().until(proof::holds);
  }

  @Test
  void connectionThatIsClosedBeforeNginxTellsWorkersToQuitProvesNothing() throws IOException {
    time.pass(OVERLAP.minusMillis(1));
    close(kept);
    awaitClosed();
    assertThat(proof.holds()).isFalse();
    onlyTheQuietWindowDecides();
  }

  @Test
  void closedConnectionProvesNothingWhileItsWorkerKeepsOthers() throws IOException {
    answersNext = true;
    assertThat(proof.holds()).isFalse();
    time.pass(OVERLAP);
    close(kept.subList(0, 1));
    awaitClosed();
    onlyTheQuietWindowDecides();
  }

  @Test
  void formerWorkerThatAnswersOnceMoreStartsTheWindowAgain() throws IOException {
    close(kept);
    awaitClosed();
    assertThat(proof.holds()).isFalse();
    answersNext = true;
    assertThat(proof.holds()).isFalse();
    time.pass(QuietProof.WINDOW.minusMillis(1));
    assertThat(proof.holds()).isFalse();
    answersNext = false;
    time.pass(TAIL);
    assertThat(proof.holds()).isFalse();
    onlyTheQuietWindowDecides();
  }

  private void onlyTheQuietWindowDecides() throws IOException {
    answersNext = true;
    assertThat(proof.holds()).isFalse();
    time.pass(TAIL);
    assertThat(proof.holds()).as("soon").isFalse();
    time.pass(QuietProof.WINDOW);
    assertThat(proof.holds()).as("later").isTrue();
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** A close there is seen here a moment later; when this last one is seen, so are the others. */
  private void awaitClosed() throws IOException {
    try (StatusConnection later =
        StatusConnection.open(
            StatusAddress.loopback("http://127.0.0.1:" + server.getLocalPort()),
            Duration.ofSeconds(9),
            time)) {
      assertThat(later.get(StatusRequest.STATUS).ok()).isTrue();
    }
  }

  private void accept() {
    try {
      for (int i = 0; ; i++) {
        Socket socket = server.accept();
        kept.add(socket);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        while (!in.readLine().isEmpty()) {
          // The rest of the request's head.
        }
        socket.getOutputStream().write(answer(100 + i % 2));
      }
    } catch (IOException closed) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(closed);
      }
    }
  }

  private byte[] answer(long pid) {
    String body = "{\"pid\":%d,\"config\":\"x\",\"status\":%s}".formatted(pid, status);
    return "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
