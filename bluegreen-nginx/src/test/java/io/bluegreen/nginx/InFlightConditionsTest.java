package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Cases in which nginx can't tell what is in flight in live mode, and their remedies. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InFlightConditionsTest {
  @TempDir static Path temp;
  private FlightScene scene;

  @BeforeAll
  void startNginx() throws Exception {
    scene = FlightScene.live(temp);
  }

  @BeforeEach
  void open() {
    scene.open();
  }

  @AfterEach
  void done() throws Exception {
    scene.done();
  }

  @AfterAll
  void stopNginx() throws Exception {
    scene.close();
  }

  @Test
  void limitThatDelaysRequestsIsFoundAndMendedAsSaid() throws Exception {
    scene.reload(
        text ->
            text.replace(
                    "  map $http_host",
                    "  limit_req_zone $uri zone=r:1m rate=9r/s;\n  map $http_host")
                .replaceFirst("proxy_http", "limit_req zone=r burst=5;\n      proxy_http"));
    scene.assertUnknown("limit_req zone=r burst=5", "add nodelay to it");
    scene.reload(text -> text.replace("burst=5;", "burst=5 nodelay;"));
    scene.assertKnown();
  }

  @Test
  void secondPassThroughAnotherPlaceIsFoundAndMendedAsSaid() throws Exception {
    String second =
        "location /also { mirror /x; set $bgservice_shop api; set $bgcolor_shop blue;"
            + " limit_conn shop.flight-1-10m 65535; limit_conn_dry_run on;"
            + " proxy_pass http://shop.api.blue; }";
    scene.reload(
        text ->
            text.replaceFirst("location / ", Matcher.quoteReplacement(second + " location / ")));
    scene.assertUnknown("mirror /x", "or take it out");
    scene.reload(text -> text.replace("mirror /x; ", ""));
    scene.assertKnown();
  }

  @Test
  void limitOfTheUsersOwnIsFoundAndMendedAsSaid() throws Exception {
    scene.reload(
        text ->
            text.replace(
                "  map $http_host",
                "  limit_conn_zone $uri zone=mine:1m;\n  limit_conn mine 50;\n  map $http_host"));
    scene.assertUnknown("limit_conn mine 50", "take it into a server in front");
    scene.reload(text -> text.replace("limit_conn mine 50;", ""));
    scene.assertKnown();
  }

  @Test
  void configurationWithoutTheLinesWorksAsBeforeAndIsMendedAsSaid() throws Exception {
    scene.reload(
        text ->
            text.replace("$bgflightlogged_shop", "$bgvia_shop")
                .replace("$bgkept_shop__", "$bg_shop__")
                .lines()
                .filter(line -> !line.contains("flight") && !line.contains("limit_conn"))
                .filter(line -> !line.matches("  map (\\S+) \\1 .*"))
                .reduce("", (all, line) -> all + line + "\n"));
    scene.assertUnknown(
        "nginx was not told to count",
        "let renderConfig(group).write() write it again, and reload nginx once");
    scene.to(Color.GREEN);
    scene.shop.assertServes(Color.GREEN);
    // Now only the places that pass requests on lack their lines.
    scene.reload(
        text ->
            scene
                .rendered
                .lines()
                .filter(
                    line -> !line.matches(" *limit_conn (shop.flight-1-10m 65535|_dry_run on);"))
                .reduce("", (all, line) -> all + line + "\n"));
    scene.assertUnknown(
        "is not counted as the group's own places are", "the same lines that renderConfig(group)");
    Files.delete(scene.state.resolve("nginx.conf"));
    NginxRouter.live(scene.state).renderConfig(scene.shop.group).write();
    scene.reload(text -> text.replace("worker_processes auto", "worker_processes 2"));
    scene.assertKnown();
  }

  @Test
  void directivesForAllServersDoNotReachThePrivatePages() throws Exception {
    scene.reload(
        text ->
            text.replace(
                "  map $http_host",
                "  limit_conn_dry_run on;\n  limit_conn_status 429;\n  map $http_host"));
    long logged = Files.size(scene.state.resolve("error.log"));
    scene.assertKnown();
    try (NginxClient socket = scene.webSocket()) {
      await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.some(1)));
      assertThat(socket.isLast()).isFalse();
    }
    assertThat(Files.readString(scene.state.resolve("error.log")).substring((int) logged))
        .doesNotContain("limiting connections");
  }

  @Test
  void fullZoneCostsNobodyAnAnswerAndIsToldUntilARestart() throws Exception {
    scene.nginx.stop();
    scene.nginx.edit(text -> text.replace(":10m;", ":32k;"));
    scene.nginx.start();
    scene.assertKnown();
    List<SocketChannel> held = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      held.add(hold(i));
    }
    await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.UNKNOWN));
    NginxLoad load = NginxLoad.on(scene.shop.door("web"), 1, 1);
    try (load) {
      await().until(() -> load.requests.get() > 300);
      scene.to(Color.GREEN);
      long asked = load.requests.get();
      await().until(() -> load.requests.get() > asked + 300);
    }
    assertThat(load.failed).as("while it is full: " + load).hasValue(0);
    for (ProcessHandle worker : scene.nginx.workers()) {
      worker.destroyForcibly();
    }
    for (SocketChannel channel : held) {
      channel.close();
    }
    Set<Long> workers = new HashSet<>();
    await().until(() -> scene.nginx.workers().size() == 2);
    scene.nginx.workers().forEach(worker -> workers.add(worker.pid()));
    for (int i = 0; i < 200; i++) {
      assertThat(NginxClient.once(scene.shop.door("web"), "/").status()).isEqualTo(200);
    }
    scene.assertUnknown(
        "is full of what workers that were killed left behind", "restart nginx once");
    scene.nginx.stop();
    scene.nginx.start();
    assertThat(scene.nginx.workers())
        .extracting(ProcessHandle::pid)
        .doesNotContainAnyElementsOf(workers);
    scene.assertKnown();
  }

  @Test
  void anotherZoneKnowsNothingOfFormerWorkers() throws Exception {
    scene.reload(text -> text.replace("flight-1-10m", "flight-1-9m").replace(":10m;", ":9m;"));
    try (NginxClient socket = scene.webSocket()) {
      scene.assertUnknown("nginx was not told to count", "reload nginx once");
      scene.reload(text -> scene.rendered);
      scene.assertKnown();
      assertThat(scene.inFlight(Color.BLUE).isNone()).as("its worker counted elsewhere").isFalse();
      assertThat(socket.isLast()).isFalse();
    }
    await().until(() -> scene.inFlight(Color.BLUE).isNone());
  }

  @Test
  void configurationThatWasChangedAfterNginxHadReadItTellsNothing() throws Exception {
    scene.assertKnown();
    scene.nginx.edit(text -> text + "# changed\n");
    NginxRouter again = scene.router();
    RouterReport report = again.open(scene.shop.opening());
    assertThat(again.inFlight(scene.shop.group.slot("web", Color.BLUE)))
        .isEqualTo(InFlight.UNKNOWN);
    again.close();
    assertThat(report.guarantees()).doesNotContain(RouterGuarantee.DRAIN_KNOWN);
    assertThat(report.warnings().toString())
        .contains("nginx.conf was changed after nginx had read it")
        .contains("reload nginx once");
    assertThat(scene.inFlight(Color.BLUE))
        .as("known from before the change")
        .isEqualTo(InFlight.NONE);
    scene.reload(text -> text);
    scene.assertKnown();
  }

  @Test
  void fileOfTheConfigurationThatCanNotBeReadIsNamed() throws Exception {
    Path gone = Files.createFile(scene.state.resolve("more.conf"));
    scene.reload(
        text -> text.replace("  map $http_host", "  include " + gone + ";\n  map $http_host"));
    scene.assertKnown();
    Files.delete(gone);
    NginxRouter again = scene.router();
    RouterReport report = again.open(scene.shop.opening());
    again.close();
    assertThat(report.guarantees()).doesNotContain(RouterGuarantee.DRAIN_KNOWN);
    assertThat(report.warnings().toString())
        .contains("its configuration can't be read")
        .contains("more.conf")
        .contains("start nginx with -c and its whole path");
  }

  @Test
  void workersOfAnotherPidNamespaceCanNotBeAsked() throws Exception {
    scene.reload(text -> text.replace("\"$pid shop", "\"4194303 shop"));
    scene.assertUnknown("workers can't be seen", "run this program in nginx's PID namespace");
  }

  /** Takes one more key, until its worker ends. */
  private SocketChannel hold(int number) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(scene.state.resolve("status.sock")));
    channel.write(
        ByteBuffer.wrap(
            "POST %s?%s=%016x HTTP/1.1\r\nHost: web.shop.bluegreen\r\nContent-Length: 1\r\n\r\n"
                .formatted(FlightConfig.PROBE, FlightConfig.NUMBER, number)
                .getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }
}
