package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.RouterTruth;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program that switches is killed with signal 9 at each point between writing and proving. */
class LiveKillTest {
  @TempDir Path temp;
  private Shop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeBlue() throws Exception {
    shop = new Shop("web");
    Path state = RealNginx.open(temp).resolve("state");
    router = NginxRouter.live(state);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    router.close();
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @ParameterizedTest
  @CsvSource({
    "buckets made, BLUE",
    "links made, BLUE",
    "generation made, BLUE",
    "link made, BLUE",
    "renamed, GREEN",
    "durable, GREEN",
    "installed, GREEN",
    "proven, GREEN"
  })
  void oneOfTheTwoSplitsIsServedWholeAndTheNextSwitchWorks(String point, Color serves)
      throws Exception {
    SwitchProgram.killAt("live", temp.resolve("state"), point, shop.group);
    router.open(shop.opening());
    RouterTruth.Known truth = Shop.known(router);
    assertThat(truth.wholly(shop.all(serves))).isTrue();
    assertThat(truth.generation()).isEqualTo(serves == Color.GREEN ? 2 : 1);
    assertThat(truth.drift()).isEmpty();
    assertThat(shop.ask("web")).isEqualTo(serves.label());
    nginx.stop();
    nginx.start();
    assertThat(Shop.known(router).wholly(shop.all(serves))).isTrue();
    assertThat(shop.ask("web")).isEqualTo(serves.label());
    router.apply(Shop.change(truth.running(), shop.all(Color.GREEN), 3, 2));
    assertThat(shop.ask("web")).isEqualTo("green");
  }
}
