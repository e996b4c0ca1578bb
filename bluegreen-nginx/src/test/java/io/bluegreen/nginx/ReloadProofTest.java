package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each proof of a reload, with clients that never pause once it has returned. */
@Tag("long")
class ReloadProofTest {
  /** Without a proof there is a stale request in the first few already. */
  private static final int SWITCHES = Integer.getInteger("switches", 8);

  @TempDir Path temp;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginx() throws Exception {
    shop = new NginxShop("web");
    router = NginxRouter.reload(RealNginx.open(temp).resolve("conf").resolve("shop.conf"));
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router = router.nginxCommand(nginx.command());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @ParameterizedTest
  @EnumSource
  void noRequestIsStaleAndNoFreshConnectionFails(ReloadProof proof) throws Exception {
    router = router.proof(proof);
    router.open(shop.opening());
    NginxLoad load = NginxLoad.duringReloads(shop.door("web"), 4, 2);
    try (load) {
      for (int i = 0; i < SWITCHES; i++) {
        load.moving();
        Color color = i % 2 == 0 ? Color.GREEN : Color.BLUE;
        router.apply(shop.to(router, shop.all(color)));
        load.settled(color);
        long asked = load.requests.get();
        await().pollInterval(Duration.ofMillis(5)).until(() -> load.requests.get() > asked + 100);
      }
    }
    assertThat(load.stale).as(load::toString).hasValue(0);
    assertThat(load.failedFresh).as(load::toString).hasValue(0);
    // The only failures are those that open warned of: a kept connection is closed before the first
    // byte
    // of an answer.
    assertThat(load.failed).as(load::toString).hasValueLessThanOrEqualTo(4L * SWITCHES);
    assertThat(load.reasons)
        .allMatch(
            reason ->
                reason.contains("closed without an answer")
                    || reason.contains("reset")
                    || reason.contains("Broken pipe"));
  }

  /** nginx replaces them by others, which nobody has seen and which serve the former colour. */
  @ParameterizedTest
  @EnumSource(names = {"PROCESSES", "ASSISTED_QUIT", "SENTINELS"})
  void workersThatWereKilledJustBeforeTheReloadProveNothing(ReloadProof proof) throws Exception {
    String script = "kill -9 $(cat /proc/$1/task/$1/children); shift; exec \"$@\"";
    List<String> argv = new ArrayList<>(List.of("sh", "-c", script, "x"));
    argv.add(String.valueOf(nginx.pid()));
    argv.addAll(nginx.command());
    argv.addAll(List.of("-s", "reload"));
    router = router.proof(proof).reloadCommand(argv.toArray(String[]::new));
    router.open(shop.opening());
    assertThat(staleOver(5)).isZero();
  }

  /** A connection that was idle for less than that time sends one more request to it. */
  @Test
  void formerWorkerIsAwaitedForAsLongAsItMayServeIdleConnections() throws Exception {
    Duration limit = Duration.ofMillis(1_500);
    router = router.keepaliveMinTimeout(limit);
    router.open(shop.opening());
    try (TimeSource time = TimeSource.system();
        NginxClient socket = new NginxClient(shop.door("web"))) {
      socket.send("/chat", "Connection: upgrade", "Upgrade: websocket");
      assertThat(socket.head()).contains(" 101 ");
      Duration start = time.elapsed();
      router.apply(shop.to(router, shop.all(Color.GREEN)));
      assertThat(time.elapsed().minus(start)).isGreaterThanOrEqualTo(limit);
    }
  }

  /** nginx closes idle connections where it has no others left, those of the proof included. */
  @Test
  void shortageOfConnectionsProvesNothing() throws Exception {
    nginx.stop();
    nginx.edit(text -> text.replace("worker_connections 4096", "worker_connections 40"));
    nginx.start();
    router = router.proof(ReloadProof.SENTINELS);
    router.open(shop.opening());
    assertThat(staleOver(5)).isZero();
  }

  private long staleOver(int switches) {
    NginxLoad load = NginxLoad.duringReloads(shop.door("web"), 2, 4);
    try (load) {
      for (int i = 0; i < switches; i++) {
        load.moving();
        Color color = i % 2 == 0 ? Color.GREEN : Color.BLUE;
        router.apply(shop.to(router, shop.all(color)));
        load.settled(color);
        long asked = load.requests.get();
        await().pollInterval(Duration.ofMillis(5)).until(() -> load.requests.get() > asked + 200);
      }
    }
    return load.stale.get();
  }

  /** Without a proof some requests are stale: this shows that the load above would see them. */
  @Test
  void loadSeesStaleRequestsAfterAReloadWithoutAProof() throws Exception {
    router.open(shop.opening());
    NginxLoad load = NginxLoad.duringReloads(shop.door("web"), 0, 4);
    try (load) {
      for (int i = 0; i < 10 && load.stale.get() == 0; i++) {
        Color color = i % 2 == 0 ? Color.GREEN : Color.BLUE;
        NginxRouter hasty =
            router.checkpoint(
                point -> {
                  if (point.equals("reload asked")) {
                    load.settled(color);
                  }
                });
        hasty.open(shop.opening());
        load.moving();
        hasty.apply(shop.to(router, shop.all(color)));
        hasty.close();
      }
    }
    assertThat(load.stale).as(load::toString).hasPositiveValue();
  }
}
