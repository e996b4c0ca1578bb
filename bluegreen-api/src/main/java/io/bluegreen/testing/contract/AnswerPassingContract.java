package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which answers pass a front door, and how. Part of {@link PassingContract}. */
public interface AnswerPassingContract {
  @Test
  default void answerOfThreeMebibytesPassesInChunks(PassingScene scene) throws IOException {
    String chunk = SampleText.of(48 * 1024);
    scene.answering(SampleText.chunked() + SampleText.chunk(chunk).repeat(64) + "0\r\n\r\n");
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.message().body().equals(chunk.repeat(64))).as("the same bytes").isTrue();
    }
  }

  @Test
  default void answerThatEndsWithItsConnectionPasses(PassingScene scene) throws IOException {
    String body = SampleText.of(100_000);
    scene.answering("HTTP/1.0 200 OK\r\n\r\n" + body);
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
      assertThat(client.message().body().equals(body)).as("the same bytes").isTrue();
    }
  }

  @Test
  default void headersOf16KilobytesReachTheClient(PassingScene scene) throws IOException {
    List<String> fields =
        List.of(
            "X-Token: " + SampleText.of(12_000),
            "X-One: " + SampleText.of(1_500),
            "X-Two: " + SampleText.of(2_500));
    scene.answering(SampleText.chunked(fields.toArray(new String[0])) + "0\r\n\r\n");
    assertThat(asked(scene).missing(fields)).isEmpty();
  }

  @Test
  default void cookiesReachTheClientOneByOne(PassingScene scene) throws IOException {
    scene.answering(
        SampleText.chunked(
                "Set-Cookie: a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
                "set-cookie: b=2; Path=/x")
            + "0\r\n\r\n");
    assertThat(asked(scene).values("Set-Cookie"))
        .contains("a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "b=2; Path=/x");
  }

  @Test
  default void eachEventArrivesBeforeTheNextOneIsSent(PassingScene scene) throws IOException {
    CompletableFuture<Boolean> firstWasRead = new CompletableFuture<>();
    scene.whenAsked(
        (wire, head) -> {
          wire.write(
              SampleText.chunked("Content-Type: text/event-stream")
                  + SampleText.chunk("data: 1\n\n"));
          scene.get(firstWasRead);
          wire.write(SampleText.chunk("data: 2\n\n") + "0\r\n\r\n");
          return head;
        });
    try (Wire client = scene.client()) {
      client.write("GET /events HTTP/1.1\r\nHost: shop\r\nAccept: text/event-stream\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo("data: 1\n\n");
      firstWasRead.complete(true);
      assertThat(client.chunk()).isEqualTo("data: 2\n\n");
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  default void silenceBeforeAnAnswerIsNotCutShort(PassingScene scene) throws IOException {
    CompletableFuture<Boolean> asked = new CompletableFuture<>();
    CompletableFuture<Boolean> mayAnswer = new CompletableFuture<>();
    scene.whenAsked(
        (wire, head) -> {
          asked.complete(true);
          scene.get(mayAnswer);
          wire.write(SampleText.answer("late"));
          return head;
        });
    try (Wire client = scene.client(PassingScene.Door.IMPATIENT, PassingScene.UNTRUSTED)) {
      client.write("GET /poll HTTP/1.1\r\nHost: shop\r\n\r\n");
      scene.get(asked);
      scene.outlastOtherClients();
      mayAnswer.complete(true);
      assertThat(client.message().body()).isEqualTo("late");
    }
  }

  @Test
  default void answersWithoutABodyKeepTheirConnection(PassingScene scene) throws IOException {
    try (Wire client = scene.client()) {
      scene.answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 7\r\n\r\n");
      client.write("HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n");
      WireMessage head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.values("Content-Length")).containsExactly("7");
      for (int status : new int[] {204, 304}) {
        scene.answering("HTTP/1.1 " + status + " X\r\nConnection: close\r\nETag: \"x\"\r\n\r\n");
        client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
        WireMessage bodiless = client.message();
        assertThat(bodiless.status()).isEqualTo(status);
        assertThat(bodiless.values("ETag")).containsExactly("\"x\"");
      }
      scene.answering(SampleText.answer("last"));
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("last");
    }
  }

  @Test
  default void informationalAnswerPasses(PassingScene scene) throws IOException {
    scene.answering(hinted());
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
      WireMessage early = client.message();
      assertThat(early.status()).isEqualTo(103);
      assertThat(early.value("Link")).isEqualTo("</a.css>; rel=preload");
      assertThat(client.message().body()).isEqualTo("page");
    }
  }

  /** The application keeps its connection, as most do: its end is not the end of the answer. */
  @Test
  default void connectionGoesOnBehindAnInformationalAnswer(PassingScene scene) throws IOException {
    scene.whenAsked(
        (wire, head) -> {
          wire.write(hinted().replace("Connection: close\r\n", ""));
          if (wire.hasMore()) {
            wire.head();
            wire.write(SampleText.answer("next"));
          }
          return head;
        });
    scene.answering(SampleText.answer("next"));
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
      WireMessage answer = client.message();
      assertThat((answer.status() == 103 ? client.message() : answer).body()).isEqualTo("page");
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("next");
    }
  }

  @Test
  default void fieldsBehindTheLastChunkReachTheClient(PassingScene scene) throws IOException {
    scene.answering(
        SampleText.chunked("Trailer: X-Sum") + SampleText.chunk("page") + "0\r\nX-Sum: 7\r\n\r\n");
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\nTE: trailers\r\n\r\n");
      WireMessage answer = client.message();
      assertThat(answer.body()).isEqualTo("page");
      assertThat(answer.late("X-Sum")).containsExactly("7");
    }
  }

  private static String hinted() {
    return "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
        + SampleText.answer("page");
  }

  private static WireMessage asked(PassingScene scene) throws IOException {
    try (Wire client = scene.client()) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
      WireMessage answer = client.message();
      assertThat(answer.status()).isEqualTo(200);
      return answer;
    }
  }
}
