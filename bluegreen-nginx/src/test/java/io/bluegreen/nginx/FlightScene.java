package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** An nginx for tests of what it tells about requests in flight; one for each test class. */
final class FlightScene implements AutoCloseable {
  final NginxShop shop = new NginxShop("web", "api");
  final Path state;
  final RealNginx nginx;
  final String rendered;
  private final NginxRouter described;
  NginxRouter router;

  private FlightScene(NginxRouter described) throws Exception {
    RenderedNginx config = described.renderConfig(shop.group);
    this.described = described;
    state = config.directory();
    nginx = new RealNginx(config.write());
    nginx.stop();
    nginx.edit(text -> text.replace("worker_processes auto", "worker_processes 2"));
    rendered = Files.readString(state.resolve("nginx.conf"));
    nginx.start();
    router = router();
  }

  static FlightScene live(Path temp) throws Exception {
    return new FlightScene(NginxRouter.live(RealNginx.open(temp).resolve("live")));
  }

  static FlightScene reload(Path temp) throws Exception {
    return new FlightScene(NginxRouter.reload(RealNginx.open(temp).resolve("reload/shop.conf")));
  }

  /** Returns a router that was not opened yet. */
  NginxRouter router() {
    return described.nginxCommand(nginx.command());
  }

  /** Starts a test, with blue serving. */
  void open() {
    router = router();
    router.open(shop.opening());
    to(Color.BLUE);
  }

  /** Ends a test. */
  void done() throws Exception {
    router.close();
    if (!Files.readString(state.resolve("nginx.conf")).equals(rendered)) {
      reload(text -> rendered);
    }
  }

  @Override
  public void close() throws IOException {
    nginx.close();
    shop.close();
  }

  void assertKnown() {
    NginxRouter again = router();
    RouterReport report = again.open(shop.opening());
    again.close();
    assertThat(report.guarantees())
        .as(report.warnings().toString())
        .contains(RouterGuarantee.DRAIN_KNOWN);
    assertThat(inFlight(Color.GREEN).count()).isPresent();
  }

  void assertUnknown(String what, String remedy) {
    NginxRouter again = router();
    RouterReport report = again.open(shop.opening());
    assertThat(report.guarantees()).doesNotContain(RouterGuarantee.DRAIN_KNOWN);
    assertThat(again.inFlight(shop.group.slot("web", Color.BLUE))).isEqualTo(InFlight.UNKNOWN);
    again.close();
    assertThat(report.warnings())
        .filteredOn(warning -> warning.costs().equals(Optional.of(RouterGuarantee.DRAIN_KNOWN)))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.what()).contains(what);
              assertThat(warning.remedy()).contains(remedy);
            });
    assertThat(inFlight(Color.BLUE)).as("also who looked before").isEqualTo(InFlight.UNKNOWN);
  }

  /** Reloads, and returns when no worker from before takes requests any more. */
  void reload(UnaryOperator<String> change) throws Exception {
    Set<Long> before = accepting();
    nginx.edit(change);
    assertThat(nginx.run("-s", "reload")).isZero();
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              Set<Long> now = accepting();
              return now.size() == 2 && now.stream().noneMatch(before::contains);
            });
  }

  private Set<Long> accepting() {
    return nginx.workers().stream()
        .flatMap(worker -> NginxWorkers.around(worker.pid()).stream())
        .findFirst()
        .map(NginxWorkers::accepting)
        .orElse(Set.of());
  }

  void to(Color color) {
    RouterTruth.Known now = NginxShop.known(router);
    router.apply(
        NginxShop.change(now.running(), shop.all(color), now.generation() + 1, now.fence() + 1));
  }

  InFlight inFlight(Color color) {
    return router.inFlight(shop.group.slot("web", color));
  }

  NginxClient webSocket() throws IOException {
    NginxClient socket = new NginxClient(shop.door("web"));
    socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
    assertThat(socket.head()).contains(" 101 ");
    return socket;
  }
}
