package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a reload of nginx 1.22 does to a buffered response of which exactly a whole buffer of 4096
 * bytes has come when the backend pauses: no timer is left in the worker, so that it ends at once
 * when it is told to quit. Live mode tells no worker to quit.
 */
@Tag("long")
class CutResponsesTest {
  private static final int DOWNLOADS = 12;
  private static final int SWITCHES = 50;
  private static final String OFF =
      "proxy_buffering off;\n    proxy_buffer_size 32k;\n    proxy_buffers 4 32k;";
  private static final String ON = "proxy_buffering on;";

  @TempDir Path temp;

  @Test
  void reloadCutsBufferedResponsesAsOpenWarns() throws Exception {
    long cut = cutByAReload(ON, ColorServer.PIECE);
    if (version().startsWith("nginx/1.22.")) { // The behaviour of later versions is not known.
      assertThat(cut).isEqualTo(DOWNLOADS);
    }
  }

  @Test
  void reloadCutsNoResponseThatIsOneByteLonger() throws Exception {
    assertThat(cutByAReload(ON, ColorServer.PIECE + 1)).isZero();
  }

  @Test
  void reloadCutsNoResponseWithTheRenderedConfiguration() throws Exception {
    assertThat(cutByAReload(OFF, ColorServer.PIECE)).isZero();
  }

  @Test
  void liveModeCutsNoResponseOverManySwitches() throws Exception {
    NginxRouter router = NginxRouter.live(RealNginx.open(temp).resolve("state"));
    try (NginxShop shop = new NginxShop("web")) {
      Path conf = router.renderConfig(shop.group).write();
      Files.writeString(conf, Files.readString(conf).replace(OFF, ON));
      try (RealNginx nginx = new RealNginx(conf);
          router) {
        assertThat(nginx.workers()).isNotEmpty();
        router.open(shop.opening());
        List<NginxClient> downloads = start(shop, ColorServer.PIECE);
        for (int i = 0; i < SWITCHES; i++) {
          router.apply(shop.to(router, shop.all(i % 2 == 0 ? Color.GREEN : Color.BLUE)));
        }
        shop.release();
        assertThat(cut(downloads)).isZero();
      }
    }
  }

  private long cutByAReload(String buffering, int first) throws Exception {
    Path home = RealNginx.open(temp).resolve("reload");
    NginxRouter described = NginxRouter.reload(home.resolve("shop.conf"));
    try (NginxShop shop = new NginxShop("web")) {
      Path conf = described.renderConfig(shop.group).write();
      Files.writeString(conf, Files.readString(conf).replace(OFF, buffering));
      try (RealNginx nginx = new RealNginx(conf);
          NginxRouter router = described.nginxCommand(nginx.command())) {
        assertThat(router.open(shop.opening()).warnings())
            .anyMatch(warning -> warning.what().contains("cuts some buffered responses"));
        List<NginxClient> downloads = start(shop, first);
        router.apply(shop.to(router, shop.all(Color.GREEN)));
        shop.release();
        return cut(downloads);
      }
    }
  }

  /** Returns downloads whose first bytes have come; the rest waits for the release. */
  private static List<NginxClient> start(NginxShop shop, int first) throws IOException {
    List<NginxClient> downloads = new ArrayList<>();
    for (int i = 0; i < DOWNLOADS; i++) {
      NginxClient client = new NginxClient(shop.door("web"));
      downloads.add(client);
      client.send("/held?first=" + first, "Connection: close");
    }
    for (NginxClient client : downloads) {
      assertThat(client.head()).contains(" 200 ");
    }
    return downloads;
  }

  private static long cut(List<NginxClient> downloads) throws IOException {
    long cut = 0;
    for (NginxClient client : downloads) {
      cut += whole(client) ? 0 : 1;
      client.close();
    }
    return cut;
  }

  private static boolean whole(NginxClient client) {
    int length = 0;
    try {
      while (client.read() >= 0) {
        length++;
      }
    } catch (IOException reset) {
      return false;
    }
    return length > ColorServer.HELD - ColorServer.PIECE;
  }

  private static String version() throws IOException {
    Process nginx = new ProcessBuilder("nginx", "-v").redirectErrorStream(true).start();
    String said = new String(nginx.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    return said.strip().replaceFirst("^nginx version: ", "");
  }
}
