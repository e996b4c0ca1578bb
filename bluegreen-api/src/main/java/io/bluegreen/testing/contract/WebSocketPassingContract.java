package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.contract.PassingScene.Door;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How WebSockets pass a front door. Part of {@link PassingContract}. */
public interface WebSocketPassingContract {
  @Test
  default void webSocketPassesBothWays(PassingScene scene) throws IOException {
    echo(scene);
    try (Wire client = scene.client()) {
      open(client);
      say(client, "one");
      say(client, SampleText.of(1_000));
    }
  }

  @Test
  default void silentWebSocketIsNotCut(PassingScene scene) throws IOException {
    echo(scene);
    try (Wire client = scene.client(Door.IMPATIENT, PassingScene.UNTRUSTED)) {
      open(client);
      say(client, "before");
      scene.outlastOtherClients();
      say(client, "after");
    }
  }

  /** Lets the application say at once how it greets, and then whatever it hears. */
  private static void echo(PassingScene scene) {
    scene.whenAsked(
        (wire, head) -> {
          assertThat(head.value("Upgrade")).isEqualToIgnoringCase("websocket");
          assertThat(head.value("Connection")).isEqualToIgnoringCase("upgrade");
          wire.write(
              String.join(
                  "\r\n",
                  "HTTP/1.1 101 Switching Protocols",
                  "Upgrade: websocket",
                  "Connection: Upgrade",
                  "Sec-WebSocket-Accept: " + SampleText.ACCEPTED,
                  "",
                  "hello"));
          while (wire.hasMore()) {
            wire.write(wire.bytes(1));
          }
          return head;
        });
  }

  private static void open(Wire client) throws IOException {
    client.write(
        String.join(
            "\r\n",
            "GET /ws HTTP/1.1",
            "Host: shop",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "",
            ""));
    WireMessage switching = client.head();
    assertThat(switching.status()).isEqualTo(101);
    assertThat(switching.value("Sec-WebSocket-Accept")).isEqualTo(SampleText.ACCEPTED);
    assertThat(client.bytes(5)).isEqualTo("hello");
  }

  private static void say(Wire client, String text) throws IOException {
    client.write(text);
    assertThat(client.bytes(text.length()).equals(text)).as("what came back").isTrue();
  }
}
