package io.bluegreen.support;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever state a call is in, it ends with its future, and leaves nothing behind. */
@Timeout(120)
class BoundedHttpCancelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpCall CALL = HttpCall.get("/health?full=1");

  private final BoundedHttp http = new BoundedHttp(100, null, BoundedHttpCancelTest::elapsed);

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void cancellingHangsUpOnAServerThatDoesNotAnswer() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      cancelledIsGone(server, "http");
    }
  }

  @Test
  void cancellingHangsUpOnAServerThatDripsForEver() throws Exception {
    CountDownLatch dripped = new CountDownLatch(5);
    CountDownLatch over = new CountDownLatch(1);
    try (RawServer server =
        RawServer.playing(
            (socket, out) -> {
              out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes("UTF-8"));
              try {
                while (true) {
                  out.write('x');
                  dripped.countDown();
                  Thread.sleep(20);
                }
              } finally {
                over.countDown();
              }
            })) {
      CompletableFuture<HttpAnswer> answer = http.send(server.uri(), CALL);
      dripped.await();
      assertThat(answer).isNotDone();
      answer.cancel(true);

      over.await();
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void cancellingHangsUpOnAServerThatDoesNotAgreeOnTls() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.mute((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      cancelledIsGone(server, "https");
    }
  }

  @Test
  void completingTheFutureInAnyOtherWayHangsUpToo() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.playing((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      CompletableFuture<HttpAnswer> answer = http.send(server.uri(), CALL);
      server.asked().await();
      answer.completeExceptionally(new IllegalStateException("too late"));

      server.gone().await();
    }
  }

  @Test
  void cancellingEndsAConnectionThatIsNotAcceptedYet() throws Exception {
    try (FullListener full = new FullListener();
        RawServer server = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      CompletableFuture<HttpAnswer> answer = http.send(full.uri("http"), CALL);
      await().atMost(PATIENCE).until(() -> full.connecting() == 1);
      for (int i = 0; i < 8; i++) {
        send(server); // Every thread of the client has done by now what it was asked before.
      }
      answer.cancel(true);

      await().atMost(BoundedHttp.LONGEST_CONNECT.dividedBy(2)).until(() -> full.connecting() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void cancellingAtAnyMomentLeavesNoConnection(String scheme) throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer server = RawServer.mute((socket, out) -> self[0].awaitGone(socket))) {
      self[0] = server;
      for (int i = 0; i < 500; i++) {
        CompletableFuture<HttpAnswer> answer = http.send(server.uri(scheme), CALL);
        for (int spin = 0; spin < i * 50 && server.openNow() == 0; spin++) {
          Thread.onSpinWait();
        }
        answer.cancel(true);
      }

      await().atMost(Duration.ofSeconds(60)).until(() -> server.openNow() == 0);
      // Those that were still in the kernel's queue were accepted by now, and are gone as well.
      await().during(Duration.ofMillis(500)).until(() -> server.openNow() == 0);
    }
  }

  @Test
  void placesOfWhatWasCancelledAreFreeAgain() throws Exception {
    RawServer[] self = new RawServer[1];
    try (RawServer mute = RawServer.mute((socket, out) -> self[0].awaitGone(socket));
        FullListener full = new FullListener();
        RawServer server = RawServer.answering(RawServer.response("200 OK", "", ""));
        BoundedHttp two = new BoundedHttp(2, null, BoundedHttpCancelTest::elapsed)) {
      self[0] = mute;
      for (URI endpoint : List.of(mute.uri("https"), mute.uri("http"), full.uri("http"))) {
        for (int i = 0; i < 5; i++) {
          CompletableFuture<HttpAnswer> answer = two.send(endpoint, CALL);
          await().during(Duration.ofMillis(20)).until(() -> !answer.isDone());
          answer.cancel(true);
        }
      }

      assertThat(two.send(server.uri(), CALL).get(60, SECONDS).status()).isEqualTo(200);
    }
  }

  private HttpAnswer send(RawServer server) throws Exception {
    return http.send(server.uri(), CALL).get(60, SECONDS);
  }

  private void cancelledIsGone(RawServer server, String scheme) throws InterruptedException {
    CompletableFuture<HttpAnswer> answer = http.send(server.uri(scheme), CALL);
    server.asked().await();
    answer.cancel(true);

    server.gone().await();
    assertThat(answer).isCancelled();
  }

  private static Duration elapsed() {
    return Duration.ofNanos(System.nanoTime());
  }
}
