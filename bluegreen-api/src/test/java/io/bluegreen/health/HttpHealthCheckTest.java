package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.RawServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HttpHealthCheckTest {
  private static final HttpHealthCheck CHECK = HttpHealthCheck.get("/health");

  private final List<HttpHealthCheck> checks = new ArrayList<>();

  @AfterEach
  void close() {
    checks.forEach(HttpHealthCheck::close);
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK,true",
    "204 No Content,true",
    "299 Odd,true",
    "302 Found,false",
    "404 Not Found,false",
    "500 Oops,false"
  })
  void takesAnyStatusOf2xxForUp(String status, boolean up) throws Exception {
    Health health = answer(CHECK, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");

    assertThat(health.up()).isEqualTo(up);
    assertThat(health.detail()).startsWith("GET /health: ").contains(status.substring(0, 3));
  }

  @Test
  void versionThatIsToRunIsExpectedInBodyJsonAndHeaderAndAskedForInPathAndHeader()
      throws Exception {
    HttpHealthCheck check =
        HttpHealthCheck.get("/v/{version}?is={version}")
            .header("X-Wanted", "{version}")
            .expectText("shop {version}")
            .expectBody("^\\W+\\w+\\W+shop {version}\"")
            .expectJson("/app", "shop {version}")
            .expectHeader("x-version", "v{version}");
    String right =
        RawServer.response("200 OK", "X-Version: v1.4+b2\r\n", "{\"app\":\"shop 1.4+b2\"}");

    try (RawServer server = RawServer.answering(right)) {
      assertThat(probe(check, at(server.uri("http"), "1.4+b2"))).matches(Health::up, "up");
      assertThat(server.heads().get(0))
          .startsWith("GET /v/1.4%2Bb2?is=1.4%2Bb2 HTTP/1.1")
          .contains("X-Wanted: 1.4+b2");
      // A plus is no part of the pattern, and 1.4 is not 1x4.
      assertThat(probe(check, at(server.uri("http"), "1.4")).up()).isFalse();
      Health other = probe(CHECK.expectText("shop {version}"), at(server.uri("http"), "1x4"));
      assertThat(other.up()).isFalse();
      assertThat(other.detail()).contains("\"shop 1x4\" was not found in the body");
      assertThat(probe(CHECK.expectHeader("X-Version", "{version}"), at(server.uri("http"), "2")))
          .hasToString(
              "DOWN (GET /health: expected the header X-Version to be \"2\", but was \"v1.4+b2\")");
    }
  }

  @Test
  void whatIsExpectedOfAVersionThatIsNotKnownIsLeftOutAndTheDetailSaysSo() throws Exception {
    try (RawServer server = RawServer.answering(RawServer.response("200 OK", "", "shop 9"))) {
      Instance slot = new Instance("web", Color.BLUE, 0, Optional.of(server.uri("http")));
      Health health = probe(CHECK.expectText("shop {version}").expectText("shop"), slot);
      assertThat(health.up()).isTrue();
      assertThat(health.detail()).contains("its version is not known, and was not compared");
      assertThat(probe(CHECK.expectText("{version}").expectText("cart"), slot).up()).isFalse();

      HttpHealthCheck cant = HttpHealthCheck.get("/v/{version}");
      assertThat(probe(cant, slot).up()).as("a slot is never taken for good unasked").isFalse();
      Instance door = new Instance("web", Color.BLUE, 0, slot.endpoint(), Optional.empty(), true);
      assertThat(probe(cant, door).detail()).contains("not asked: the version is not known");
      assertThat(probe(cant, door).up()).isTrue();
    }
  }

  @Test
  void doubledBraceIsTheBraceItselfInWhatIsSentAndExpected() throws Exception {
    HttpHealthCheck check =
        HttpHealthCheck.get("/v/{{a}}")
            .header("X-Wanted", "{{\"v\":\"{version}\"}}")
            .expectText("{{\"app\":\"shop {version}\"}}")
            .expectBody("shop [0-9.]{{3}}\"")
            .expectJson("/app", "shop {version}")
            .expectHeader("X-Set", "{{1}}");

    try (RawServer server =
        RawServer.answering(
            RawServer.response("200 OK", "X-Set: {1}\r\n", "{\"app\":\"shop 1.4\"}"))) {
      assertThat(probe(check, at(server.uri("http"), "1.4"))).matches(Health::up, "up");
      assertThat(server.heads().get(0))
          .startsWith("GET /v/%7Ba%7D HTTP/1.1")
          .contains("X-Wanted: {\"v\":\"1.4\"}");
    }
  }

  @Test
  void refusesABraceOrANameThatItDoesNotKnowWithTheRemedyAndWithoutTheText() {
    refuses("path: has a NUL character", () -> HttpHealthCheck.get("/\0"));
    refuses("path: the brace at character 4", () -> HttpHealthCheck.get("/a?{secret"));
    refuses("path: the placeholder {id} at character 4", () -> HttpHealthCheck.get("/a/{id}"));
    refuses("value: the brace at", () -> CHECK.header("A", "{"));
    refuses("value: the placeholder {verison}", () -> CHECK.expectJson("/a", "{verison}"));
    refuses("value: the brace at", () -> CHECK.expectHeader("A", "}"));
    refuses("text: the brace at", () -> CHECK.expectText("{\"a\":1}"));
    refuses(
        "regex: the brace at character 6 stands alone; write each brace that is text twice",
        () -> CHECK.expectBody("[0-9]{3}"));
  }

  private Health probe(HttpHealthCheck check, Instance instance) throws Exception {
    checks.add(check);
    return check.probe(instance).get();
  }

  private static Instance at(URI endpoint, String version) {
    return new Instance("web", Color.BLUE, 0, Optional.of(endpoint), Optional.of(version), false);
  }

  @Test
  void takesOnlyTheStatusesThatItWasTold() throws Exception {
    HttpHealthCheck check = CHECK.expectStatus(401, 503);

    assertThat(answer(check, RawServer.response("503 Busy", "", "")).up()).isTrue();
    Health ok = answer(check, RawServer.response("200 OK", "", "fine\r\nhere"));
    assertThat(ok)
        .isEqualTo(Health.down("GET /health: expected [401, 503], but was 200: fine  here"));
  }

  @Test
  void sendsTheMethodTheHeadersAndTheHostThatItWasTold() throws Exception {
    HttpHealthCheck check =
        CHECK.method("HEAD").header("Authorization", "Bearer secret").host("shop.example:8443");
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n")) {
      assertThat(probe(check, server.uri()).up()).isTrue();
      assertThat(server.heads().get(0))
          .startsWith("HEAD /health HTTP/1.1\r\n")
          .contains("\r\nAuthorization: Bearer secret\r\n", "\r\nHost: shop.example:8443\r\n");
    }
    assertThat(check.toString()).isEqualTo("HEAD /health");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"status\":\"UP\"}|/status|UP|",
        "{\"a\":[{\"n\":42}]}|/a/0/n|42|",
        "{\"a/b\":true}|/a~1b|true|",
        "\"UP\"|``|UP|",
        "{\"status\":\"DOWN\"}|/status|UP|expected /status to be \"UP\", but was \"DOWN\"",
        "{\"status\":null}|/status|null|expected /status to be \"null\", but was null",
        "{}|/status|UP|expected /status to be \"UP\", but is missing",
        "{\"status\":\"UP\"} x|/status|UP|the body is not JSON: ",
        "{\"status\":\"UP\",\"status\":\"UP\"}|/status|UP|the body is not JSON: ",
        "<html>|/status|UP|the body is not JSON: ",
        "``|/status|UP|the body is not JSON: "
      })
  void expectsAValueInTheJsonBody(String body, String pointer, String value, String refusal)
      throws Exception {
    Health health =
        answer(CHECK.expectJson(pointer, value), RawServer.response("200 OK", "", body));

    assertThat(health.up()).isEqualTo(refusal == null);
    assertThat(health.detail()).contains(refusal == null ? "200" : refusal);
  }

  @Test
  void expectsEveryValueThatItWasTold() throws Exception {
    HttpHealthCheck check = CHECK.expectJson("/db", "UP").expectJson("/disk", "UP");

    assertThat(json(check, "{\"db\":\"UP\",\"disk\":\"UP\"}").up()).isTrue();
    assertThat(json(check, "{\"db\":\"DOWN\",\"disk\":\"UP\"}").up()).isFalse();
    assertThat(json(check, "{\"db\":\"UP\",\"disk\":\"DOWN\"}").up()).isFalse();
  }

  @Test
  void expectsAPatternSomewhereInTheBody() throws Exception {
    HttpHealthCheck check = CHECK.expectBody("ready: \\d+");

    assertThat(json(check, "it is ready: 12!").up()).isTrue();
    assertThat(json(check, "it is ready: no").detail())
        .isEqualTo("GET /health: /ready: \\d+/ was not found in the body");
  }

  @Test
  void looksForAPatternInTheBeginningOfALargeBodyOnly() throws Exception {
    String filler = " ".repeat(BoundedHttp.BODY_KEPT);
    HttpHealthCheck check = CHECK.expectBody("ready");

    assertThat(json(check, "ready" + filler).up()).isTrue();
    assertThat(json(check, filler + "ready").detail()).contains("first 65536 bytes");
    assertThat(json(CHECK, filler + "ready").up()).isTrue();
    assertThat(json(CHECK.expectJson("", "1"), "1" + filler).detail())
        .contains("more than 65536 bytes");
  }

  @Test
  void givesUpOnAPatternThatBacktracksOrRecursesWithoutEnd() throws Exception {
    assertThat(json(CHECK.expectBody("(a+)+b"), "a".repeat(5_000)).detail())
        .contains("was given up after 2000000 steps");
    assertThat(json(CHECK.expectBody("^(a|b)*c"), "ab".repeat(30_000)).detail())
        .contains("needs too much stack");
  }

  @Test
  void doesNotReadABodyThatIsEncodedAlthoughItDidNotAskForThat() throws Exception {
    String zipped = RawServer.response("200 OK", "Content-Encoding: gzip\r\n", "{\"a\":\"b\"}");

    assertThat(answer(CHECK.expectJson("/a", "b"), zipped).detail()).contains("encoded (gzip)");
    assertThat(answer(CHECK.expectBody("b"), zipped).detail()).contains("encoded (gzip)");
    assertThat(answer(CHECK, zipped).up()).isTrue();
  }

  @Test
  void takesASlowAnswerForDown() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              asked.countDown();
              Thread.sleep(30);
              out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8"));
            })) {
      assertThat(probe(CHECK.answerWithin(Duration.ofMillis(29)), server.uri()).detail())
          .matches("GET /health: answered in \\d+ ms, expected at most 29 ms");
      assertThat(probe(CHECK.answerWithin(Duration.ofMinutes(2)), server.uri()).up()).isTrue();
    }
  }

  @Test
  void sendsOneRequestAlsoToAServerThatIsBusy() throws Exception {
    try (RawServer server =
        RawServer.answering(RawServer.response("503 Busy", "Retry-After: 0\r\n", ""))) {
      assertThat(probe(CHECK, server.uri()).up()).isFalse();
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void opensAConnectionForEachProbe() throws Exception {
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8"));
              Thread.sleep(60_000);
            })) {
      HttpHealthCheck check = keep(CHECK);
      for (int i = 0; i < 3; i++) {
        assertThat(check.probe(at(server.uri())).get().up()).isTrue();
      }
      assertThat(server.heads()).hasSize(3);
    }
  }

  @Test
  void isDownWithAReasonWhereItCannotAsk() throws Exception {
    URI closed;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      closed = URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }
    HttpHealthCheck check = keep(CHECK);

    assertThat(check.probe(new Instance("bot", Color.BLUE, 0, Optional.empty())).get())
        .isEqualTo(Health.down("bot/blue[0] has no endpoint to ask"));
    assertThat(check.probe(at(URI.create("tcp://127.0.0.1:80"))).get())
        .isEqualTo(
            Health.down(
                "tcp://127.0.0.1:80 is neither http nor https; TcpHealthCheck asks such ones"));
    assertThat(check.probe(at(closed)).get().toString())
        .startsWith("DOWN (GET /health: ")
        .contains("refused");
    assertThat(check.probe(at(URI.create("http://no-such-host.invalid:80"))).get().toString())
        .startsWith("DOWN (GET /health: ")
        .contains("no-such-host.invalid");
  }

  @Test
  void isDownWhereTheAnswerIsNotHttp() throws Exception {
    assertThat(answer(CHECK, "220 mail ESMTP\r\n\r\n").up()).isFalse();
    assertThat(answer(CHECK, "").up()).isFalse();
  }

  @Test
  void cancellingAProbeHangsUp() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      CompletableFuture<Health> health = keep(CHECK).probe(at(server.uri()));
      server.asked().await();
      health.cancel(true);

      server.gone().await();
    }
  }

  @Test
  void closingIsDownForWhatIsInFlightAndALaterProbeOpensAnew() throws Exception {
    RawServer[] self = new RawServer[1];
    HttpHealthCheck check = keep(CHECK);
    check.close();
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket));
        RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      self[0] = server;
      CompletableFuture<Health> health = check.probe(at(server.uri()));
      server.asked().await();
      check.close();

      assertThat(health.get()).isEqualTo(Health.down("GET /health: the client is closed"));
      assertThat(check.probe(at(healthy.uri())).get().up()).isTrue();
    }
  }

  @Test
  void hasNoThreadBeforeItsFirstProbeAndNoneAfterItWasClosed() throws Exception {
    HttpHealthCheck check = HttpHealthCheck.get("/").expectStatus(200).inFlight(7);
    assertThat(threads()).isEmpty();
    try (RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      assertThat(check.probe(at(healthy.uri())).get().up()).isTrue();
    }
    assertThat(threads()).isNotEmpty();
    check.close();

    await().untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "health",
        "//evil.example/",
        "/a b",
        "/a\r\nX: y",
        "/a#b",
        "/ü",
        "http://a/b",
        "/%zz"
      })
  void refusesAMalformedPath(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpHealthCheck.get(path))
        .withMessageStartingWith("path: expected a path such as /health");
  }

  @Test
  void refusesOtherMalformedOptionsByName() {
    refuses("method", () -> CHECK.method("get"));
    refuses("method", () -> CHECK.method("GET / HTTP/1.1\r\nX:"));
    refuses("header", () -> CHECK.header("X Y", "z"));
    refuses("header X", () -> CHECK.header("X", "a\r\nY: b"));
    refuses("header: Host", () -> CHECK.header("Host", "a"));
    refuses("header: connection", () -> CHECK.header("connection", "keep-alive"));
    refuses("host", () -> CHECK.host("a b"));
    refuses(
        "host: expected a name or a name:port, but was \"app_1:8080\"; a host's name has no '_'",
        () -> CHECK.host("app_1:8080"));
    refuses("status", () -> CHECK.expectStatus());
    refuses("status", () -> CHECK.expectStatus(99));
    refuses("pointer", () -> CHECK.expectJson("status", "UP"));
    refuses("regex", () -> CHECK.expectBody("("));
    refuses("limit", () -> CHECK.answerWithin(Duration.ZERO));
    refuses("most", () -> CHECK.inFlight(0));
  }

  @Test
  void leavesTheCheckThatItIsMadeFromAsItIs() throws Exception {
    HttpHealthCheck strict = CHECK.expectStatus(201).expectBody("x").header("A", "b").host("c");

    try (RawServer server = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      assertThat(probe(CHECK, server.uri()).up()).isTrue();
      assertThat(server.heads().get(0)).doesNotContain("A: b", "Host: c");
      assertThat(probe(strict, server.uri()).up()).isFalse();
    }
  }

  private static void refuses(String argument, Runnable misuse) {
    assertThatIllegalArgumentException().isThrownBy(misuse::run).withMessageStartingWith(argument);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("bluegreen-http"))
        .toList();
  }

  private Health json(HttpHealthCheck check, String body) throws Exception {
    return answer(check, RawServer.response("200 OK", "", body));
  }

  private Health answer(HttpHealthCheck check, String response) throws Exception {
    try (RawServer server = RawServer.answering(response)) {
      return probe(check, server.uri());
    }
  }

  private Health probe(HttpHealthCheck check, URI endpoint) throws Exception {
    Health health = keep(check).probe(at(endpoint)).get();
    check.close();
    return health;
  }

  private HttpHealthCheck keep(HttpHealthCheck check) {
    checks.add(check);
    return check;
  }

  static Instance at(URI endpoint) {
    return new Instance("web", Color.GREEN, 0, Optional.of(endpoint));
  }
}
