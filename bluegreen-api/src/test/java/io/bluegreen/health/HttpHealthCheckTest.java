package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.RawServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HttpHealthCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpHealthCheck CHECK = HttpHealthCheck.get("/health");

  private final HttpProbes probes = new HttpProbes();

  @AfterEach
  void close() {
    probes.close();
  }

  @Test
  void probeSendsTheMethodTheHeadersAndTheHostThatWereSet() throws Exception {
    HttpHealthCheck check =
        CHECK.method("HEAD").header("Authorization", "Bearer secret").host("shop.example:8443");
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n")) {
      assertThat(probes.probe(check, server.uri()).up()).isTrue();
      assertThat(server.heads().get(0))
          .startsWith("HEAD /health HTTP/1.1\r\n")
          .contains("\r\nAuthorization: Bearer secret\r\n", "\r\nHost: shop.example:8443\r\n");
    }
    assertThat(check.toString()).isEqualTo("HEAD /health");
  }

  @Test
  void probeSendsOneRequestAlsoToAServerThatIsBusy() throws Exception {
    try (RawServer server =
        RawServer.answering(RawServer.response("503 Busy", "Retry-After: 0\r\n", ""))) {
      assertThat(probes.probe(CHECK, server.uri()).up()).isFalse();
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void eachProbeOpensAConnection() throws Exception {
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8"));
              Thread.sleep(60_000);
            })) {
      HttpHealthCheck check = probes.keep(CHECK);
      for (int i = 0; i < 3; i++) {
        assertThat(check.probe(HttpProbes.at(server.uri())).get().up()).isTrue();
      }
      assertThat(server.heads()).hasSize(3);
    }
  }

  @Test
  void instanceThatCanNotBeAskedIsDownWithAReason() throws Exception {
    URI closed = URI.create("http://127.0.0.1:" + RefusedPort.find());
    HttpHealthCheck check = probes.keep(CHECK);

    assertThat(check.probe(new Instance("bot", Color.BLUE, 0, Optional.empty())).get())
        .isEqualTo(Health.down("bot/blue[0] has no endpoint to ask"));
    assertThat(check.probe(HttpProbes.at(URI.create("tcp://127.0.0.1:80"))).get())
        .isEqualTo(
            Health.down(
                "tcp://127.0.0.1:80 is neither http nor https; TcpHealthCheck asks such ones"));
    assertThat(check.probe(HttpProbes.at(closed)).get().toString())
        .startsWith("DOWN (GET /health: ")
        .contains("refused");
    assertThat(
            check
                .probe(HttpProbes.at(URI.create("http://no-such-host.invalid:80")))
                .get()
                .toString())
        .startsWith("DOWN (GET /health: ")
        .contains("no-such-host.invalid");
  }

  @Test
  void answerThatIsNotHttpIsDown() throws Exception {
    assertThat(probes.answer(CHECK, "220 mail ESMTP\r\n\r\n").up()).isFalse();
    assertThat(probes.answer(CHECK, "").up()).isFalse();
  }

  @Test
  void cancellingAProbeHangsUp() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      CompletableFuture<Health> health = probes.keep(CHECK).probe(HttpProbes.at(server.uri()));
      server.asked().await();
      health.cancel(true);

      server.gone().await();
    }
  }

  @Test
  void closingAnswersProbesInFlightWithDownAndALaterProbeOpensAgain() throws Exception {
    RawServer[] self = new RawServer[1];
    HttpHealthCheck check = probes.keep(CHECK);
    check.close();
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket));
        RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      self[0] = server;
      CompletableFuture<Health> health = check.probe(HttpProbes.at(server.uri()));
      server.asked().await();
      check.close();

      assertThat(health.get()).isEqualTo(Health.down("GET /health: the client is closed"));
      assertThat(check.probe(HttpProbes.at(healthy.uri())).get().up()).isTrue();
    }
  }

  @Test
  void checkHasNoThreadBeforeItsFirstProbeAndNoneAfterItWasClosed() throws Exception {
    // Threads of checks that another test has closed may still be ending.
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
    HttpHealthCheck check = HttpHealthCheck.get("/").expectStatus(200).inFlight(7);
    assertThat(threads()).isEmpty();
    try (RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      assertThat(check.probe(HttpProbes.at(healthy.uri())).get().up()).isTrue();
    }
    assertThat(threads()).isNotEmpty();
    check.close();

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  @Test
  void settingsLeaveTheCheckThatTheyStartFromAsItIs() throws Exception {
    HttpHealthCheck strict = CHECK.expectStatus(201).expectBody("x").header("A", "b").host("c");

    try (RawServer server = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      assertThat(probes.probe(CHECK, server.uri()).up()).isTrue();
      assertThat(server.heads().get(0)).doesNotContain("A: b", "Host: c");
      assertThat(probes.probe(strict, server.uri()).up()).isFalse();
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("bluegreen-http"))
        .toList();
  }
}
