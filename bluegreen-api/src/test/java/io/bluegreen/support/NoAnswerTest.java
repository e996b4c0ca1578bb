package io.bluegreen.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class NoAnswerTest {
  private static final HttpCall CALL = HttpCall.get("/health?token=secret");

  private final TimeSource time = TimeSource.system();
  private final BoundedHttp http = new BoundedHttp(10, null, time::elapsed);

  @AfterEach
  void close() {
    http.close();
    time.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\x15\\x03\\x01\\x00\\x02\\x02F | it speaks TLS on this port and not plain HTTP;"
            + " write https:// in place of http://",
        "SSH-2.0-OpenSSH_9~ | what came is no answer of HTTP/1.1: \"SSH-2.0-OpenSSH_9\"",
        "'' | the connection was closed without an answer",
        "HTTP/1.1 200 OK~Content-Length: 100~~hello | the answer was cut: the connection was closed"
            + " in the middle of its body",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hel | the answer was cut",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~hel | its chunks are malformed",
        "HTTP/1.1 abc OK~~ | what came is no answer of HTTP/1.1: \"HTTP/1.1 abc OK\"",
        "HTTP/1.1 200 OK~no colon~~ | what came is no answer of HTTP/1.1: \"no colon\"",
        "HTTP/1.1 200 OK~Content-Length: 3~Content-Length: 4~~abcd | Multiple Content-Length",
        "HTTP/1.1 200 OK~Content-Length: x~~abcd | Invalid content length",
        "HTTP/2.0 200 OK~~ | Unsupported version: HTTP/2.0",
      })
  void answerThatIsNoneIsToldInPlainWords(String sent, String reason) throws Exception {
    byte[] bytes =
        sent.replace("~", "\r\n")
            .replace("\\x15", "\u0015")
            .replace("\\x03", "\u0003")
            .replace("\\x01", "\u0001")
            .replace("\\x02", "\u0002")
            .replace("\\x00", "\0")
            .getBytes(ISO_8859_1);
    try (RawServer server = RawServer.playing((socket, out) -> out.write(bytes))) {
      assertThat(failure(server.uri())).contains(reason);
    }
  }

  @Test
  void headThatIsTooLargeNamesTheLimits() throws Exception {
    for (String header :
        new String[] {"X: " + "y".repeat(20_000) + "\r\n", "X: y\r\n".repeat(300)}) {
      try (RawServer server = RawServer.answering(RawServer.response("200 OK", header, ""))) {
        assertThat(failure(server.uri()))
            .contains("larger than what is read: at most 200 headers, and 16384 bytes in a line");
      }
    }
  }

  @Test
  void tlsToAPlainPortSaysWhatToWrite() throws Exception {
    try (RawServer server =
        RawServer.mute(
            (socket, out) -> out.write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(ISO_8859_1)))) {
      assertThat(failure(server.uri("https")))
          .isEqualTo(
              "it speaks plain HTTP on this port and not TLS; write http:// in place of https://");
    }
  }

  @Test
  void portOnWhichNothingListensIsNamedWithItsAddress() throws Exception {
    URI nobody = nobody();

    assertThat(failure(nobody))
        .isEqualTo("Connection refused: nothing listens at " + nobody.getAuthority());
  }

  @Test
  void nameWithAnotherAddressIsToldWhereNothingListens() throws Exception {
    LiteralAddress localhost =
        LiteralAddress.chosen(
            "localhost", InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1"));
    URI named = URI.create("http://localhost:" + nobody().getPort());

    assertThatThrownBy(() -> http.send(named, localhost, CALL).get(20, SECONDS))
        .cause()
        .hasMessage(
            "Connection refused: nothing listens at 127.0.0.1:%d (localhost is 127.0.0.1, which is"
                + " what is asked and served, and also ::1; if the application listens only there,"
                + " write [::1] in place of localhost)",
            named.getPort());
  }

  @Test
  void nameGoesIntoTheHostHeaderAndTheAddressIsAsked() throws Exception {
    try (RawServer server = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      URI named = URI.create("http://shop.invalid:" + server.uri().getPort());

      assertThat(http.send(named, LiteralAddress.of("127.0.0.1"), CALL).get(20, SECONDS).status())
          .isEqualTo(200);
      assertThat(server.heads().get(0)).contains("Host: shop.invalid:" + named.getPort());
    }
  }

  @Test
  void hostThatIsUnknownIsNamed() {
    assertThat(failure(URI.create("http://no-such-host.invalid:80")))
        .isEqualTo("the host no-such-host.invalid can't be resolved");
  }

  private String failure(URI endpoint) {
    try {
      throw new AssertionError("answered: " + http.send(endpoint, CALL).get(30, SECONDS));
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(IOException.class);
      PlainWords.check(e.getCause().getMessage());
      return e.getCause().getMessage();
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static URI nobody() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return URI.create("http://127.0.0.1:" + gone.getLocalPort());
    }
  }
}
