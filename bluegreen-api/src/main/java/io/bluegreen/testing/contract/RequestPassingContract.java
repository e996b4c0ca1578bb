package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.contract.PassingScene.Asked;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which requests pass a front door, and how. Part of {@link PassingContract}. */
public interface RequestPassingContract {
  @Test
  default void uploadOfThreeMebibytesPassesByItsLength(PassingScene scene) throws IOException {
    String body = SampleText.of(3 * 1024 * 1024);
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nContent-Length: " + body.length());
      client.write("\r\n\r\n" + body);
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(received).body().equals(body)).as("the same bytes").isTrue();
  }

  @Test
  default void uploadOfThreeMebibytesPassesInChunks(PassingScene scene) throws IOException {
    String chunk = SampleText.of(48 * 1024);
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.write(SampleText.chunk(chunk).repeat(64) + "0\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(received).body().equals(chunk.repeat(64))).as("the same bytes").isTrue();
  }

  @Test
  default void requestIsHeardBeforeAllOfItHasCome(PassingScene scene) throws IOException {
    CompletableFuture<String> first = new CompletableFuture<>();
    Asked<WireMessage> rest =
        scene.whenAsked(
            (wire, head) -> {
              first.complete(wire.chunk());
              WireMessage behind = wire.body(head);
              wire.write(SampleText.answer("taken"));
              return behind;
            });
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.write(SampleText.chunk("half"));
      assertThat(scene.get(first)).isEqualTo("half");
      client.write(SampleText.chunk("rest") + "0\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(rest).body()).isEqualTo("rest");
  }

  @Test
  default void answerArrivesBeforeTheRequestHasEnded(PassingScene scene) throws IOException {
    scene.whenAsked(
        (wire, head) -> {
          wire.write("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
          return head;
        });
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nContent-Length: 3000000\r\n\r\n");
      client.write(SampleText.of(100_000));
      WireMessage answer = client.message();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("big");
    }
  }

  @Test
  default void clientThatExpectsItIsToldToSendItsBody(PassingScene scene) throws IOException {
    Asked<WireMessage> received =
        scene.whenAsked(
            (wire, head) -> {
              if (!head.values("Expect").isEmpty()) {
                wire.write("HTTP/1.1 100 Continue\r\n\r\n");
              }
              WireMessage request = wire.body(head);
              wire.write(SampleText.answer("taken"));
              return request;
            });
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\n");
      client.write("Content-Length: 4\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(100);
      client.write("body");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(received).body()).isEqualTo("body");
  }

  @Test
  default void applicationMayRefuseABodyBeforeItIsSent(PassingScene scene) throws IOException {
    scene.whenAsked(
        (wire, head) -> {
          wire.write("HTTP/1.1 417 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
          return head;
        });
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\n");
      client.write("Content-Length: 4\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(417);
    }
  }

  @Test
  default void headersOf16KilobytesReachTheApplication(PassingScene scene) throws IOException {
    List<String> fields =
        List.of(
            "X-Token: " + SampleText.of(12_000),
            "X-One: " + SampleText.of(1_500),
            "X-Two: " + SampleText.of(2_500));
    assertThat(received(scene, String.join("\r\n", fields)).missing(fields)).isEmpty();
  }

  @Test
  default void cookiesOf12KilobytesReachTheApplication(PassingScene scene) throws IOException {
    String part = SampleText.of(4_000);
    String cookies = "a=" + part + "; b=" + part + "; c=" + part;
    assertThat(received(scene, "Cookie: " + cookies).values("Cookie")).containsExactly(cookies);
  }

  @Test
  default void headerNamesOfLettersDigitsAndHyphensPass(PassingScene scene) throws IOException {
    WireMessage received = received(scene, "x-LOWER-2-upper: 1\r\n5-Digits: 2\r\nX-Empty:");
    assertThat(received.values("X-Lower-2-Upper")).containsExactly("1");
    assertThat(received.values("5-Digits")).containsExactly("2");
    assertThat(received.values("X-Empty")).containsExactly("");
  }

  @Test
  default void headerNamesWithUnderscoresAndDotsPass(PassingScene scene) throws IOException {
    WireMessage received = received(scene, "my_token: 1\r\nmy.token: 2\r\n~my!token: 3");
    assertThat(received.values("my_token")).containsExactly("1");
    assertThat(received.values("my.token")).containsExactly("2");
    assertThat(received.values("~my!token")).containsExactly("3");
  }

  @Test
  default void targetOf8KilobytesPassesByteForByte(PassingScene scene) throws IOException {
    String target = "/a%2Fb//c;d=e/../f%20g?q=" + SampleText.of(8_000) + "&h=%26+|&h=";
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client()) {
      client.write("GET " + target + " HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(received).start().equals("GET " + target + " HTTP/1.1"))
        .as("the same target")
        .isTrue();
  }

  @Test
  default void fieldsBehindTheLastChunkReachTheApplication(PassingScene scene) throws IOException {
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n");
      client.write("Trailer: X-Sum\r\n\r\n" + SampleText.chunk("body") + "0\r\nX-Sum: 7\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(received).body()).isEqualTo("body");
    assertThat(scene.get(received).late("X-Sum")).containsExactly("7");
  }

  @Test
  default void pipelinedRequestsAreAnsweredInTheirOrder(PassingScene scene) throws IOException {
    for (int i = 0; i < 3; i++) {
      scene.whenAsked(
          (wire, head) -> {
            String target = head.start().split(" ", 3)[1];
            wire.write(SampleText.answer(target + wire.body(head).body()));
            return target;
          });
    }
    try (Wire client = scene.client()) {
      String last = "GET /3 HTTP/1.1\r\nHost: shop\r\n\r\n";
      String second = "POST /2 HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\nok" + last;
      client.write("GET /1 HTTP/1.1\r\nHost: shop\r\n\r\n" + second);
      assertThat(client.message().body()).isEqualTo("/1");
      assertThat(client.message().body()).isEqualTo("/2ok");
      assertThat(client.message().body()).isEqualTo("/3");
    }
  }

  @Test
  default void clientOfHttp10IsAnsweredWithoutChunks(PassingScene scene) throws IOException {
    scene.whenAsked(
        (wire, head) -> {
          boolean knowsChunks = head.start().endsWith("HTTP/1.1");
          wire.write(
              knowsChunks
                  ? SampleText.chunked()
                      + SampleText.chunk("abc")
                      + SampleText.chunk("def")
                      + "0\r\n\r\n"
                  : "HTTP/1.0 200 OK\r\n\r\nabcdef");
          return head;
        });
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.0\r\n\r\n");
      WireMessage head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.values("Transfer-Encoding")).isEmpty();
      assertThat(client.rest()).isEqualTo("abcdef");
    }
  }

  private static WireMessage received(PassingScene scene, String fields) throws IOException {
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    return scene.get(received);
  }
}
