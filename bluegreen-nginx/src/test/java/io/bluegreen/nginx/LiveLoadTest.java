package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveLoadTest {
  private static final int SWITCHES = 50;

  @TempDir Path temp;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginx() throws Exception {
    shop = new NginxShop("web", "api");
    router = NginxRouter.live(RealNginx.open(temp).resolve("state"));
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router.open(shop.opening());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void noRequestIsLostOrStaleOverManySwitches() throws Exception {
    NginxLoad load = NginxLoad.on(shop.door("web"), 4, 2);
    try (load) {
      for (int i = 0; i < SWITCHES; i++) {
        load.moving();
        Color color = i % 2 == 0 ? Color.GREEN : Color.BLUE;
        router.apply(shop.to(router, shop.all(color)));
        load.settled(color);
        long asked = load.requests.get();
        await().pollInterval(Duration.ofMillis(5)).until(() -> load.requests.get() > asked + 50);
      }
    }
    assertThat(load.requests).hasValueGreaterThan(SWITCHES * 50L);
    assertThat(load.failed).as(load::toString).hasValue(0);
    assertThat(load.stale).as(load::toString).hasValue(0);
  }

  @Test
  void noPairOfServicesIsEverSeenMixedAfterItsSwitch() throws Exception {
    NginxLoad web = NginxLoad.on(shop.door("web"), 2, 0);
    NginxLoad api = NginxLoad.on(shop.door("api"), 2, 0);
    try (web;
        api) {
      for (int i = 0; i < SWITCHES; i++) {
        web.moving();
        api.moving();
        Color color = i % 2 == 0 ? Color.GREEN : Color.BLUE;
        router.apply(shop.to(router, shop.all(color)));
        web.settled(color);
        api.settled(color);
        long asked = web.requests.get();
        await().pollInterval(Duration.ofMillis(5)).until(() -> web.requests.get() > asked + 20);
      }
    }
    assertThat(web.failed.get() + api.failed.get()).as(web + " " + api).isZero();
    assertThat(web.stale.get() + api.stale.get()).as(web + " " + api).isZero();
  }

  /**
   * These are responses that a reload of nginx 1.22 would cut: whole buffers have come, then a
   * pause.
   */
  @Test
  void downloadsAndWebSocketsGoOnOverManySwitches() throws Exception {
    List<NginxClient> downloads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      NginxClient download = new NginxClient(shop.door("web"));
      download.send("/held?first=" + ColorServer.PIECE, "Connection: close");
      downloads.add(download);
    }
    List<NginxClient> sockets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      NginxClient socket = new NginxClient(shop.door("web"));
      socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
      assertThat(socket.head()).contains(" 101 ");
      sockets.add(socket);
    }
    for (int i = 0; i < SWITCHES; i++) {
      router.apply(shop.to(router, shop.all(i % 2 == 0 ? Color.GREEN : Color.BLUE)));
      for (NginxClient socket : sockets) {
        socket.write("x");
        assertThat(socket.read()).isEqualTo('x');
      }
    }
    shop.release();
    for (NginxClient download : downloads) {
      assertThat(download.receive().body())
          .hasSizeGreaterThan(ColorServer.HELD - ColorServer.PIECE);
      download.close();
    }
    for (NginxClient socket : sockets) {
      socket.close();
    }
  }
}
