package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A service behind an nginx in reload mode that serves blue, for tests of what can go wrong. */
final class ReloadScene implements AutoCloseable {
  final NginxShop shop = new NginxShop("web");
  final Path home;
  final Path conf;
  final RealNginx nginx;
  final NginxRouter router;

  ReloadScene(Path temp) throws IOException, InterruptedException {
    home = RealNginx.open(temp).resolve("conf");
    NginxRouter described = NginxRouter.reload(home.resolve("shop.conf"));
    conf = described.renderConfig(shop.group).write();
    nginx = new RealNginx(conf);
    router = described.nginxCommand(nginx.command());
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE)));
  }

  /** Asserts that a switch to green fails with this reason, and that blue is served as before. */
  void fails(NginxRouter failing, String reason) {
    assertThatThrownBy(() -> failing.apply(shop.to(failing, shop.all(Color.GREEN))))
        .isInstanceOfSatisfying(
            RouterException.class,
            e -> assertThat(e.effect()).as(e.getMessage()).isEqualTo(Effect.UNCHANGED))
        .hasMessageContaining(reason)
        .hasMessageContaining("nginx serves web blue");
    assertBlue(failing);
  }

  /** Asserts that a switch to green works when no checkpoint disturbs it. */
  void works(NginxRouter working) {
    NginxRouter mended = working.checkpoint(point -> {});
    mended.open(shop.opening());
    mended.apply(shop.to(mended, shop.all(Color.GREEN)));
    assertThat(ask()).isEqualTo("green");
    assertThat(NginxShop.known(mended).drift()).isEmpty();
    mended.close();
  }

  void assertBlue(NginxRouter asked) {
    RouterTruth.Known truth = NginxShop.known(asked);
    assertThat(truth.running()).isEqualTo(shop.all(Color.BLUE));
    assertThat(truth.durable()).isEqualTo(shop.all(Color.BLUE));
    for (int i = 0; i < 30; i++) {
      assertThat(ask()).isEqualTo("blue");
    }
  }

  String ask() {
    try {
      return shop.ask("web");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    router.close();
    nginx.close();
    shop.close();
  }
}
