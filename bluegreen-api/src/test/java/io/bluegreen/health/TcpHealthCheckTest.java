package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.FullListener;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TcpHealthCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final TcpHealthCheck check = TcpHealthCheck.connect();

  @AfterEach
  void close() {
    check.close();
  }

  @Test
  void listeningPortIsUpAndTheConnectionIsClosed() throws Exception {
    try (ServerSocket listener = listener(10)) {
      for (String scheme : List.of("tcp", "http", "https")) {
        Health health = check.probe(at(listener, scheme)).get();

        assertThat(health).isEqualTo(Health.up("connected to " + uri(listener, scheme)));
        try (Socket accepted = listener.accept()) {
          assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void instanceThatCanNotBeConnectedToIsDownWithAReason() throws Exception {
    Instance closed;
    try (ServerSocket listener = listener(10)) {
      closed = at(listener, "tcp");
    }

    assertThat(check.probe(closed).get().toString())
        .startsWith("DOWN (connect to tcp://127.0.0.1:")
        .contains("refused");
    assertThat(check.probe(new Instance("bot", Color.BLUE, 1, Optional.empty())).get())
        .isEqualTo(Health.down("bot/blue[1] has no endpoint to ask"));
    assertThat(check.probe(at(URI.create("tcp://no-such-host.invalid:80"))).get().detail())
        .isEqualTo(
            "connect to tcp://no-such-host.invalid:80: the host no-such-host.invalid can't be"
                + " resolved");
    assertThat(check.probe(at(URI.create("tcp://127.0.0.1"))).get().detail())
        .contains("no host and port");
  }

  @Test
  void probeThatIsNotAcceptedWaitsUntilItIsCancelledOrClosed() throws Exception {
    try (FullListener full = new FullListener()) {
      CompletableFuture<Health> cancelled = check.probe(at(full.uri("tcp")));
      CompletableFuture<Health> closed = check.probe(at(full.uri("tcp")));
      await().atMost(PATIENCE).until(() -> full.connecting() == 2);
      assertThat(cancelled).isNotDone();
      cancelled.cancel(true);
      await().atMost(PATIENCE).until(() -> full.connecting() == 1);
      check.close();

      assertThat(closed.get().up()).isFalse();
      await().atMost(PATIENCE).until(() -> full.connecting() == 0);
    }
  }

  @Test
  void checkProbesManyAtOnceAndOpensAgainAfterItWasClosed() throws Exception {
    try (ServerSocket listener = listener(4096)) {
      for (int round = 0; round < 2; round++) {
        List<CompletableFuture<Health>> probes =
            IntStream.range(0, 500).mapToObj(i -> check.probe(at(listener, "tcp"))).toList();
        assertThat(probes).allMatch(probe -> probe.join().up());
        check.close();
      }
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("bluegreen-tcp-check"));
  }

  private static ServerSocket listener(int backlog) throws Exception {
    return new ServerSocket(0, backlog, InetAddress.getByName("127.0.0.1"));
  }

  private static URI uri(ServerSocket listener, String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  private static Instance at(ServerSocket listener, String scheme) {
    return at(uri(listener, scheme));
  }

  private static Instance at(URI endpoint) {
    return new Instance("web", Color.GREEN, 0, Optional.of(endpoint));
  }
}
