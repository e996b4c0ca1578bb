package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.RouterTruth;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Switches of a group of two services while clients ask both, one after the other. */
@Tag("long")
class SwitchUnderLoadTest {
  private static final int SWITCHES = Integer.getInteger("switches", 30);

  /** Reloads and kills, each at another moment. */
  private static final int MOMENTS = Integer.getInteger("moments", 4);

  @ParameterizedTest(name = "{0} threads, keep-alive {1}")
  @CsvSource({"1, true", "1, false", "2, true", "2, false"})
  void noRequestFailsNoneIsStaleAndNoTwoServicesAreSeenInDifferentColours(
      int threads, boolean keepAlive) throws Exception {
    try (RenderedGroup stage =
            new RenderedGroup(RenderOptions.defaults().threads(threads), "api", "web");
        ClientLoad load = new ClientLoad(stage.group, Color.BLUE, keepAlive, 3, true)) {
      HaproxyRouter router = stage.opened();
      Color live = Color.BLUE;
      for (int i = 0; i < SWITCHES; i++) {
        load.switching(live.other());
        router.apply(stage.change(stage.all(live), stage.all(live.other())));
        live = live.other();
        load.switched(live);
        load.awaitRequests(4);
      }
      load.end();
      assertThat(load.failed()).isEmpty();
      assertThat(load.stale()).isEmpty();
      assertThat(load.mixed()).isEmpty();
      assertThat(load.requests()).isGreaterThan(4 * SWITCHES);
    }
  }

  /**
   * A reload that has read the former file when the switch begins is the race that loses splits.
   */
  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {1, 2})
  void aReloadAtAnyMomentOfASwitchNeverUndoesIt(int threads) throws Exception {
    try (RenderedGroup stage =
        new RenderedGroup(
            RenderOptions.defaults().threads(threads), SwitchUnderLoadTest::slow, "api", "web")) {
      HaproxyRouter router = stage.opened();
      Random random = new Random(4711);
      Color live = Color.BLUE;
      for (int i = 0; i < MOMENTS; i++) {
        try (ClientLoad load = new ClientLoad(stage.group, live, true, 2, false)) {
          load.awaitRequests(4);
          load.switching(live.other());
          stage.haproxy.reload();
          Thread.yield();
          java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(300) * 1_000_000L);
          router.apply(stage.change(stage.all(live), stage.all(live.other())));
          live = live.other();
          load.switched(live);
          assertWholly(router, stage.all(live));
          load.awaitRequests(20);
          settled(stage);
          load.awaitRequests(20);
          load.end();
          assertThat(load.failed()).isEmpty();
          assertThat(load.stale()).isEmpty();
        }
        assertWholly(router, stage.all(live));
      }
    }
  }

  /**
   * The race that loses splits, made to happen: the reload has read the file when the step goes on.
   */
  @ParameterizedTest
  @ValueSource(strings = {"before-record", "after-record", "after-serve"})
  void aReloadThatHasReadTheFileAtAStepDoesNotUndoTheSwitch(String step) throws Exception {
    try (RenderedGroup stage =
            new RenderedGroup(RenderOptions.defaults(), SwitchUnderLoadTest::slow, "api", "web");
        ClientLoad load = new ClientLoad(stage.group, Color.BLUE, true, 2, false)) {
      HaproxyRouter router = stage.opened();
      AtomicBoolean once = new AtomicBoolean();
      RoutingMode scheme =
          new SteppedMode(
              new MapMode(stage.group, new RecordFile(stage.map())),
              at -> {
                if (at.equals(step) && once.compareAndSet(false, true)) {
                  reloadUntilItHasReadTheMap(stage);
                }
              });
      try (TimeSource time = TimeSource.system()) {
        RunningHaproxy proxy =
            new RunningHaproxy(stage.haproxy.api(), Optional.of(stage.haproxy.master()), time);
        load.awaitRequests(4);
        load.switching(Color.GREEN);
        new SwitchRun(proxy, scheme, stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)))
            .apply();
        load.switched(Color.GREEN);
      }
      assertThat(once).isTrue();
      load.awaitRequests(50);
      settled(stage);
      load.awaitRequests(50);
      load.end();
      assertThat(load.failed()).isEmpty();
      assertThat(load.stale()).isEmpty();
      assertWholly(router, stage.all(Color.GREEN));
    }
  }

  /** The map is read in the first lines of a configuration that takes long to load as a whole. */
  private static void reloadUntilItHasReadTheMap(RenderedGroup stage) {
    stage.haproxy.reload();
    MasterApi master = stage.haproxy.master().within(java.time.Duration.ofMillis(50));
    org.awaitility.Awaitility.await()
        .atMost(RealHaproxy.LONG)
        .pollInterval(java.time.Duration.ofMillis(1))
        .until(
            () -> {
              try {
                master.workers();
                return false;
              } catch (RuntimeApiException loading) {
                return true;
              }
            });
    java.util.concurrent.locks.LockSupport.parkNanos(60_000_000);
  }

  @Test
  void aKilledHaproxyComesBackInOneWholeSplitAndTheRightOne() throws Exception {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "api", "web")) {
      HaproxyRouter router = stage.opened();
      Random random = new Random(42);
      Color live = Color.BLUE;
      for (int i = 0; i < MOMENTS; i++) {
        boolean worker = i % 2 == 0;
        long pause = random.nextInt(3_000);
        CompletableFuture<Void> fate =
            CompletableFuture.runAsync(
                () -> {
                  java.util.concurrent.locks.LockSupport.parkNanos(pause * 1_000);
                  if (worker) {
                    stage.haproxy.kill9Worker();
                  } else {
                    stage.haproxy.kill9Master();
                  }
                  stage.haproxy.start();
                });
        // HAProxy is started again as systemd would, within the limit of the switch.
        router.apply(stage.change(stage.all(live), stage.all(live.other())));
        live = live.other();
        fate.get();
        assertWholly(router, stage.all(live));
        try (BrowserClient api = new BrowserClient(stage.door("api"), false);
            BrowserClient web = new BrowserClient(stage.door("web"), false)) {
          assertThat(api.get()).isEqualTo("api " + live);
          assertThat(web.get()).isEqualTo("web " + live);
        }
      }
    }
  }

  @Test
  void aConnectionThatAFormerWorkerHoldsIsServedByTheNextSplit() throws Exception {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "api", "web")) {
      HaproxyRouter router = stage.opened();
      List<java.net.Socket> held = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        held.add(new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), stage.door("web")));
      }
      // Accepted, without a request yet: the former worker keeps them behind the reload.
      org.awaitility.Awaitility.await()
          .until(
              () -> Integer.parseInt(stage.haproxy.api().info().fields().get("CurrConns")) >= 10);
      stage.haproxy.reloaded();
      assertThat(stage.haproxy.master().workers().former()).isNotEmpty();
      router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)));
      Known truth = (Known) router.current();
      assertThat(truth.formerWorkers()).isNotEmpty().containsOnly(stage.all(Color.GREEN));
      for (java.net.Socket socket : held) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
        assertThat(new String(socket.getInputStream().readAllBytes())).endsWith("web green");
        socket.close();
      }
    }
  }

  private static void settled(RenderedGroup stage) {
    org.awaitility.Awaitility.await()
        .atMost(RealHaproxy.LONG)
        .ignoreExceptions()
        .until(() -> stage.haproxy.master().workers().current().size() == 1);
  }

  private static void assertWholly(HaproxyRouter router, TrafficSplit split) {
    // A reload may still be under way: then the master does not answer, and nothing is known.
    org.awaitility.Awaitility.await()
        .atMost(RealHaproxy.LONG)
        .untilAsserted(
            () -> {
              RouterTruth truth = router.current();
              assertThat(truth).isInstanceOf(Known.class);
              assertThat(((Known) truth).wholly(split)).describedAs(truth.toString()).isTrue();
            });
  }

  /** Makes a configuration that takes long to load, so that a reload has a middle. */
  static String slow(String config) {
    StringBuilder text = new StringBuilder(config);
    text.append("\nbackend slow\n");
    for (int i = 0; i < 15_000; i++) {
      text.append("    acl a").append(i).append(" path /x").append(i).append('\n');
    }
    return text.toString();
  }
}
