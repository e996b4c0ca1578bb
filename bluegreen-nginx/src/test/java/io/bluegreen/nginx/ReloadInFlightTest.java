package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests that nginx tells to be in flight in reload mode, with and without our lines. */
@Tag("long")
class ReloadInFlightTest {
  @TempDir Path temp;
  private Path file;
  private NginxShop shop;
  private NginxRouter described;
  private NginxRouter router;
  private RealNginx nginx;
  private int directBlue;

  @BeforeEach
  void startNginx() throws Exception {
    file = RealNginx.open(temp).resolve("conf").resolve("shop.conf");
    shop = new NginxShop("web");
    directBlue = NginxPorts.free();
    described = NginxRouter.reload(file).directPorts("web", directBlue, NginxPorts.free());
    nginx = new RealNginx(described.renderConfig(shop.group).write());
    router = described.nginxCommand(nginx.command());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void formerWorkersAreCountedByTheirRequestsAndTheIdleColourByItsDirectOnes() throws Exception {
    RouterReport report = router.open(shop.opening());
    assertThat(report.guarantees()).contains(RouterGuarantee.DRAIN_KNOWN);
    assertThat(report.warnings()).noneMatch(warning -> warning.what().contains("in flight"));
    assertThat(inFlight()).as("it serves, and is idle").isEqualTo(InFlight.NONE);
    Deque<NginxClient> sockets = new ArrayDeque<>();
    for (int i = 0; i < 3; i++) {
      sockets.add(webSocket(shop.door("web")));
    }
    await().until(() -> inFlight().equals(InFlight.some(3)));
    to(Color.GREEN);
    to(Color.GREEN);
    assertThat(inFlight()).isEqualTo(InFlight.some(3));
    sockets.remove().close();
    sockets.remove().close();
    await().until(() -> inFlight().count().orElse(9) <= 2);
    assertThat(inFlight().isNone()).isFalse();
    sockets.remove().close();
    await().until(() -> inFlight().isNone());
    try (NginxClient direct = webSocket(URI.create("http://127.0.0.1:" + directBlue))) {
      await().until(() -> inFlight().equals(InFlight.some(1)));
      assertThat(direct.isLast()).isFalse();
    }
    await().until(() -> inFlight().isNone());
  }

  @Test
  void configurationOfAnEarlierVersionWorksAsBeforeAndIsMendedAsSaid() throws Exception {
    // Both files as an earlier version of this library has rendered them.
    nginx.stop();
    String rendered = Files.readString(temp.resolve("conf/nginx.conf"));
    nginx.edit(ReloadInFlightTest::withoutOurLines);
    GeneratedFile now = GeneratedFile.read(file, shop.group);
    String body =
        now.text().substring(now.text().indexOf("  map "), now.text().indexOf("# bluegreen:end"));
    Files.writeString(
        file,
        GeneratedFile.render(
            now.durable().status().orElseThrow(), List.of(), withoutOurLines(body)));
    nginx.start();
    RouterReport before = router.open(shop.opening());
    assertThat(before.guarantees()).doesNotContain(RouterGuarantee.DRAIN_KNOWN);
    assertThat(warning(before).what())
        .contains("what comes by preview or direct ports")
        .contains("nginx was not told to count");
    assertThat(warning(before).remedy()).contains("the next switch puts");
    assertThat(router.inFlight(shop.group.slot("web", Color.GREEN)))
        .as("its direct port may be in use")
        .isEqualTo(InFlight.UNKNOWN);
    NginxRouter split = NginxRouter.reload(file).nginxCommand(nginx.command());
    RouterReport report = split.open(shop.opening());
    assertThat(report.guarantees()).contains(RouterGuarantee.DRAIN_KNOWN);
    assertThat(report.warnings().toString()).contains("told by nginx's former workers alone");
    assertThat(split.inFlight(shop.group.slot("web", Color.GREEN))).isEqualTo(InFlight.NONE);
    split.close();
    try (NginxClient socket = webSocket(shop.door("web"))) {
      to(Color.GREEN);
      shop.assertServes(Color.GREEN);
      assertThat(inFlight().isNone()).isFalse();
      assertThat(socket.isLast()).isFalse();
    }
    await().until(() -> nginx.workers().stream().noneMatch(ReloadInFlightTest::isFormer));
    assertThat(inFlight()).isEqualTo(InFlight.UNKNOWN);
    router.close();
    String remedy = warning(router.open(shop.opening())).remedy();
    assertThat(remedy).contains("the same lines");
    nginx.edit(text -> rendered);
    assertThat(nginx.run("-s", "reload")).isZero();
    router.close();
    await()
        .until(
            () -> router.open(shop.opening()).guarantees().contains(RouterGuarantee.DRAIN_KNOWN));
    assertThat(inFlight()).isEqualTo(InFlight.NONE);
  }

  private static boolean isFormer(ProcessHandle worker) {
    return NginxWorkers.around(worker.pid()).stream()
        .flatMap(workers -> workers.list().stream())
        .anyMatch(NginxWorkers.Worker::quitting);
  }

  private static RouterReport.Warning warning(RouterReport report) {
    return report.warnings().stream()
        .filter(warning -> warning.costs().equals(Optional.of(RouterGuarantee.DRAIN_KNOWN)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(report.toString()));
  }

  private static String withoutOurLines(String text) {
    return text.replace("$bgflightlogged_shop", "$bgvia_shop")
        .lines()
        .filter(line -> !line.contains("flight") && !line.contains("limit_conn"))
        .filter(line -> !line.contains("$bgvia_shop { ") && !line.contains("{ 0 $bgvia_shop"))
        .reduce("", (all, line) -> all + line + "\n");
  }

  private void to(Color color) {
    router.apply(shop.to(router, shop.all(color)));
  }

  private InFlight inFlight() {
    return router.inFlight(shop.group.slot("web", Color.BLUE));
  }

  private static NginxClient webSocket(URI door) throws IOException {
    NginxClient socket = new NginxClient(door);
    socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
    assertThat(socket.head()).contains(" 101 ");
    return socket;
  }
}
