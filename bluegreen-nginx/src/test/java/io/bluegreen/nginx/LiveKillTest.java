package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterTruth;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program that switches is killed with signal 9 at each point between writing and proving. */
@Tag("long")
class LiveKillTest {
  @TempDir Path temp;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeBlue() throws Exception {
    shop = new NginxShop("web", "api");
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
  void splitIsServedWholeAfterAKillAndTheNextSwitchWorks(String point, Color serves)
      throws Exception {
    SwitchProgram.killAt("live", temp.resolve("state"), point, 1, shop.group);
    router.open(shop.opening());
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.wholly(shop.all(serves))).isTrue();
    assertThat(truth.generation()).isEqualTo(serves == Color.GREEN ? 2 : 1);
    assertThat(truth.drift()).isEmpty();
    shop.assertServes(serves);
    nginx.stop();
    nginx.start();
    assertThat(NginxShop.known(router).wholly(shop.all(serves))).isTrue();
    shop.assertServes(serves);
    router.apply(NginxShop.change(truth.running(), shop.all(Color.GREEN), 3, 2));
    shop.assertServes(Color.GREEN);
  }

  /**
   * The switch was spoilt and is taken back; the kill comes when the link is renamed for the second
   * time.
   */
  @ParameterizedTest
  @CsvSource({"renamed", "durable"})
  void formerSplitIsServedWholeAfterAKillDuringTheUndo(String point) throws Exception {
    SwitchProgram.killAt("live, failing", temp.resolve("state"), point, 2, shop.group);
    router.open(shop.opening());
    assertThat(NginxShop.known(router).wholly(shop.all(Color.BLUE))).isTrue();
    assertThat(NginxShop.known(router).generation()).isEqualTo(1);
    assertThat(NginxShop.known(router).drift()).isEmpty();
    shop.assertServes(Color.BLUE);
    nginx.stop();
    nginx.start();
    shop.assertServes(Color.BLUE);
    router.apply(NginxShop.change(shop.all(Color.BLUE), shop.all(Color.GREEN), 3, 2));
    shop.assertServes(Color.GREEN);
  }

  /** The spoilt split is reported as nginx serves it. */
  @Test
  void spoiltSwitchIsReportedAsItIsAfterAKillDuringTheUndo() throws Exception {
    SwitchProgram.killAt("live, failing", temp.resolve("state"), "link made", 2, shop.group);
    router.open(shop.opening());
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.running()).isEqualTo(shop.all(Color.GREEN).with("web", Color.GREEN, 0));
    assertThat(truth.drift()).extracting(Drift::kind).contains(Drift.Kind.FILE_EDITED);
    assertThat(shop.ask("web")).isEqualTo("blue");
    assertThat(shop.ask("api")).isEqualTo("green");
    router.apply(NginxShop.change(truth.running(), shop.all(Color.BLUE), 3, 2));
    shop.assertServes(Color.BLUE);
  }
}
