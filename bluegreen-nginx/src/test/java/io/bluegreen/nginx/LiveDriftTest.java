package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterTruth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes of the state directory by others; the reported split is always the one that clients get.
 */
class LiveDriftTest {
  @TempDir Path temp;
  private Path state;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndSwitchTwice() throws Exception {
    state = RealNginx.open(temp).resolve("state");
    shop = new NginxShop("web");
    router = NginxRouter.live(state);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    assertThat(NginxShop.known(router).drift()).isEmpty();
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void linkThatWasMovedByHandIsReported() throws IOException {
    relink("current", "gen-1");
    assertDrift(Drift.Kind.RUNNING_DIFFERS, Color.BLUE);
    assertThat(NginxShop.known(router).generation()).isEqualTo(1);
    theNextSwitchWorks();
  }

  @Test
  void serviceThatWasRelinkedByHandIsReported() throws IOException {
    relink("gen-2/web", "../_w/0");
    assertDrift(Drift.Kind.FILE_EDITED, Color.BLUE);
    theNextSwitchWorks();
  }

  @Test
  void generationOfSomebodyElseIsReported() throws IOException {
    Files.createDirectories(state.resolve("mine"));
    Files.createSymbolicLink(state.resolve("mine/web"), Path.of("../_w/100"));
    relink("current", "mine");
    assertDrift(Drift.Kind.FILE_EDITED, Color.GREEN);
    theNextSwitchWorks();
  }

  @Test
  void bucketsThatWereDeletedAreReportedAndMended() throws IOException {
    for (int bucket = 0; bucket < 100; bucket++) {
      Files.delete(state.resolve("_w/100/%02d".formatted(bucket)));
    }
    assertDrift(Drift.Kind.FILE_EDITED, Color.BLUE);
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    assertThat(shop.ask("web")).isEqualTo("green");
    assertThat(NginxShop.known(router).drift()).isEmpty();
  }

  @Test
  void tornStatusIsReported() throws IOException {
    Path status = state.resolve("gen-2/status.json");
    Files.writeString(status, Files.readString(status).substring(0, 40));
    assertDrift(Drift.Kind.FILE_TORN, Color.GREEN);
    theNextSwitchWorks();
  }

  @Test
  void missingStatusIsReported() throws IOException {
    Files.delete(state.resolve("gen-2/status.json"));
    assertDrift(Drift.Kind.MARKER_MISSING, Color.GREEN);
    theNextSwitchWorks();
  }

  @Test
  void stateThatIsGoneIsReported() throws IOException {
    Files.delete(state.resolve("current"));
    assertDrift(Drift.Kind.STATE_LOST, Color.BLUE);
    theNextSwitchWorks();
  }

  @Test
  void danglingLinkIsReported() throws IOException {
    relink("current", "gen-99");
    assertDrift(Drift.Kind.STATE_LOST, Color.BLUE);
    theNextSwitchWorks();
  }

  @Test
  void switchOfAnotherProcessIsNoDrift() throws IOException {
    try (NginxRouter another = NginxRouter.live(state)) {
      another.open(shop.opening());
      another.apply(shop.to(another, shop.all(Color.BLUE)));
    }
    assertThat(NginxShop.known(router).drift()).isEmpty();
    assertThat(NginxShop.known(router).running()).isEqualTo(shop.all(Color.BLUE));
  }

  @Test
  void nginxThatNoLongerSeesTheStateIsReported() throws Exception {
    Path conf = state.resolve("nginx.conf");
    Files.writeString(
        conf, Files.readString(conf).replace(state + "/current", state + "/elsewhere"));
    nginx.stop();
    nginx.start();
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.drift()).extracting(Drift::kind).contains(Drift.Kind.STATE_LOST);
    assertThat(truth.running()).isEqualTo(shop.all(Color.BLUE));
    assertThat(truth.durable()).isEqualTo(shop.all(Color.GREEN));
    assertThat(shop.ask("web")).isEqualTo("blue");
  }

  private void assertDrift(Drift.Kind kind, Color serves) throws IOException {
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.drift()).extracting(Drift::kind).contains(kind);
    assertThat(truth.running()).isEqualTo(shop.all(serves));
    assertThat(shop.ask("web")).isEqualTo(serves.label());
  }

  private void theNextSwitchWorks() throws IOException {
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    assertThat(shop.ask("web")).isEqualTo("blue");
    assertThat(NginxShop.known(router).drift()).isEmpty();
  }

  private void relink(String link, String target) throws IOException {
    Files.delete(state.resolve(link));
    Files.createSymbolicLink(state.resolve(link), Path.of(target));
  }
}
