package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.RawServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class AnswerExpectationsTest {
  private static final HttpHealthCheck CHECK = HttpHealthCheck.get("/health");

  private final HttpProbes probes = new HttpProbes();

  @AfterEach
  void close() {
    probes.close();
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
  void anyStatusOf2xxIsTakenForUp(String status, boolean up) throws Exception {
    Health health = probes.answer(CHECK, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");

    assertThat(health.up()).isEqualTo(up);
    assertThat(health.detail()).startsWith("GET /health: ").contains(status.substring(0, 3));
  }

  @Test
  void versionOfTheReleaseIsExpectedInBodyJsonAndHeaderAndSentInPathAndHeader() throws Exception {
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
      assertThat(probes.probe(check, HttpProbes.at(server.uri("http"), "1.4+b2")))
          .matches(Health::up, "up");
      assertThat(server.heads().get(0))
          .startsWith("GET /v/1.4%2Bb2?is=1.4%2Bb2 HTTP/1.1")
          .contains("X-Wanted: 1.4+b2");
      // A plus is no part of the pattern, and 1.4 is not 1x4.
      assertThat(probes.probe(check, HttpProbes.at(server.uri("http"), "1.4")).up()).isFalse();
      Health other =
          probes.probe(
              CHECK.expectText("shop {version}"), HttpProbes.at(server.uri("http"), "1x4"));
      assertThat(other.up()).isFalse();
      assertThat(other.detail()).contains("\"shop 1x4\" was not found in the body");
      assertThat(
              probes.probe(
                  CHECK.expectHeader("X-Version", "{version}"),
                  HttpProbes.at(server.uri("http"), "2")))
          .hasToString(
              "DOWN (GET /health: expected the header X-Version to be \"2\", but was \"v1.4+b2\")");
    }
  }

  @Test
  void expectationsOfAnUnknownVersionAreLeftOutAndTheDetailSaysSo() throws Exception {
    try (RawServer server = RawServer.answering(RawServer.response("200 OK", "", "shop 9"))) {
      Instance slot = new Instance("web", Color.BLUE, 0, Optional.of(server.uri("http")));
      Health health = probes.probe(CHECK.expectText("shop {version}").expectText("shop"), slot);
      assertThat(health.up()).isTrue();
      assertThat(health.detail()).contains("its version is not known, and was not compared");
      assertThat(probes.probe(CHECK.expectText("{version}").expectText("cart"), slot).up())
          .isFalse();

      HttpHealthCheck cant = HttpHealthCheck.get("/v/{version}");
      assertThat(probes.probe(cant, slot).up())
          .as("a slot is never taken for good unasked")
          .isFalse();
      Instance door = new Instance("web", Color.BLUE, 0, slot.endpoint(), Optional.empty(), true);
      assertThat(probes.probe(cant, door).detail()).contains("not asked: the version is not known");
      assertThat(probes.probe(cant, door).up()).isTrue();
    }
  }

  @Test
  void doubledBraceIsTheBraceItselfInRequestsAndExpectations() throws Exception {
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
      assertThat(probes.probe(check, HttpProbes.at(server.uri("http"), "1.4")))
          .matches(Health::up, "up");
      assertThat(server.heads().get(0))
          .startsWith("GET /v/%7Ba%7D HTTP/1.1")
          .contains("X-Wanted: {\"v\":\"1.4\"}");
    }
  }

  @Test
  void onlyTheStatusesThatWereNamedAreTakenForUp() throws Exception {
    HttpHealthCheck check = CHECK.expectStatus(401, 503);

    assertThat(probes.answer(check, RawServer.response("503 Busy", "", "")).up()).isTrue();
    Health ok = probes.answer(check, RawServer.response("200 OK", "", "fine\r\nhere"));
    assertThat(ok)
        .isEqualTo(Health.down("GET /health: expected [401, 503], but was 200: fine  here"));
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
  void valueInTheJsonBodyIsExpected(String body, String pointer, String value, String refusal)
      throws Exception {
    Health health =
        probes.answer(CHECK.expectJson(pointer, value), RawServer.response("200 OK", "", body));

    assertThat(health.up()).isEqualTo(refusal == null);
    assertThat(health.detail()).contains(refusal == null ? "200" : refusal);
  }

  @Test
  void everyValueThatWasNamedIsExpected() throws Exception {
    HttpHealthCheck check = CHECK.expectJson("/db", "UP").expectJson("/disk", "UP");

    assertThat(probes.json(check, "{\"db\":\"UP\",\"disk\":\"UP\"}").up()).isTrue();
    assertThat(probes.json(check, "{\"db\":\"DOWN\",\"disk\":\"UP\"}").up()).isFalse();
    assertThat(probes.json(check, "{\"db\":\"UP\",\"disk\":\"DOWN\"}").up()).isFalse();
  }

  @Test
  void patternIsExpectedSomewhereInTheBody() throws Exception {
    HttpHealthCheck check = CHECK.expectBody("ready: \\d+");

    assertThat(probes.json(check, "it is ready: 12!").up()).isTrue();
    assertThat(probes.json(check, "it is ready: no").detail())
        .isEqualTo("GET /health: /ready: \\d+/ was not found in the body");
  }

  @Test
  void patternIsLookedForOnlyAtTheStartOfALargeBody() throws Exception {
    String filler = " ".repeat(BoundedHttp.BODY_KEPT);
    HttpHealthCheck check = CHECK.expectBody("ready");

    assertThat(probes.json(check, "ready" + filler).up()).isTrue();
    assertThat(probes.json(check, filler + "ready").detail()).contains("first 65536 bytes");
    assertThat(probes.json(CHECK, filler + "ready").up()).isTrue();
    assertThat(probes.json(CHECK.expectJson("", "1"), "1" + filler).detail())
        .contains("more than 65536 bytes");
  }

  @Test
  void patternThatBacktracksOrRecursesWithoutEndIsGivenUp() throws Exception {
    assertThat(probes.json(CHECK.expectBody("(a+)+b"), "a".repeat(5_000)).detail())
        .contains("was given up after 2000000 steps");
    assertThat(probes.json(CHECK.expectBody("^(a|b)*c"), "ab".repeat(30_000)).detail())
        .contains("needs too much stack");
  }

  @Test
  void encodedBodyThatNobodyAskedForIsNotRead() throws Exception {
    String zipped = RawServer.response("200 OK", "Content-Encoding: gzip\r\n", "{\"a\":\"b\"}");

    assertThat(probes.answer(CHECK.expectJson("/a", "b"), zipped).detail())
        .contains("encoded (gzip)");
    assertThat(probes.answer(CHECK.expectBody("b"), zipped).detail()).contains("encoded (gzip)");
    assertThat(probes.answer(CHECK, zipped).up()).isTrue();
  }

  @Test
  void slowAnswerIsTakenForDown() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              asked.countDown();
              Thread.sleep(30);
              out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8"));
            })) {
      assertThat(probes.probe(CHECK.answerWithin(Duration.ofMillis(29)), server.uri()).detail())
          .matches("GET /health: answered in \\d+ ms, expected at most 29 ms");
      assertThat(probes.probe(CHECK.answerWithin(Duration.ofMinutes(2)), server.uri()).up())
          .isTrue();
    }
  }
}
