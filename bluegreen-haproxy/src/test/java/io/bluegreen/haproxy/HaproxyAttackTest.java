package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.InFlight;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a stranger puts in the way of map mode: keys, sockets, reloads, hands. */
class HaproxyAttackTest extends MapModeFixture {
  private static final int TCP = RealHaproxy.freePort();

  @Override
  RenderedGroup stage() {
    return new RenderedGroup(
        RenderOptions.defaults(),
        config ->
            config.replace(
                "    hard-stop-after",
                "    stats socket ipv4@127.0.0.1:" + TCP + " level admin\n    hard-stop-after"),
        "api",
        "web");
  }

  @Test
  void keysThatAreNotOursAreToldAndSweptOutByTheNextSwitchOfAll() throws Exception {
    router.apply(stage.change(blue, blue));
    stage.haproxy.api().addMap(stage.map(), "stray", "100:1");
    assertThat(known().drift()).extracting(Drift::kind).containsExactly(Drift.Kind.RUNNING_DIFFERS);
    router.apply(stage.change(blue, green));
    assertThat(known().drift()).isEmpty();
    assertThat(stage.haproxy.api().map(stage.map())).hasSize(3);
  }

  @Test
  void aKeyThatWasDeletedByHandIsBlueAndComesBackWithTheNextSwitch() throws Exception {
    router.apply(stage.change(blue, green));
    try (RuntimeApiLater hand = new RuntimeApiLater(stage.haproxy)) {
      hand.send("del map " + stage.map() + " web");
      Awaitility.await().until(() -> stage.haproxy.api().map(stage.map()).size() == 2);
    }
    assertThat(known().running()).isEqualTo(stage.split(100, 0));
    assertThat(seen("web")).isEqualTo("web blue");
    assertThat(failure(stage.change(green, blue)).effect()).isEqualTo(Effect.UNCHANGED);
    router.apply(stage.change(stage.split(100, 0), green));
    assertThat(known().wholly(green)).isTrue();
    assertThat(seen("web")).isEqualTo("web green");
  }

  @Test
  void aMapThatSomebodyEditsWhileASwitchIsUnderWayIsNeverCalledProven() {
    router.apply(stage.change(blue, blue));
    RoutingMode scheme =
        new SteppedMode(
            new MapMode(stage.group, new RecordFile(stage.map())),
            at -> {
              if (at.equals("after-record")) {
                stage.haproxy.api().setMap(stage.map(), "api", "40:2");
              }
            });
    try (TimeSource time = TimeSource.system()) {
      RunningHaproxy proxy =
          new RunningHaproxy(stage.haproxy.api(), Optional.of(stage.haproxy.master()), time);
      RouterException e =
          catchThrowableOfType(
              RouterException.class,
              () -> new SwitchRun(proxy, scheme, stage.change(blue, stage.split(0, 100))).apply());
      assertThat(e.effect()).isEqualTo(Effect.UNKNOWN);
      assertThat(e).hasMessageContaining("somebody else");
    }
    assertThat(known().running()).isEqualTo(stage.split(40, 100));
    router.apply(stage.change(stage.split(40, 100), blue));
    assertThat(known().wholly(blue)).isTrue();
  }

  @Test
  void anAdminSocketOfAnotherHaproxyOfTheSameNamesIsFoundOut() throws Exception {
    Path link = stage.haproxy.dir.resolve("link.sock");
    Files.createSymbolicLink(link, stage.haproxy.dir.resolve("admin.sock"));
    HaproxyRouter linked =
        stage.kept(
            HaproxyRouter.map(stage.map(), RuntimeApi.unix(link)).master(stage.haproxy.master()));
    linked.open(stage.opening());
    linked.apply(stage.change(blue, green));
    try (RealHaproxy other = new RealHaproxy()) {
      String config = stage.haproxy.read("haproxy.cfg");
      for (String service : List.of("api", "web")) {
        config =
            config.replace(
                "bind 127.0.0.1:" + stage.door(service),
                "bind 127.0.0.1:" + RealHaproxy.freePort());
      }
      config = config.replace("127.0.0.1:" + TCP, "127.0.0.1:" + RealHaproxy.freePort());
      other.config(config.replace(stage.haproxy.file("admin.sock"), other.file("admin.sock")));
      other.start();
      Files.delete(link);
      Files.createSymbolicLink(link, other.dir.resolve("admin.sock"));
      RouterException e =
          catchThrowableOfType(
              RouterException.class,
              () -> linked.apply(stage.change(green, blue, 1, Duration.ofSeconds(1))));
      assertThat(e.effect()).isNotEqualTo(Effect.CHANGED);
      assertThat(e).hasMessageContaining("not one of this master");
      assertThat(RuntimeApi.unix(link).mapValue(stage.map(), "web")).contains("100:1");
    }
    assertThat(known().wholly(green)).isTrue();
  }

  @Test
  void severalFormerWorkersThatHoldConnectionsAreAllToldOfASwitch() throws Exception {
    List<Socket> held = new ArrayList<>();
    for (int reload = 1; reload <= 3; reload++) {
      long worker = stage.haproxy.api().info().pid();
      for (int i = 0; i < 3; i++) {
        held.add(new Socket(InetAddress.getLoopbackAddress(), stage.door("web")));
      }
      Awaitility.await()
          .until(() -> Integer.parseInt(stage.haproxy.api().info().fields().get("CurrConns")) >= 3);
      stage.haproxy.reloaded();
      assertThat(stage.haproxy.master().workers().former()).contains(worker).hasSize(reload);
    }
    router.apply(stage.change(blue, green));
    assertThat(known().formerWorkers()).hasSize(3).containsOnly(green);
    for (Socket socket : held) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("web green");
      socket.close();
    }
  }

  @Test
  void anOperatorWhoTakesTheCandidateOutInMidShiftStopsTheShiftAndNotTheWayBack() throws Exception {
    TrafficSplit quarter = stage.split(0, 25);
    router.apply(stage.change(blue, quarter));
    stage.haproxy.api().setState("web_green", "s1", AdminState.MAINT);
    assertThat(known().drift()).extracting(Drift::kind).contains(Drift.Kind.MAINTENANCE);
    RouterException e =
        failure(stage.change(quarter, stage.split(0, 50), 1, Duration.ofSeconds(2)));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(known().wholly(quarter)).isTrue();
    router.apply(stage.change(quarter, blue));
    for (int i = 0; i < 50; i++) {
      assertThat(seen("web")).isEqualTo("web blue");
    }
    RouterReport report = stage.unopened().open(stage.opening());
    assertThat(report.warnings())
        .anyMatch(w -> w.what().contains("web_green/s1") && w.remedy().contains("drain"));
  }

  @Test
  void anAddressThatAReloadChangedIsAnUnknownTarget() {
    String config = stage.haproxy.read("haproxy.cfg");
    String address = stage.group.service("web").endpoints(Color.GREEN).get(0).getAuthority();
    stage.haproxy.write("haproxy.cfg", config.replace(address, "127.0.0.1:9"));
    stage.haproxy.reloaded();
    assertThat(known().drift()).extracting(Drift::kind).containsOnly(Drift.Kind.UNKNOWN_TARGET);
    assertThatThrownBy(stage::opened).hasMessageContaining("unknown server s1");
  }

  @Test
  void aSwitchByATcpSocketIsASwitch() throws Exception {
    RuntimeApi tcp = RuntimeApi.tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), TCP));
    HaproxyRouter byTcp =
        stage.kept(HaproxyRouter.map(stage.map(), tcp).master(stage.haproxy.master()));
    byTcp.open(stage.opening());
    byTcp.apply(stage.change(blue, green));
    assertThat(known().wholly(green)).isTrue();
    assertThat(seen("web")).isEqualTo("web green");
    assertThat(byTcp.inFlight(stage.group.slot("web", Color.BLUE))).isEqualTo(InFlight.NONE);
  }

  @Test
  void clearedCountersAreNoStepBack() throws Exception {
    Slot slot = stage.group.slot("web", Color.BLUE);
    try (BrowserClient web = new BrowserClient(stage.door("web"), true);
        RuntimeApiLater hand = new RuntimeApiLater(stage.haproxy)) {
      for (int i = 0; i < 20; i++) {
        web.get();
      }
      Awaitility.await()
          .until(() -> router.meter().orElseThrow().read().slots().get(slot).requests() == 20);
      hand.send("clear counters all");
      Awaitility.await()
          .until(
              () ->
                  stage.haproxy.api().stats("web_blue").stream()
                      .allMatch(row -> row.number("hrsp_2xx") == 0));
      for (int i = 0; i < 5; i++) {
        web.get();
      }
      Awaitility.await()
          .until(() -> router.meter().orElseThrow().read().slots().get(slot).requests() == 25);
    }
  }

  @Test
  void theLongestLimitAndAnAddressWithoutNumberAreNoWayIn() {
    Duration longest = Duration.ofDays(365);
    router.apply(stage.change(blue, green, 1, longest));
    assertThat(stage.haproxy.api().within(longest).info().pid()).isPositive();
    assertThat(known().wholly(green)).isTrue();
    assertThatThrownBy(() -> RuntimeApi.tcp(InetSocketAddress.createUnresolved("nowhere", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reloadsThatFailBeforeAndInASwitchKeepNothingFromBeingSwitched() throws Exception {
    String config = stage.haproxy.read("haproxy.cfg");
    stage.haproxy.write("haproxy.cfg", config + "\nno such word\n");
    failedReload();
    router.apply(stage.change(blue, green));
    AtomicBoolean once = new AtomicBoolean();
    RoutingMode onlyOnce =
        new SteppedMode(
            new MapMode(stage.group, new RecordFile(stage.map())),
            at -> {
              if (at.equals("after-record") && once.compareAndSet(false, true)) {
                failedReload();
              }
            });
    try (TimeSource time = TimeSource.system()) {
      RunningHaproxy proxy =
          new RunningHaproxy(stage.haproxy.api(), Optional.of(stage.haproxy.master()), time);
      new SwitchRun(proxy, onlyOnce, stage.change(green, blue)).apply();
    }
    assertThat(known().wholly(blue)).isTrue();
    assertThat(seen("web")).isEqualTo("web blue");
  }

  private void failedReload() {
    long before = stage.haproxy.master().workers().reloads();
    stage.haproxy.reload();
    Awaitility.await()
        .atMost(RealHaproxy.LONG)
        .ignoreExceptions()
        .until(() -> stage.haproxy.master().workers().reloads() > before);
  }
}
