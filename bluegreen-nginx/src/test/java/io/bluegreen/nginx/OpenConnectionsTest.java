package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Drift;
import io.bluegreen.InFlight;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Release;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterTruth;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long connections keep former workers of reload mode alive, and delay nobody. */
@Tag("long")
class OpenConnectionsTest {
  @TempDir Path temp;
  private NginxShop shop;
  private Path file;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginx() throws Exception {
    shop = new NginxShop("web");
    file = RealNginx.open(temp).resolve("conf").resolve("shop.conf");
    NginxRouter described = NginxRouter.reload(file);
    nginx = new RealNginx(described.renderConfig(shop.group).write());
    nginx.stop();
    nginx.edit(text -> text.replace("worker_processes auto", "worker_processes 2"));
    nginx.start();
    router = described.nginxCommand(nginx.command());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void deploymentsAndRollbacksGoThroughWhileWebSocketsAndDownloadsAreOpen() throws Exception {
    List<NginxClient> sockets = new ArrayList<>();
    List<NginxClient> downloads = new ArrayList<>();
    try (BlueGreenManager manager = manager()) {
      for (int round = 0; round < 3; round++) {
        Operation deploy = Operation.deploy(Release.of("1." + round));
        Operation asked = round % 2 == 0 ? deploy : deploy.force("it has to");
        assertThat(manager.run(asked).outcome())
            .as("deployment " + round)
            .isEqualTo(Outcome.PROMOTED);
        sockets.add(webSocket());
        if (round > 0) {
          assertThat(manager.rollback().outcome())
              .as("rollback " + round)
              .isEqualTo(Outcome.WENT_BACK);
          downloads.add(download());
        }
      }
      assertThat(manager.status().drift()).isEmpty();
      assertThat(manager.recover(RecoveryChoice.ADOPT, "ann").done()).isEmpty();
      assertThat(manager.recover(RecoveryChoice.REPAIR, "ann").done()).isEmpty();
    }
    for (NginxClient socket : sockets) {
      assertLives(socket);
      socket.close();
    }
    shop.release();
    for (NginxClient download : downloads) {
      assertThat(download.receive().body())
          .hasSizeGreaterThan(ColorServer.HELD - ColorServer.PIECE);
      download.close();
    }
  }

  @Test
  void eachColourIsInFlightForAsLongAsWorkersOfItsOwnGenerationsAnswer() throws Exception {
    router.open(shop.opening());
    try (NginxClient first = webSocket()) {
      to(Color.GREEN);
      NginxClient second = webSocket();
      to(Color.BLUE);
      to(Color.GREEN);
      to(Color.BLUE);
      RouterTruth.Known truth = NginxShop.known(router);
      assertThat(truth.wholly(shop.all(Color.BLUE))).isTrue();
      assertThat(truth.drift()).isEmpty();
      assertThat(truth.formerWorkers())
          .containsExactlyInAnyOrder(shop.all(Color.BLUE), shop.all(Color.GREEN));
      // Workers that nothing holds may still be ending.
      await().until(() -> inFlight(Color.GREEN).equals(InFlight.some(1)));
      second.close();
      await().until(() -> inFlight(Color.GREEN).equals(InFlight.NONE));
      // The other socket still belongs to blue.
      to(Color.GREEN);
      await().until(() -> inFlight(Color.BLUE).equals(InFlight.some(1)));
      assertLives(first);
    }
    await().until(() -> inFlight(Color.BLUE).equals(InFlight.NONE));
    await().until(() -> NginxShop.known(router).formerWorkers().isEmpty());
  }

  @Test
  void workersOfAReloadByHandAreInFlightForEachSlotThatTheyMayServe() throws Exception {
    router.open(shop.opening());
    to(Color.GREEN);
    try (NginxClient socket = webSocket()) {
      assertThat(nginx.run("-s", "reload")).isZero();
      await().until(() -> !NginxShop.known(router).formerWorkers().isEmpty());
      to(Color.BLUE);
      assertThat(NginxShop.known(router).drift()).isEmpty();
      assertThat(inFlight(Color.GREEN).isNone()).isFalse();
      assertLives(socket);
    }
    await().until(() -> inFlight(Color.GREEN).equals(InFlight.NONE));
  }

  /** As a worker that hangs, and was not told yet: it has not read the signal. */
  @Test
  void formerWorkerThatStillTakesRequestsIsDriftAndReachesItsSlot() throws Exception {
    router.open(shop.opening());
    to(Color.GREEN);
    String ofGreen = Files.readString(file);
    to(Color.BLUE);
    // The file of the last switch lists the workers from before it; here all of them accept
    // requests.
    String listed = ofGreen.replaceFirst("(?s).*(# bluegreen:former .*?)\n.*", "$1");
    assertThat(listed).contains("workers");
    List<String> accepting =
        nginx.workers().stream()
            .flatMap(worker -> NginxWorkers.around(worker.pid()).stream()) // One may end meanwhile.
            .flatMap(workers -> workers.list().stream())
            .filter(worker -> !worker.quitting())
            .map(NginxWorkers.Worker::id)
            .distinct()
            .toList();
    GeneratedFile now = GeneratedFile.read(file, shop.group);
    List<FormerSplit> former =
        List.of(new FormerSplit(shop.all(Color.GREEN), Set.copyOf(accepting)));
    Files.writeString(
        file,
        GeneratedFile.render(
            now.durable().status().orElseThrow(),
            former,
            now.text()
                .substring(now.text().indexOf("  map "), now.text().indexOf("# bluegreen:end"))));
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.drift()).extracting(Drift::kind).containsExactly(Drift.Kind.FORMER_WORKERS);
    assertThat(truth.wholly(shop.all(Color.BLUE))).isFalse();
    assertThat(truth.mayReach("web", Color.GREEN)).isTrue();
    assertThat(inFlight(Color.GREEN).isNone()).isFalse();
    to(Color.BLUE);
    assertThat(NginxShop.known(router).drift()).isEmpty();
  }

  private BlueGreenManager manager() {
    return BlueGreenManager.builder("shop")
        .service(shop.group.service("web"))
        .router(router)
        .launcher(Launcher.external())
        .healthCheck(ScriptedHealthCheck.up())
        .store(FileStateStore.in(temp.resolve("store")))
        .policy(
            DeploymentPolicy.DEFAULT
                .probing(Probing.DEFAULT.every(Duration.ofMillis(20)).passes(1).failures(3))
                .drain(Duration.ofMillis(100))
                .acceptWithout(RouterGuarantee.LOSSLESS)
                .acceptWithout(RouterGuarantee.NO_STALE))
        .build();
  }

  private InFlight inFlight(Color color) {
    return router.inFlight(shop.group.slot("web", color));
  }

  private void to(Color color) {
    router.apply(shop.to(router, shop.all(color)));
  }

  private NginxClient webSocket() throws IOException {
    NginxClient socket = new NginxClient(shop.door("web"));
    socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
    assertThat(socket.head()).contains(" 101 ");
    return socket;
  }

  /** Starts a download that waits to be released. */
  private NginxClient download() throws IOException {
    NginxClient download = new NginxClient(shop.door("web"));
    download.send("/held?first=100");
    return download;
  }

  private static void assertLives(NginxClient socket) throws IOException {
    socket.write("x");
    assertThat(socket.read()).isEqualTo('x');
  }
}
