package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long")
class ReloadRouterTest {
  @TempDir Path temp;
  private Path file;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;
  private int directBlue;
  private int directGreen;

  @BeforeEach
  void startNginx() throws Exception {
    file = RealNginx.open(temp).resolve("conf").resolve("shop.conf");
    shop = new NginxShop("web", "api");
    directBlue = NginxPorts.free();
    directGreen = NginxPorts.free();
    start(
        NginxRouter.reload(file)
            .preview("X-Bluegreen", "127.0.0.1")
            .directPorts("web", directBlue, directGreen));
  }

  private void start(NginxRouter described) throws Exception {
    nginx = new RealNginx(described.renderConfig(shop.group).write());
    router = described.nginxCommand(nginx.command());
    router.open(shop.opening());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void openNamesTheGuaranteesThatThisNginxLacksAndTheRemedy() {
    RouterReport report = router.open(shop.opening());
    assertThat(report.guarantees())
        .containsExactlyInAnyOrder(RouterGuarantee.RELOAD_SAFE, RouterGuarantee.DRAIN_KNOWN);
    assertThat(report.warnings())
        .filteredOn(warning -> warning.costs().equals(Optional.of(RouterGuarantee.NO_STALE)))
        .extracting(RouterReport.Warning::what)
        .anyMatch(what -> what.contains("opened before a reload"));
    assertThat(report.warnings())
        .filteredOn(warning -> warning.costs().equals(Optional.of(RouterGuarantee.LOSSLESS)))
        .extracting(RouterReport.Warning::remedy)
        .anyMatch(remedy -> remedy.contains("keepalive_min_timeout"))
        .anyMatch(remedy -> remedy.contains("proxy_buffering off"));
  }

  /** Like a browser that connects ahead of time: this is why NO_STALE is not promised. */
  @Test
  void firstRequestOnAConnectionThatWasOpenedBeforeAReloadGetsTheFormerColourAndIsInFlight()
      throws IOException {
    try (NginxClient ahead = new NginxClient(shop.door("web"))) {
      // nginx takes connections in their order: behind this answer it has taken the other one.
      assertThat(NginxClient.once(shop.door("web"), "/").body()).isEqualTo("blue");
      router.apply(shop.to(router, shop.all(Color.GREEN)));
      assertThat(router.inFlight(shop.group.slot("web", Color.BLUE)).isNone()).isFalse();
      assertThat(ahead.get("/").body()).isEqualTo("blue");
      assertThat(NginxClient.once(shop.door("web"), "/").body()).isEqualTo("green");
    }
  }

  @Test
  void previewHeaderAndTheDirectPortsReachTheIdleColour() throws IOException {
    assertThat(NginxClient.once(shop.door("web"), "/", "X-Bluegreen: green").body())
        .isEqualTo("green");
    assertThat(NginxClient.once(shop.door("web"), "/", "X-Bluegreen: red").body())
        .isEqualTo("blue");
    assertThat(NginxClient.once(URI.create("http://127.0.0.1:" + directBlue), "/").body())
        .isEqualTo("blue");
    assertThat(NginxClient.once(URI.create("http://127.0.0.1:" + directGreen), "/").body())
        .isEqualTo("green");
  }

  @Test
  void percentageIsStickyAndRaisingItThrowsNoClientBack() throws IOException {
    router.apply(shop.to(router, shop.all(Color.BLUE).with("web", Color.GREEN, 25)));
    List<Boolean> at25 = colorsOfClients();
    router.apply(shop.to(router, shop.all(Color.BLUE).with("web", Color.GREEN, 60)));
    List<Boolean> at60 = colorsOfClients();
    assertThat(at25.stream().filter(green -> green).count()).isBetween(60L, 140L);
    assertThat(at60.stream().filter(green -> green).count()).isBetween(180L, 300L);
    for (int client = 0; client < at25.size(); client++) {
      assertThat(at60.get(client) || !at25.get(client)).isTrue();
    }
  }

  @Test
  void planIsADiffFromWhichPatchMakesTheNextFile() throws Exception {
    nginx.awaitAllWorkers(); // Each is named in the file.
    Switch change = shop.to(router, shop.all(Color.BLUE).with("api", Color.GREEN, 40));
    String before = Files.readString(file);
    List<String> plan = router.plan(change);
    assertThat(Files.readString(file)).isEqualTo(before);
    int commands = plan.size() - 2;
    assertThat(plan.get(commands)).startsWith("run nginx ").endsWith(" -t");
    assertThat(plan.get(commands + 1)).endsWith(" -s reload");
    Path patched = Files.writeString(temp.resolve("patched"), before);
    Path patch = temp.resolve("patch");
    Files.write(patch, plan.subList(0, commands));
    Process patching =
        new ProcessBuilder("patch", patched.toString(), patch.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(patching.waitFor()).isZero();
    router.apply(change);
    assertThat(Files.readString(patched)).isEqualTo(Files.readString(file));
  }

  @Test
  void requestOfAFormerWorkerIsInFlightUntilTheWorkerIsGone() throws Exception {
    NginxClient download = new NginxClient(shop.door("web"));
    download.send("/held?first=" + ColorServer.PIECE);
    String head = download.head();
    NginxClient socket = new NginxClient(shop.door("web"));
    socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
    assertThat(socket.head()).contains(" 101 ");
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.running()).isEqualTo(shop.all(Color.GREEN));
    assertThat(truth.formerWorkers()).contains(shop.all(Color.BLUE));
    assertThat(router.inFlight(shop.group.slot("web", Color.BLUE)).isNone()).isFalse();
    // Two generations later blue still counts.
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    assertThat(router.inFlight(shop.group.slot("web", Color.BLUE)).isNone()).isFalse();
    socket.write("x");
    assertThat(socket.read()).isEqualTo('x');
    socket.close();
    // proxy_buffering off, as it is rendered: not cut.
    shop.release();
    assertThat(download.receive(head).body())
        .hasSizeGreaterThan(ColorServer.HELD - ColorServer.PIECE);
    download.close();
    await().until(() -> router.inFlight(shop.group.slot("web", Color.BLUE)).equals(InFlight.NONE));
    assertThat(NginxShop.known(router).wholly(shop.all(Color.GREEN))).isTrue();
  }

  /** Only an upgrade to a WebSocket is passed on: h2c would be a tunnel past the proxy. */
  @ParameterizedTest
  @CsvSource({"websocket,101", "WebSocket,101", "h2c,200", "'h2c, websocket',200", "x,200"})
  void onlyAnUpgradeToAWebSocketIsPassedOn(String upgrade, int status) throws Exception {
    try (NginxClient client = new NginxClient(shop.door("web"))) {
      client.send("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: " + upgrade);
      assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void meterGoesOnOverReloadsAndRotations() throws Exception {
    TrafficMeter meter = router.meter().orElseThrow();
    int sent = 0;
    for (int round = 0; round < 4; round++) {
      router.apply(shop.to(router, shop.all(Color.BLUE)));
      for (int i = 0; i < 25; i++) {
        NginxClient.once(shop.door("web"), i % 5 == 0 ? "/status/503" : "/");
        sent++;
      }
      NginxClient.once(URI.create("http://127.0.0.1:" + directBlue), "/");
      NginxClient.once(shop.door("web"), "/", "X-Bluegreen: green");
      meter.read();
      Files.move(file.resolveSibling("access.log"), file.resolveSibling("access.log." + round));
      assertThat(nginx.run("-s", "reopen")).isZero();
      await().until(() -> Files.exists(file.resolveSibling("access.log")));
    }
    int all = sent;
    await().until(() -> count(meter, Color.BLUE).requests() == all);
    assertThat(count(meter, Color.BLUE).serverErrors()).isEqualTo(4 * 5);
    assertThat(count(meter, Color.GREEN).requests()).isZero();
  }

  @Test
  void hundredServicesWithLongNamesFitTheStatus() throws Exception {
    stopNginx();
    Files.delete(file);
    Files.delete(file.resolveSibling("nginx.conf"));
    shop =
        new NginxShop(
            IntStream.range(0, 100)
                .mapToObj(i -> "s" + i + "x".repeat(63 - 1 - (i < 10 ? 1 : 2)))
                .toArray(String[]::new));
    start(NginxRouter.reload(file));
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    assertThat(NginxShop.known(router).wholly(shop.all(Color.GREEN))).isTrue();
    assertThat(shop.ask(shop.group.services().get(99).name())).isEqualTo("green");
  }

  @Test
  void idOfADeploymentCanNotBecomeADirective() throws IOException {
    router.apply(
        new Switch(
            shop.all(Color.BLUE),
            shop.all(Color.GREEN),
            1,
            "d'; } server { listen 1; } #\n$pid\\",
            1,
            Duration.ofSeconds(20)));
    assertThat(Files.readString(file)).contains("\"deployment\":\"d_____server___listen");
    assertThat(shop.ask("web")).isEqualTo("green");
  }

  private TrafficMeter.Count count(TrafficMeter meter, Color color) {
    return meter.read().slots().get(shop.group.slot("web", color));
  }

  private List<Boolean> colorsOfClients() throws IOException {
    List<Boolean> green = new ArrayList<>();
    try (NginxClient client = new NginxClient(shop.door("web"))) {
      for (int i = 0; i < 400; i++) {
        green.add(client.get("/", "Cookie: bgkey=client" + i).body().equals("green"));
      }
    }
    return green;
  }
}
