package io.bluegreen.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One server that never ends takes nothing from the others, which share threads with it. */
@Timeout(120)
class HostileServerTest {
  private static final HttpCall CALL = HttpCall.get("/health");
  private static final int NEIGHBOURS = 30;
  private static final int HOSTILE = 8; // More than there are threads.
  private static final byte[] BLOCK = new byte[16 * 1024];

  private final TimeSource time = TimeSource.system();
  private final BoundedHttp http = new BoundedHttp(200, null, time::elapsed);

  @AfterEach
  void close() {
    http.close();
    time.close();
  }

  static List<Arguments> floods() {
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    String extension = "1;" + "x".repeat(8_000) + "\r\na\r\n";
    return List.of(
        Arguments.of("", "HTTP/1.1 100 Continue\r\n\r\n", "bytes came"),
        Arguments.of("", "HTTP/1.1 102 Processing\r\n\r\n", "bytes came"),
        Arguments.of("", "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n", "bytes came"),
        Arguments.of("HTTP/1.1 200 OK\r\n", "X: y\r\n", "at most 200 headers"),
        Arguments.of("HTTP/1.1 200 OK\r\n", "X: " + "y".repeat(15_000) + "\r\n", "bytes came"),
        Arguments.of("HTTP/1.1 200 OK\r\nX: ", "yyyyyyyy", "16384 bytes in a line"),
        Arguments.of(chunked, extension, "bytes came"),
        Arguments.of(chunked + "0\r\n", "X: y\r\n", "at most 200 headers"),
        Arguments.of(chunked + "1;", "xxxxxxxx", "16384 bytes in a line"));
  }

  @ParameterizedTest
  @MethodSource("floods")
  void floodFromOneServerEndsAndTakesNothingFromItsNeighbours(
      String begin, String endless, String reason) throws Exception {
    byte[] flood = endless.repeat(1 + BLOCK.length / endless.length()).getBytes(ISO_8859_1);
    try (RawServer hostile =
            RawServer.playing(
                (socket, out) -> {
                  out.write(begin.getBytes(ISO_8859_1));
                  while (!socket.isClosed()) {
                    out.write(flood);
                  }
                });
        RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", "fine"))) {
      List<CompletableFuture<HttpAnswer>> floods = ask(hostile, HOSTILE);

      answered(ask(healthy, NEIGHBOURS));
      for (CompletableFuture<HttpAnswer> one : floods) {
        assertThatThrownBy(() -> one.get(60, SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(IOException.class)
            .hasMessageContaining(reason);
      }
    }
  }

  @Test
  void endlessBodyIsCutAndTakesNothingFromItsNeighbours() throws Exception {
    try (RawServer hostile =
            RawServer.playing(
                (socket, out) -> {
                  out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                  while (!socket.isClosed()) {
                    out.write(BLOCK);
                  }
                });
        RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", "fine"))) {
      List<CompletableFuture<HttpAnswer>> floods = ask(hostile, HOSTILE);

      answered(ask(healthy, NEIGHBOURS));
      for (CompletableFuture<HttpAnswer> one : floods) {
        assertThat(one.get(60, SECONDS).truncated()).isTrue();
      }
    }
  }

  @Test
  void dripTakesNothingFromItsNeighbours() throws Exception {
    try (RawServer hostile =
            RawServer.playing(
                (socket, out) -> {
                  out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(ISO_8859_1));
                  while (!socket.isClosed()) {
                    out.write('y');
                    TimeUnit.MILLISECONDS.sleep(1);
                  }
                });
        RawServer healthy = RawServer.answering(RawServer.response("200 OK", "", "fine"))) {
      List<CompletableFuture<HttpAnswer>> drips = ask(hostile, HOSTILE);

      answered(ask(healthy, NEIGHBOURS));
      assertThat(drips).noneMatch(CompletableFuture::isDone);
      drips.forEach(drip -> drip.cancel(true));
    }
  }

  private List<CompletableFuture<HttpAnswer>> ask(RawServer server, int times) {
    List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      answers.add(http.send(server.uri(), CALL));
    }
    return answers;
  }

  private static void answered(List<CompletableFuture<HttpAnswer>> neighbours) throws Exception {
    for (CompletableFuture<HttpAnswer> one : neighbours) {
      assertThat(one.get(20, SECONDS).text()).isEqualTo("fine");
    }
  }
}
