package io.bluegreen.support;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BoundedHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpCall CALL = HttpCall.get("/health?full=1");

  private final BoundedHttp http = new BoundedHttp(100, null, BoundedHttpTest::elapsed);

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void sendsOneRequestAndReturnsTheAnswer() throws Exception {
    try (RawServer server =
        RawServer.answering(RawServer.response("200 OK", "X-A: 1\r\nx-a: 2\r\n", "hello"))) {
      HttpAnswer answer = send(server);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("hello");
      assertThat(answer.truncated()).isFalse();
      assertThat(answer.header("X-a")).contains("1, 2");
      assertThat(answer.took()).isPositive();
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void asksForNothingThatItWasNotToldToAskFor() throws Exception {
    try (RawServer server =
        RawServer.answering(RawServer.response("200 OK", "Set-Cookie: a=b\r\n", ""))) {
      send(server);
      http.send(server.uri(), CALL.header("X-Token", "t")).get();

      String first = server.heads().get(0).toLowerCase(Locale.ROOT);
      assertThat(first.lines().filter(line -> !line.isEmpty()))
          .containsExactlyInAnyOrder(
              "get /health?full=1 http/1.1",
              "host: 127.0.0.1:" + server.uri().getPort(),
              "connection: close",
              "user-agent: bluegreen");
      assertThat(server.heads().get(1)).contains("X-Token: t").doesNotContainIgnoringCase("cookie");
    }
  }

  @Test
  void sendsABodyWithItsType() throws Exception {
    CompletableFuture<String> got = new CompletableFuture<>();
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              got.complete(new String(socket.getInputStream().readNBytes(9), "UTF-8"));
              out.write(RawServer.response("202 Accepted", "", "").getBytes("UTF-8"));
            })) {
      HttpAnswer answer = http.send(server.uri(), HttpCall.postJson("/", "{\"a\":\"ü\"}")).get();

      assertThat(answer.status()).isEqualTo(202);
      assertThat(got.get()).isEqualTo("{\"a\":\"ü\"");
      assertThat(server.heads().get(0))
          .contains("Content-Type: application/json; charset=utf-8", "Content-Length: 10");
    }
  }

  @Test
  void readsAnAnswerWithoutABody() throws Exception {
    try (RawServer server = RawServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      assertThat(send(server).status()).isEqualTo(204);
      assertThat(http.send(server.uri(), CALL.method("HEAD")).get().body()).isEmpty();
    }
  }

  @Test
  void doesNotRepeatARequestThatWasAnsweredWith503OrNotAtAll() throws Exception {
    try (RawServer busy =
            RawServer.answering(
                RawServer.response("503 Service Unavailable", "Retry-After: 0\r\n", ""));
        RawServer mute = RawServer.playing((socket, out) -> {})) {
      assertThat(send(busy).status()).isEqualTo(503);
      assertThatThrownBy(() -> send(mute)).hasCauseInstanceOf(IOException.class);

      // The library's own repetition would come after a second.
      assertThat(busy.heads()).hasSize(1);
      assertThat(mute.heads()).hasSize(1);
      await().during(Duration.ofMillis(1_300)).until(() -> busy.heads().size() == 1);
      assertThat(mute.heads()).hasSize(1);
    }
  }

  @Test
  void followsNoRedirect() throws Exception {
    try (RawServer other = RawServer.answering(RawServer.response("200 OK", "", ""));
        RawServer server =
            RawServer.answering(
                RawServer.response("302 Found", "Location: " + other.uri() + "/\r\n", ""))) {
      assertThat(send(server).status()).isEqualTo(302);
      assertThat(other.heads()).isEmpty();
    }
  }

  @Test
  void doesNotUndoAnEncoding() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    String body = zipped.toString(StandardCharsets.ISO_8859_1);
    try (RawServer server =
        RawServer.answering(RawServer.response("200 OK", "Content-Encoding: gzip\r\n", body))) {
      HttpAnswer answer = send(server);

      assertThat(answer.body()).isEqualTo(zipped.toByteArray());
      assertThat(answer.header("content-encoding")).contains("gzip");
    }
  }

  @Test
  void keepsTheBeginningOfAGigabyteAndHangsUp() throws Exception {
    AtomicLong written = new AtomicLong();
    CountDownLatch over = new CountDownLatch(1);
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              out.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".getBytes("UTF-8"));
              byte[] chunk = new byte[1 << 16];
              try {
                for (int i = 0; i < 1 << 14; i++) {
                  out.write(chunk);
                  written.addAndGet(chunk.length);
                }
              } finally {
                over.countDown();
              }
            })) {
      HttpAnswer answer = send(server);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.truncated()).isTrue();
      assertThat(answer.body()).hasSize(BoundedHttp.BODY_KEPT);
      over.await();
      assertThat(written.get()).isLessThan(1L << 28);
    }
  }

  @Test
  void doesNotTakeABodyThatIsCutShortForAnAnswer() throws Exception {
    try (RawServer server =
        RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")) {
      assertThatThrownBy(() -> send(server)).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void givesUpOnHeadersWithoutEnd() throws Exception {
    try (RawServer many =
            RawServer.answering("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(5_000) + "\r\n");
        RawServer large =
            RawServer.answering("HTTP/1.1 200 OK\r\nA: " + "b".repeat(1 << 20) + "\r\n\r\n")) {
      assertThatThrownBy(() -> send(many)).hasCauseInstanceOf(IOException.class);
      assertThatThrownBy(() -> send(large)).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void neverHasMoreInFlightThanItWasTold() throws Exception {
    Semaphore release = new Semaphore(0);
    try (RawServer server =
            RawServer.playing(
                (socket, out) -> {
                  release.acquire();
                  out.write(RawServer.response("200 OK", "", "").getBytes("UTF-8"));
                });
        BoundedHttp three = new BoundedHttp(3, null, BoundedHttpTest::elapsed)) {
      List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(three.send(server.uri(), CALL));
      }
      await().atMost(PATIENCE).until(() -> release.getQueueLength() == 3);
      answers.get(5).cancel(true);
      release.release(12);
      for (CompletableFuture<HttpAnswer> answer : answers) {
        if (!answer.isCancelled()) {
          assertThat(answer.get(60, SECONDS).status()).isEqualTo(200);
        }
      }
      // A connection is closed by the client before its place is given away, but the server may
      // hear of that a little later than of the next one.
      assertThat(server.mostAtOnce()).isBetween(3, 6);
      assertThat(server.heads()).hasSize(11);
    }
  }

  @Test
  void closingFailsWhatIsInFlightOrWaitsAndEndsTheThreads() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      BoundedHttp one = new BoundedHttp(1, null, BoundedHttpTest::elapsed);
      CompletableFuture<HttpAnswer> asked = one.send(server.uri(), CALL);
      CompletableFuture<HttpAnswer> waiting = one.send(server.uri(), CALL);
      server.asked().await();
      http.close();
      one.close();
      one.close();

      server.gone().await();
      for (CompletableFuture<HttpAnswer> answer :
          List.of(asked, waiting, one.send(server.uri(), CALL), one.send(server.uri(), CALL))) {
        assertThatThrownBy(answer::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(IOException.class);
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Thread.getAllStackTraces().keySet())
                      .extracting(Thread::getName)
                      .noneMatch(
                          name ->
                              name.startsWith("bluegreen-http") || name.startsWith("httpclient")));
    }
  }

  @Test
  void refusesWhatIsNoHttpEndpoint() {
    for (String endpoint : List.of("tcp://127.0.0.1:80", "http:///health", "ftp://a:21", "a")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> http.send(URI.create(endpoint), CALL))
          .withMessageContaining("endpoint")
          .withMessageContaining(endpoint);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BoundedHttp(0, null, BoundedHttpTest::elapsed))
        .withMessageContaining("inFlight");
  }

  private HttpAnswer send(RawServer server) throws Exception {
    return http.send(server.uri(), CALL).get(60, SECONDS);
  }

  private static Duration elapsed() {
    return Duration.ofNanos(System.nanoTime());
  }
}
