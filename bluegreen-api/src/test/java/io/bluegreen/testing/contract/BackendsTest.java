package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private final Backends backends = new Backends("web", "shop");
  private final TimeSource time = TimeSource.system();

  @AfterEach
  void end() {
    backends.close();
    time.close();
  }

  @Test
  void everyBackendAnswersItsColourOnKeptAndOnFreshConnections() throws IOException {
    for (String service : new String[] {"web", "shop"}) {
      for (Color color : Color.values()) {
        for (boolean keepAlive : new boolean[] {true, false}) {
          try (HttpClient client = new HttpClient(at(service, color), keepAlive)) {
            for (int i = 0; i < 5; i++) {
              assertThat(client.request()).isEqualTo(color);
            }
          }
        }
      }
    }
  }

  @Test
  void aHeldRequestIsAnsweredOnlyWhenItIsLetGo() throws IOException {
    ProxyUnderTest.Held held = backends.hold(at("web", Color.BLUE));
    try (HttpClient other = new HttpClient(at("web", Color.BLUE), false)) {
      assertThat(other.request()).isEqualTo(Color.BLUE);
    }
    held.close();
  }

  @Test
  void aRequestThatCanNotBeHeldSaysSo() throws IOException {
    int free;
    try (ServerSocket server = new ServerSocket(0)) {
      free = server.getLocalPort();
    }
    URI gone = URI.create("http://127.0.0.1:" + free);
    assertThatIOException().isThrownBy(() -> backends.hold(gone));
  }

  @Test
  void aRefusedConnectionIsAFailure() {
    URI gone = at("web", Color.BLUE);
    backends.close();
    try (HttpClient client = new HttpClient(gone, true)) {
      assertThatIOException().isThrownBy(client::request);
    }
  }

  @Test
  void aConnectionThatIsClosedInsteadOfAnAnswerIsAFailureAndIsNotTriedAgain() throws Exception {
    assertFails("", "closed");
  }

  @Test
  void whatIsNoWholeAnswerOfAColourIsAFailure() throws Exception {
    assertFails("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nblue", "502");
    assertFails("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbl", "cut short");
    assertFails("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nred", "no colour");
    assertFails("HTTP/1.1 200 OK\r\n\r\nblue", "Content-Length");
  }

  private void assertFails(String answer, String reason) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      CompletableFuture<Void> first =
          CompletableFuture.runAsync(() -> answerOnce(server, answer), time.executor());
      URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
      try (HttpClient client = new HttpClient(uri, true)) {
        assertThatIOException().isThrownBy(client::request).withMessageContaining(reason);
      }
      first.join();
      server.setSoTimeout(1); // a second try would be waiting in the backlog by now
      assertThatIOException().isThrownBy(server::accept);
    }
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket connection = server.accept()) {
      byte[] request = new byte[8_000];
      assertThat(connection.getInputStream().read(request)).isPositive();
      connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private URI at(String service, Color color) {
    return URI.create(backends.endpoint(service, color));
  }
}
