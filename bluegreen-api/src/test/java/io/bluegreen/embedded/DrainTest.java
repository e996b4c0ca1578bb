package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class DrainTest {
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

  /** Echoes what it is sent after the upgrade, until its peer ends. */
  private static final TestApp.Answer ECHO =
      (request, out) -> {
        if (!"websocket".equals(request.header("Upgrade"))) {
          return TestApp.reply(out, 200, "blue");
        }
        out.write(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                .getBytes());
        out.flush();
        echo(request.in, out);
        return false;
      };

  @Test
  void requestInFlightOverASwitchIsCountedAndEndsWell() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  release.await();
                  return TestApp.reply(out, 200, "slow blue");
                });
        RawConnection slow = new RawConnection(shop.port)) {
      assertThat(shop.inFlight(Color.BLUE)).isEqualTo(InFlight.NONE);
      slow.send("GET", "/slow");
      await().until(() -> shop.blue.requests.get() == 1);
      shop.split(100);
      assertThat(shop.get("/").body()).isEqualTo("green");
      assertThat(shop.inFlight(Color.BLUE)).isEqualTo(InFlight.some(1));
      release.countDown();
      assertThat(slow.read(false).body()).isEqualTo("slow blue");
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
      assertThat(slow.get("/").body()).isEqualTo("green");
    }
  }

  @Test
  void webSocketStaysOverASwitchAndCountsUntilItsClientCloses() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop(ECHO);
        RawConnection socket = upgraded(shop)) {
      shop.split(100);
      for (String word : new String[] {"before", "after"}) {
        socket.write(word);
        assertThat(new String(socket.in.readNBytes(word.length()), ISO_8859_1)).isEqualTo(word);
      }
      assertThat(shop.inFlight(Color.BLUE)).isEqualTo(InFlight.some(1));
      socket.socket.close();
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
      assertThat(shop.count(Color.BLUE).requests()).isEqualTo(1);
      assertThat(shop.count(Color.BLUE).latencies()).isEmpty();
    }
  }

  @Test
  void webSocketEndsWithItsApplicationThoughTheClientStays() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop(ECHO);
        RawConnection socket = upgraded(shop)) {
      shop.blue.close();
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
      assertThat(socket.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void bytesRightBehindAnUpgradeReachTheOtherSide() throws Exception {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  out.write(
                      ("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello ")
                          .getBytes());
                  out.flush();
                  out.write(request.in.readNBytes(5));
                  return false;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write(UPGRADE + "alice");
      assertThat(wire.read(true).status()).isEqualTo(101);
      assertThat(new String(wire.in.readAllBytes())).isEqualTo("hello alice");
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
    }
  }

  @Test
  void refusedUpgradeIsAnAnswerBehindWhichTheConnectionEnds() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop();
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write(UPGRADE);
      RawConnection.Reply refused = wire.read(false);
      assertThat(refused.body()).isEqualTo("blue");
      assertThat(refused.header("Connection")).isEqualTo("close");
      assertThat(wire.in.read()).isEqualTo(-1);
      assertThat(shop.get("/").body()).isEqualTo("blue");
      assertThat(shop.blue.connections).hasValue(2);
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
    }
  }

  @Test
  void cutEndsRequestsAndWebSocketsOfOneSlotAndSaysHowMany() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (EmbeddedShop shop = new EmbeddedShop(ECHO);
        RawConnection socket = upgraded(shop);
        RawConnection hanging = new RawConnection(shop.port);
        RawConnection streaming = new RawConnection(shop.port);
        RawConnection other = new RawConnection(shop.port)) {
      shop.blue.answer =
          (request, out) -> {
            if (request.target().equals("/stream")) {
              out.write("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\npart".getBytes());
              out.flush();
            }
            never.await();
            return false;
          };
      hanging.send("GET", "/hang");
      streaming.send("GET", "/stream");
      assertThat(streaming.read(true).status()).isEqualTo(200);
      await().until(() -> shop.blue.requests.get() == 3);
      shop.split(100);
      CountDownLatch answer = new CountDownLatch(1);
      shop.green.answer =
          (request, out) -> {
            answer.await();
            return TestApp.reply(out, 200, "green");
          };
      other.send("GET", "/");
      await().until(() -> shop.green.requests.get() == 1);

      assertThat(shop.inFlight(Color.BLUE)).isEqualTo(InFlight.some(3));
      assertThat(shop.router.cut(shop.slot(Color.BLUE))).isEqualTo(3);

      assertThat(shop.inFlight(Color.BLUE)).isEqualTo(InFlight.NONE);
      assertEnded(socket);
      assertEnded(hanging);
      assertEnded(streaming);
      answer.countDown();
      assertThat(other.read(false).body()).isEqualTo("green");
      assertThat(shop.router.cut(shop.slot(Color.BLUE))).isZero();
      assertThat(shop.blue.requests).hasValue(3); // nothing of it was sent again
      never.countDown();
    }
  }

  @Test
  void clientThatLeavesIsNoLongerCountedOnceItsAnswerCantBeDelivered() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (EmbeddedShop shop =
        new EmbeddedShop(
            (request, out) -> {
              release.await();
              return TestApp.reply(out, 200, "x".repeat(4_000_000));
            })) {
      RawConnection leaving = new RawConnection(shop.port);
      leaving.send("GET", "/");
      await().until(() -> shop.blue.requests.get() == 1);
      leaving.socket.setSoLinger(true, 0);
      leaving.close();
      release.countDown();
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
    }
  }

  @Test
  void slotOfAnotherGroupIsRefused() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      Slot foreign = new Slot("x", io.bluegreen.Service.named("api"), Color.BLUE);
      Assertions.assertThatIllegalArgumentException()
          .isThrownBy(() -> shop.router.inFlight(foreign))
          .withMessageContaining("api");
    }
  }

  private static RawConnection upgraded(EmbeddedShop shop) throws IOException {
    RawConnection socket = new RawConnection(shop.port);
    socket.write(UPGRADE);
    assertThat(socket.read(true).status()).isEqualTo(101);
    return socket;
  }

  private static void assertEnded(RawConnection wire) {
    assertThatIOException()
        .isThrownBy(
            () -> {
              if (wire.in.readAllBytes().length <= "part".length()) {
                throw new IOException("ended");
              }
            });
  }

  private static void echo(InputStream in, OutputStream out) throws IOException {
    for (int b = in.read(); b != -1; b = in.read()) {
      out.write(b);
      out.flush();
    }
  }
}
