package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests and answers pass the router. */
class PassingTest {
  private static final int BIG = 64 * 1024 * 1024;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%2Fb%2f..%2fc",
        "/a;b=c/d;e?f=%2F&g=+%20",
        "/x//y/./z/../w",
        "/q?a|b{c}^`[\"<>]\\",
        "/\u00fc\u00ff?\u00e4",
        "/?a=b&a=b&&=?#?",
        "/caf%C3%A9",
      })
  void targetArrivesByteForByte(String target) throws IOException {
    try (EmbeddedShop shop =
        new EmbeddedShop((request, out) -> TestApp.reply(out, 200, request.line))) {
      assertThat(shop.get(target).body()).isEqualTo("GET " + target + " HTTP/1.1");
    }
  }

  @Test
  void hostArrivesAsItCameAndTheOriginIsNotTakenOnTrust() throws IOException {
    try (EmbeddedShop shop =
        new EmbeddedShop(
            (request, out) -> TestApp.reply(out, 200, String.join("\n", request.headers)))) {
      String seen =
          shop.get(
                  "/",
                  "X-Forwarded-For: 6.6.6.6",
                  "X-Forwarded-Proto: https",
                  "X-Forwarded-Host: evil",
                  "Forwarded: for=6.6.6.6",
                  "X-Own: kept",
                  "X-Mine: dropped",
                  "Connection: keep-alive, X-Mine, Host",
                  "Keep-Alive: timeout=5",
                  "TE: trailers")
              .body();
      assertThat(seen.lines())
          .contains(
              "Host: shop",
              "X-Forwarded-For: 127.0.0.1",
              "X-Forwarded-Proto: http",
              "X-Forwarded-Host: shop",
              "Forwarded: for=127.0.0.1;proto=http",
              "X-Own: kept")
          .noneMatch(line -> line.contains("6.6.6.6") || line.contains("evil"))
          .noneMatch(line -> line.matches("(?i)(x-mine|keep-alive|te|connection):.*"));
    }
  }

  @Test
  void bigBodiesPassBothWays() throws IOException {
    byte[] body = new byte[BIG];
    new java.util.Random(7).nextBytes(body);
    try (EmbeddedShop shop =
        new EmbeddedShop(
            (request, out) -> {
              byte[] received = request.body();
              out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n").getBytes());
              out.write(received);
              return true;
            })) {
      try (RawConnection wire = new RawConnection(shop.port)) {
        byte[] back = wire.post("/", body).bytes();
        assertThat(sum(back)).isEqualTo(sum(body));
        assertThat(back).hasSize(BIG);
      }
    }
  }

  @Test
  void chunkedRequestStreamsChunkByChunk() throws Exception {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
                  for (byte[] c = request.chunk(); c.length > 0; c = request.chunk()) {
                    out.write((Integer.toHexString(c.length) + "\r\n").getBytes());
                    out.write(c);
                    out.write("\r\n".getBytes());
                    out.flush();
                  }
                  out.write("0\r\n\r\n".getBytes());
                  out.flush();
                  return false;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("POST", "/", "Transfer-Encoding: chunked");
      wire.write("3\r\none\r\n");
      assertThat(wire.read(true).status()).isEqualTo(200);
      assertThat(wire.chunk()).isEqualTo("one".getBytes());
      wire.write("3\r\ntwo\r\n");
      assertThat(wire.chunk()).isEqualTo("two".getBytes());
      wire.write("0\r\n\r\n");
      assertThat(wire.chunk()).isEmpty();
    }
  }

  @Test
  void clientOfHttp10GetsNoChunks() throws IOException {
    String answer = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write(answer.getBytes(ISO_8859_1));
                  return true;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      RawConnection.Reply reply = wire.read(false);
      assertThat(reply.header("Transfer-Encoding")).isNull();
      assertThat(reply.body()).as("up to the end of the connection").isEqualTo("abc");
    }
  }

  @Test
  void expectContinueIsAnsweredByTheApplication() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write("HTTP/1.1 103 Early Hints\r\n\r\n".getBytes());
                  out.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(2).getBytes());
                  out.flush();
                  return TestApp.reply(out, 200, new String(request.body(), ISO_8859_1));
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("POST", "/", "Content-Length: 5", "Expect: 100-continue");
      assertThat(wire.read(true).status()).isEqualTo(100);
      wire.write("hello");
      assertThat(wire.read(false).body()).isEqualTo("hello");
    }
  }

  @Test
  void connectionsAreReusedOnBothSidesAlsoWhenTheOtherSideCloses() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop();
        RawConnection wire = new RawConnection(shop.port)) {
      for (int i = 0; i < 10; i++) {
        wire.get("/");
      }
      assertThat(shop.blue.connections).hasValueLessThan(3);
      shop.blue.answer =
          (request, out) -> {
            out.write(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx".getBytes());
            return false;
          };
      for (int i = 0; i < 10; i++) {
        assertThat(wire.get("/").header("Connection")).isEqualTo("keep-alive");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\n"
            + "Host: shop\r\n"
            + "Content-Length: 5\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: +5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 5, 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: shop\r\nHost: other\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET /a\u0000b HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /?a\u007fb HTTP/1.1\r\nHost: shop\r\n\r\n",
        "CONNECT other:80 HTTP/1.1\r\nHost: other\r\n\r\n",
        "garbage\r\n\r\n",
      })
  void requestThatCouldBeReadInTwoWaysIsRefused(String request) throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop();
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write(request + "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n");
      String all = new String(wire.in.readAllBytes(), ISO_8859_1);
      assertThat(all).startsWith("HTTP/1.1 400 ").doesNotContain("200", "blue");
      assertThat(shop.blue.requests).hasValue(0);
      assertThat(shop.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop((request, out) -> TestApp.reply(out, 200, request.target()));
        RawConnection wire = new RawConnection(shop.port)) {
      String one = "GET /1 HTTP/1.1\r\nHost: shop\r\n\r\n";
      wire.write(one + one.replace('1', '2').replace("HTTP/2.2", "HTTP/1.1") + one);
      String[] bodies = {wire.read(false).body(), wire.read(false).body(), wire.read(false).body()};
      assertThat(Arrays.asList(bodies)).containsExactly("/1", "/2", "/1");
    }
  }

  private static long sum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }
}
