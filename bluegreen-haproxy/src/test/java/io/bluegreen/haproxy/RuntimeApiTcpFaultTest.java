package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits hold on TCP as they do on a unix socket. */
class RuntimeApiTcpFaultTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  private final List<Socket> held = new ArrayList<>();
  private ServerSocket server;
  private RuntimeApi api;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    api = RuntimeApi.tcp(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : held) {
      socket.close();
    }
    server.close();
  }

  private RuntimeApiException failure() {
    return catchThrowableOfType(
        RuntimeApiException.class, () -> api.within(SHORT).setWeight("shop", "blue", 1));
  }

  @Test
  void aConnectionThatIsNotMadeInTimeHasSentNothing() throws Exception {
    // The backlog is full when the system leaves the next one waiting.
    boolean full = false;
    while (!full) {
      Socket socket = new Socket();
      held.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 100);
      } catch (java.net.SocketTimeoutException e) {
        full = true;
      }
    }
    RuntimeApiException e = failure();
    assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(e.mayHaveActed()).isFalse();
    assertThat(e).hasMessageContaining("no connection in time");
  }

  @Test
  void aPortOnWhichNobodyListensIsUnreachable() throws Exception {
    server.close();
    RuntimeApiException e = failure();
    assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(e.mayHaveActed()).isFalse();
  }

  @Test
  void aServerThatIsSilentEndsAtTheDeadlineAndMayHaveActed() {
    RuntimeApiException e = failure();
    assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
    assertThat(e.mayHaveActed()).isTrue();
  }

  @Test
  void aConnectionThatIsResetInAReplyIsNoSuccess() throws Exception {
    for (String part : List.of("", "Permission", "\n")) {
      Thread resetting = new Thread(() -> reset(part));
      resetting.start();
      RuntimeApiException e =
          catchThrowableOfType(
              RuntimeApiException.class,
              () -> api.within(RealHaproxy.LONG).setWeight("shop", "blue", 1));
      resetting.join();
      assertThat(e.kind()).describedAs(part).isEqualTo(Kind.CUT);
      assertThat(e.mayHaveActed()).describedAs(part).isTrue();
    }
  }

  private void reset(String part) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[100]);
      socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
      // Closed with a reset in place of an end.
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void interruptionEndsACallAtOnceWithTheFlagSet() throws Exception {
    AtomicReference<RuntimeApiException> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              thrown.set(
                  catchThrowableOfType(
                      RuntimeApiException.class,
                      () -> api.within(Duration.ofMinutes(5)).setWeight("shop", "blue", 1)));
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    try (Socket socket = server.accept()) {
      assertThat(socket.getInputStream().read(new byte[100])).isPositive();
      caller.interrupt();
      await().until(() -> !caller.isAlive());
    }
    assertThat(thrown.get().kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(thrown.get().mayHaveActed()).isTrue();
    assertThat(flag.get()).isTrue();
  }
}
