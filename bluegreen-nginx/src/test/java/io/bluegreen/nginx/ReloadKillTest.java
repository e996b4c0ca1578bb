package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterTruth;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program that switches is killed with signal 9 at each point between writing and proving. */
@Tag("long")
class ReloadKillTest {
  @TempDir Path temp;
  private NginxShop shop;
  private Path file;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeBlue() throws Exception {
    shop = new NginxShop("web", "api");
    file = RealNginx.open(temp).resolve("conf").resolve("shop.conf");
    router = NginxRouter.reload(file);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router = router.nginxCommand(nginx.command());
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
    "former kept, BLUE, BLUE",
    "written, BLUE, GREEN",
    "tested, BLUE, GREEN",
    "reload asked, GREEN, GREEN",
    "proven, GREEN, GREEN"
  })
  void runsAndDurableAreToldApartAndTheNextSwitchWorks(String point, Color runs, Color lies)
      throws Exception {
    SwitchProgram.killAt("reload", file, point, 1, shop.group);
    runsAndLies(runs, lies);
  }

  /** The switch was interrupted while it waited for its proof, and is taken back. */
  @ParameterizedTest
  @CsvSource({"put back, GREEN, BLUE", "reload back asked, BLUE, BLUE"})
  void runsAndDurableAreToldApartAfterAKillDuringTheUndo(String point, Color runs, Color lies)
      throws Exception {
    try (NginxClient socket =
        new NginxClient(shop.door("web"))) { // A former worker stays for it, too.
      socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
      assertThat(socket.head()).contains(" 101 ");
      SwitchProgram.killAt("reload, failing", file, point, 1, shop.group);
      runsAndLies(runs, lies);
    }
  }

  private void runsAndLies(Color runs, Color lies) throws Exception {
    router.open(shop.opening());
    // A reload that was asked for goes on without us: for a while both generations answer.
    await()
        .untilAsserted(
            () -> {
              RouterTruth.Known truth = NginxShop.known(router);
              assertThat(truth.running()).isEqualTo(shop.all(runs));
              assertThat(truth.durable()).isEqualTo(shop.all(lies));
              assertThat(truth.drift())
                  .extracting(Drift::kind)
                  .containsExactlyElementsOf(
                      runs == lies ? List.of() : List.of(Drift.Kind.DURABLE_DIFFERS));
              shop.assertServes(runs);
            });
    nginx.stop();
    nginx.start();
    assertThat(NginxShop.known(router).wholly(shop.all(lies))).isTrue();
    shop.assertServes(lies);
    router.apply(NginxShop.change(shop.all(lies), shop.all(Color.GREEN), 3, 2));
    assertThat(NginxShop.known(router).wholly(shop.all(Color.GREEN))).isTrue();
    shop.assertServes(Color.GREEN);
  }

  @ParameterizedTest
  @CsvSource({"written", "tested", "reload asked"})
  void nextSwitchWorksWithoutARestartToo(String point) throws Exception {
    SwitchProgram.killAt("reload", file, point, 1, shop.group);
    router.open(shop.opening());
    // Back to blue: running and durable truth are made equal, whichever of the two runs now.
    router.apply(NginxShop.change(shop.all(Color.GREEN), shop.all(Color.BLUE), 3, 2));
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.running()).isEqualTo(shop.all(Color.BLUE));
    assertThat(truth.durable()).isEqualTo(shop.all(Color.BLUE));
    assertThat(truth.drift()).isEmpty();
    assertThat(shop.ask("web")).isEqualTo("blue");
  }
}
