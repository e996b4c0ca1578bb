package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.testing.contract.ProxyUnderTest.Held;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is in flight, what is cut, and what was counted, over a reload too. */
class DrainAndMeterTest {
  @Test
  void aRequestInAFormerWorkerIsInFlightAndCanBeCut() throws Exception {
    try (MapProxy proxy = new MapProxy(2)) {
      HaproxyRouter router = proxy.stage.opened();
      Slot blue = proxy.group().slot("web", Color.BLUE);
      try (Held held = proxy.hold("web")) {
        assertThat(held).isNotNull();
        proxy.stage.haproxy.reloaded();
        router.apply(proxy.stage.change(proxy.stage.all(Color.BLUE), proxy.stage.all(Color.GREEN)));
        assertThat(proxy.stage.haproxy.api().stats("web_blue"))
            .allMatch(row -> row.number("scur") == 0);
        assertThat(router.inFlight(blue)).isEqualTo(InFlight.some(1));
        assertThat(router.inFlight(blue.other())).isEqualTo(InFlight.NONE);
        assertThat(router.cut(blue)).isEqualTo(1);
        await().until(() -> router.inFlight(blue).isNone());
      }
    }
  }

  @Test
  void aWebSocketStaysThroughASwitchAndIsCutOnlyWhenAsked() throws Exception {
    try (ServerSocket blue = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ServerSocket green = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        RenderedGroup stage =
            new RenderedGroup(
                RenderOptions.defaults(),
                webSocketGroup(blue.getLocalPort(), green.getLocalPort()))) {
      // Health checks connect, too: each connection is answered by its own thread.
      for (ServerSocket socket : List.of(blue, green)) {
        Thread server = new Thread(() -> echo(socket));
        server.setDaemon(true);
        server.start();
      }
      HaproxyRouter router = stage.opened();
      Slot slot = stage.group.slot("web", Color.BLUE);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.door("web"))) {
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write(
                ("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
          answer.append((char) socket.getInputStream().read());
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 101");
        router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)));
        socket.getOutputStream().write('p');
        assertThat(socket.getInputStream().read()).isEqualTo('p');
        assertThat(router.inFlight(slot)).isEqualTo(InFlight.some(1));
        assertThat(router.cut(slot)).isEqualTo(1);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        await().until(() -> router.inFlight(slot).isNone());
      }
    }
  }

  private static io.bluegreen.Group webSocketGroup(int blue, int green) {
    return new io.bluegreen.Group(
        "shop",
        List.of(
            Service.named("web")
                .blue("http://127.0.0.1:" + blue)
                .green("http://127.0.0.1:" + green)
                .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort())));
  }

  private static void echo(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        CompletableFuture.runAsync(() -> echo(socket), runnable -> new Thread(runnable).start());
      }
    } catch (java.io.IOException closed) {
      // The test is over.
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      StringBuilder request = new StringBuilder();
      while (!request.toString().endsWith("\r\n\r\n")) {
        int c = socket.getInputStream().read();
        if (c < 0) {
          return;
        }
        request.append((char) c);
      }
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (java.io.IOException closed) {
      // Cut, as it is to be.
    }
  }

  @Test
  void countsGoOnGrowingOverAReload() throws Exception {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "api", "web")) {
      HaproxyRouter router = stage.opened();
      TrafficMeter meter = router.meter().orElseThrow();
      Slot blue = stage.group.slot("web", Color.BLUE);
      try (BrowserClient web = new BrowserClient(stage.door("web"), false)) {
        for (int i = 0; i < 30; i++) {
          web.get();
        }
        // The last answer is counted behind its last byte.
        await().until(() -> meter.read().slots().get(blue).requests() == 30);
        stage.haproxy.reloaded();
        assertThat(meter.read().slots().get(blue).requests()).isEqualTo(30);
        for (int i = 0; i < 12; i++) {
          web.get();
        }
        await().until(() -> meter.read().slots().get(blue).requests() == 42);
        assertThat(meter.read().slots().get(blue.other())).isEqualTo(TrafficMeter.Count.ZERO);
      }
    }
  }

  @Test
  void whatHaproxyAnswersInPlaceOfADeadApplicationIsAnErrorOfItsSlot() throws Exception {
    try (RenderedGroup stage =
        new RenderedGroup(
            RenderOptions.defaults(),
            webSocketGroup(RealHaproxy.freePort(), RealHaproxy.freePort()))) {
      HaproxyRouter router = stage.opened();
      try (BrowserClient web = new BrowserClient(stage.door("web"), false)) {
        org.assertj.core.api.Assertions.assertThatThrownBy(web::get).hasMessageContaining("503");
      }
      TrafficMeter meter = router.meter().orElseThrow();
      Slot slot = stage.group.slot("web", Color.BLUE);
      await().until(() -> meter.read().slots().get(slot).requests() == 1);
      assertThat(meter.read().slots().get(slot).serverErrors()).isEqualTo(1);
    }
  }
}
