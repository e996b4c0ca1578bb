package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads and lines of an application that never end. */
class AnswerLimitsTest {
  @Test
  void answerHeadWithoutEndIs502AndTheNextOneIsServed() throws Exception {
    byte[] line = ("X-Filler: " + "y".repeat(1_000) + "\r\n").getBytes(ISO_8859_1);
    CompletableFuture<Void> cutOff = new CompletableFuture<>();
    try (EmbeddedShop shop =
        new EmbeddedShop(
            (request, out) -> {
              if (request.target().equals("/next")) {
                return TestApp.reply(out, 200, "next");
              }
              out.write("HTTP/1.1 200 X\r\n".getBytes(ISO_8859_1));
              try {
                while (true) {
                  out.write(line);
                }
              } catch (IOException e) {
                cutOff.complete(null);
                throw e;
              }
            })) {
      assertThat(shop.get("/").status()).isEqualTo(502);
      cutOff.get(60, TimeUnit.SECONDS);
      assertThat(shop.get("/next").body()).isEqualTo("next");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\n1;ext=",
        "Transfer-Encoding: chunked\r\n\r\n0000000",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: ",
      })
  void lineOfAChunkedAnswerWithoutEndIsCutOff(String begin) throws Exception {
    byte[] filler = "0".repeat(1_000).getBytes(ISO_8859_1);
    CompletableFuture<Void> cutOff = new CompletableFuture<>();
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write(("HTTP/1.1 200 X\r\n" + begin).getBytes(ISO_8859_1));
                  try {
                    while (true) {
                      out.write(filler);
                    }
                  } catch (IOException e) {
                    cutOff.complete(null);
                    throw e;
                  }
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("GET", "/");
      String all = reading(wire).get(60, TimeUnit.SECONDS);
      assertThat(all).doesNotEndWith("0\r\n\r\n");
      cutOff.get(60, TimeUnit.SECONDS);
    }
  }

  /** Everything up to the end of the connection, also if it is reset. */
  private static CompletableFuture<String> reading(RawConnection wire) {
    CompletableFuture<String> all = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              StringBuilder text = new StringBuilder();
              try {
                for (int c = wire.in.read(); c >= 0; c = wire.in.read()) {
                  text.append((char) c);
                }
              } catch (IOException reset) {
                text.append(""); // the bytes before the reset count
              }
              all.complete(text.toString());
            },
            "reader");
    reader.setDaemon(true);
    reader.start();
    return all;
  }
}
