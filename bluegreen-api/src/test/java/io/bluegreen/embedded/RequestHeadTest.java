package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The heads and headers that the router refuses or drops by itself, without the help of Undertow.
 */
class RequestHeadTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: shop\n\n",
        "GET / HTTP/1.1\r\nHost: shop\nX: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: sh\rop\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\u001bb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\u007fb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX\u0000: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX\t: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX(y): b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: shop\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nHost: shop\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: shop\r\nHOST: other\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \"a\"\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: <a>\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \u00e4\r\n\r\n",
        "GET http://other/ HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET https://shop/ HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET http://user@shop/ HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET shop HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: shop\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /a\tb HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /%a HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: shop\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: shop\r\n\r\n",
        "GET / http/1.1\r\nHost: shop\r\n\r\n",
        "GET /\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: shop\r\n\r\n",
        "CONNECT shop:80 HTTP/1.1\r\nHost: shop\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0x1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1111111111111111111\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: shop\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: \u000bchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n",
        "garbage\r\n\r\n",
      })
  void headThatTwoProgramsCouldReadDifferentlyIsRefused(String head) {
    assertThatExceptionOfType(BadMessage.class)
        .isThrownBy(() -> passed(head))
        .matches(e -> e.status() == 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: shop",
        "Host: shop:8080",
        "Host: my_shop.example.com",
        "Host: 127.0.0.1:80",
        "Host: [::1]:8080",
      })
  void validHostsPassAsTheyAre(String host) throws BadMessage {
    assertThat(passed("GET / HTTP/1.1\r\n" + host + "\r\n\r\n")).contains(host + "\r\n");
  }

  @Test
  void absoluteTargetOfTheSameHostIsAPath() throws BadMessage {
    assertThat(passed("GET http://Shop/a?b HTTP/1.1\r\nHost: shop\r\n\r\n"))
        .startsWith("GET /a?b HTTP/1.1\r\n");
    assertThat(passed("GET http://shop?b HTTP/1.1\r\nHost: shop\r\n\r\n"))
        .startsWith("GET /?b HTTP/1.1\r\n");
    assertThat(passed("OPTIONS * HTTP/1.1\r\nHost: shop\r\n\r\n")).startsWith("OPTIONS * HTTP");
  }

  @Test
  void headerOfAProxyThatAClientSendsIsDroppedHoweverItIsSpelled() throws BadMessage {
    assertThat(
            passed(
                GET
                    + "X-Forwarded-For: 6.6.6.6\r\nx_forwarded_for: 6.6.6.6\r\n"
                    + "X-Forwarded-Prefix: /evil\r\nX-Forwarded-Ssl: on\r\nX-Forwarded-Port: 1\r\n"
                    + "X-Forwarded-Anything: 6\r\nX-Real-IP: 6.6.6.6\r\nX_Real_IP: 6.6.6.6\r\n"
                    + "Forwarded: for=6\r\nTrue-Client-IP: 6\r\nProxy: http://evil\r\n"
                    + "X-Own: kept\r\n\r\n"))
        .isEqualTo(GET + "X-Own: kept\r\nConnection: keep-alive\r\n\r\n");
  }

  @Test
  void headersOfOneConnectionAreDroppedButNotThoseThatFrameOrProve() throws BadMessage {
    assertThat(
            passed(
                "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nCookie: a\r\n"
                    + "Authorization: b\r\nX-Mine: c\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
                    + "Proxy-Connection: d\r\n"
                    + "Connection: X-Mine, host, content-length\r\n"
                    + "Connection: cookie, authorization, , close\r\n\r\n"))
        .isEqualTo(
            "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nAuthorization: b\r\n"
                + "Cookie: a\r\nConnection: close\r\n\r\n");
  }

  @Test
  void webSocketIsAskedForWithExactlyTheTwoHeadersThatItNeeds() throws BadMessage {
    RequestHead request =
        head(
            GET
                + "X-Forwarded-For: 6\r\nAuthorization: b\r\nSec-WebSocket-Key: k\r\n"
                + "Connection: keep-alive, Upgrade, X-Forwarded-For, Authorization\r\n"
                + "Upgrade: WebSocket\r\n\r\n");
    assertThat(request.framing()).isEqualTo(BodyFraming.TUNNEL);
    assertThat(new String(request.bytes(), ISO_8859_1))
        .isEqualTo(
            GET
                + "Authorization: b\r\nSec-WebSocket-Key: k\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x",
        "Connection: upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c",
        "Connection: upgrade\r\nUpgrade: websocket\r\nUpgrade: websocket",
        "Connection: upgrade\r\nUpgrade: websocket, h2c",
        "Connection: upgrade\r\nUpgrade: tcp",
        "Connection: upgrade\r\nUpgrade: ",
        "Connection: keep-alive\r\nUpgrade: websocket",
        "Upgrade: websocket",
        "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 0",
        "Connection: upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked",
      })
  void anyOtherUpgradeIsNotAskedFor(String upgrade) throws BadMessage {
    RequestHead request = head(GET + upgrade + "\r\n\r\n");
    assertThat(request.framing().kind()).isNotEqualTo(BodyFraming.Kind.TUNNEL);
    assertThat(new String(request.bytes(), ISO_8859_1).toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("upgrade", "http2-settings", "h2c");
  }

  @Test
  void postIsNoUpgrade() throws BadMessage {
    assertThat(
            passed(
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"))
        .doesNotContain("websocket");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1,,keep-alive",
    "HTTP/1.1,close,close",
    "HTTP/1.0,,close",
    "HTTP/1.0,keep-alive,keep-alive"
  })
  void connectionGoesOnWhereItsClientSaysSo(String version, String said, String meant)
      throws BadMessage {
    assertThat(
            passed(
                "GET / "
                    + version
                    + "\r\nHost: a\r\n"
                    + (said == null ? "" : "Connection: " + said + "\r\n")
                    + "\r\n"))
        .endsWith("Connection: " + meant + "\r\n\r\n");
  }

  @Test
  void headIsBoundedInBytesAndInLines() throws BadMessage {
    assertThat(passed(GET + "Cookie: a=b\r\n".repeat(1_000) + "\r\n"))
        .contains("Cookie: " + "a=b; ".repeat(999) + "a=b\r\n");
    assertThat(passed(GET + "X: y\r\n".repeat(MessageHead.MOST_OF_A_NAME) + "\r\n"))
        .contains("X: y");
    assertTooLarge(GET + "X: y\r\n".repeat(MessageHead.MOST_OF_A_NAME + 1) + "\r\n");
    assertTooLarge(GET + "Cookie: y\r\n".repeat(MessageHead.MOST_FIELDS + 1) + "\r\n");
    assertTooLarge(GET + "X: " + "y".repeat(MessageHead.LONGEST));
    assertTooLarge("GET /" + "y".repeat(MessageHead.LONGEST));
  }

  private static void assertTooLarge(String head) {
    assertThatExceptionOfType(BadMessage.class)
        .isThrownBy(() -> passed(head))
        .matches(e -> e.status() == 431);
  }

  private static String passed(String head) throws BadMessage {
    return new String(head(head).bytes(), ISO_8859_1);
  }

  private static RequestHead head(String head) throws BadMessage {
    HeadReader reader = new HeadReader();
    reader.takeUpToEnd(ByteBuffer.wrap(head.getBytes(ISO_8859_1)), MessageHead.TOO_LARGE);
    return RequestHead.of(reader.take(), false);
  }
}
