package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How answers pass the router: whole, at once, or recognisably not at all. */
class AnswerPassingTest {
  private static final int BIG = 64 * 1024 * 1024;

  @Test
  void eventArrivesBeforeTheNextOneIsSent() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write(
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes());
                  out.write("data: 1\n\n".getBytes());
                  out.flush();
                  assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
                  out.write("data: 2\n\n".getBytes());
                  return false;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("GET", "/events");
      assertThat(wire.read(true).status()).isEqualTo(200);
      assertThat(new String(wire.chunk(), ISO_8859_1)).isEqualTo("data: 1\n\n");
      seen.countDown();
      assertThat(new String(wire.chunk(), ISO_8859_1)).isEqualTo("data: 2\n\n");
      assertThat(wire.chunk()).isEmpty();
    }
  }

  @Test
  void answersWithoutABodyKeepTheConnection() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  String length = request.target().equals("/200") ? "Content-Length: 7\r\n" : "";
                  String status = request.target().substring(1);
                  out.write(("HTTP/1.1 " + status + " X\r\n" + length + "\r\n").getBytes());
                  return true;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      for (int i = 0; i < 2; i++) {
        wire.send("HEAD", "/200");
        assertThat(wire.read(true).header("Content-Length")).isEqualTo("7");
        assertThat(wire.get("/204").status()).isEqualTo(204);
        assertThat(wire.get("/304").status()).isEqualTo(304);
      }
    }
  }

  @Test
  void lengthOfANotModifiedIsNeitherWaitedForNorPassedOn() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write("HTTP/1.1 304 X\r\nContent-Length: 7\r\nETag: x\r\n\r\n".getBytes());
                  return true;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      for (int i = 0; i < 5; i++) {
        RawConnection.Reply reply = wire.get("/");
        assertThat(reply.status()).isEqualTo(304);
        assertThat(reply.header("ETag")).isEqualTo("x");
        assertThat(reply.header("Content-Length")).isNull();
      }
      assertThat(shop.blue.requests).hasValue(5);
      assertThat(shop.blue.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
      })
  void answerThatBreaksOffIsNotTakenForAWholeOne(String answer) throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write(answer.getBytes());
                  return false;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> wire.get("/"));
    }
  }

  @Test
  void applicationThatIsDownOrSilentIs503AtOnce() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop((request, out) -> false)) {
      assertThat(shop.get("/").status()).isEqualTo(503);
      assertThat(shop.blue.requests).hasValue(1); // on a new connection nothing is repeated
      shop.blue.close();
      assertThat(shop.get("/").status()).isEqualTo(503);
      assertThat(shop.green.requests).hasValue(0);
    }
  }

  @Test
  void earlyAnswerToABigBodyIsPassedOn() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  TestApp.reply(out, 413, "too big");
                  out.flush();
                  request.body();
                  return true;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("POST", "/", "Content-Length: " + BIG);
      wire.write("the rest of it never comes"); // Else the request may end before the answer.
      RawConnection.Reply early = wire.read(false);
      assertThat(early.status()).isEqualTo(413);
      assertThat(early.header("Connection")).isEqualTo("close");
      assertThat(wire.in.read()).isEqualTo(-1);
      shop.blue.answer = (request, out) -> TestApp.reply(out, 200, request.line);
      assertThat(shop.get("/next").body()).isEqualTo("GET /next HTTP/1.1");
      assertThat(shop.blue.connections).hasValue(2);
    }
  }
}
