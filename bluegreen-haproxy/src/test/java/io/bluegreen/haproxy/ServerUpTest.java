package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.TimeLimits;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.contract.Backends;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** HAProxy answers 503 for a server that its own check holds for down, whatever we have proved. */
class ServerUpTest {
  private final int green = RealHaproxy.freePort();

  private RenderedGroup stage(Backends backends) {
    Service web =
        Service.named("web")
            .blue(backends.endpoint("web", Color.BLUE))
            .green("http://127.0.0.1:" + green)
            .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort());
    return new RenderedGroup(RenderOptions.defaults(), new Group("shop", List.of(web)));
  }

  private static void awaitDown(RenderedGroup stage) {
    Awaitility.await()
        .atMost(RealHaproxy.LONG)
        .until(() -> stage.haproxy.api().servers().stream().anyMatch(server -> !server.isUp()));
  }

  @Test
  void aServerThatIsDownForHaproxyGetsNoTraffic() throws Exception {
    try (Backends backends = new Backends("web");
        RenderedGroup stage = stage(backends)) {
      HaproxyRouter router = stage.opened();
      awaitDown(stage);

      RouterException failure =
          catchThrowableOfType(
              RouterException.class,
              () ->
                  router.apply(
                      stage.change(
                          stage.all(Color.BLUE),
                          stage.all(Color.GREEN),
                          1,
                          Duration.ofSeconds(3))));

      assertThat(failure)
          .hasMessageContaining(
              "own check does not hold [web_green/s1 (DOWN; its last check: L4CON Layer4 connection"
                  + " problem, Connection refused)] for up")
          .hasMessageContaining("the traffic was not moved there; HAProxy still serves");
      assertThat(failure.effect()).isEqualTo(Effect.UNCHANGED);
      try (BrowserClient visitor = new BrowserClient(stage.door("web"), false)) {
        assertThat(visitor.get()).isEqualTo("blue");
      }
    }
  }

  /** No matter who has moved it meanwhile: what is said of the traffic is read back. */
  @Test
  void trafficThatIsThereAlreadyIsNotCalledUnmoved() throws Exception {
    try (Backends backends = new Backends("web");
        RenderedGroup stage = stage(backends)) {
      HaproxyRouter router = stage.opened();
      awaitDown(stage);
      int version = stage.haproxy.api().prepareMap(stage.map());
      stage.haproxy.api().addMap(stage.map(), version, Map.of("web", "100:0"));
      stage.haproxy.api().commitMap(stage.map(), version);
      RouterException failure =
          catchThrowableOfType(
              RouterException.class,
              () ->
                  router.apply(
                      stage.change(
                          stage.all(Color.BLUE),
                          stage.all(Color.GREEN),
                          1,
                          Duration.ofMillis(900))));
      assertThat(failure)
          .hasMessageContaining("nothing was done; HAProxy serves")
          .hasMessageContaining("by now");
      assertThat(failure.effect()).isEqualTo(Effect.CHANGED);
    }
  }

  @Test
  void whatACheckSaidIsShownCleanAndShort() throws Exception {
    String rows =
        "# pxname,svname,type,status,check_status,check_code,last_chk\n"
            + "web,s1,2,DOWN,L7STS,500,\"a\u001b[31m\u0007, "
            + "x".repeat(5_000)
            + "\"\n\n";
    try (ScriptedSocket socket = new ScriptedSocket(command -> rows)) {
      List<ServerState> down = new ArrayList<>();
      for (int i = 1; i <= 9; i++) {
        down.add(new ServerState("web", "s" + i, "-", 1, 0, 0, 1, 1, 0, "-", "-"));
      }
      String told = LastCheck.of(down, socket.api());
      assertThat(told)
          .startsWith("[web/s1 (DOWN; its last check: L7STS 500, a [31m , xxx")
          .endsWith(", web/s2, web/s3, web/s4, web/s5, and 4 more]")
          .hasSizeLessThan(300);
    }
  }

  @Test
  void deploymentToAServerThatIsDownForHaproxyIsRejectedBecauseNoTrafficMoved() throws Exception {
    try (Backends backends = new Backends("web");
        RenderedGroup stage = stage(backends);
        BlueGreenManager manager =
            BlueGreenManager.builder("shop")
                .service(stage.group.service("web"))
                .router(stage.unopened())
                .launcher(Launcher.external())
                .healthCheck(
                    HealthCheck.blocking(instance -> Health.up("of another opinion than HAProxy")))
                .store(new InMemoryStateStore())
                .policy(
                    DeploymentPolicy.DEFAULT.limits(TimeLimits.DEFAULT.move(Duration.ofSeconds(3))))
                .build()) {
      awaitDown(stage);

      DeploymentResult result = manager.deployNewVersion(Release.of("1"));

      assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
      assertThat(result.reason()).contains("own check").contains("was not moved there");
      try (BrowserClient visitor = new BrowserClient(stage.door("web"), false)) {
        assertThat(visitor.get()).isEqualTo("blue");
      }
    }
  }

  @Test
  void aServerThatComesUpWhileTheSwitchIsMadeIsWaitedFor() throws Exception {
    try (Backends backends = new Backends("web");
        RenderedGroup stage = stage(backends)) {
      HaproxyRouter router = stage.opened();
      awaitDown(stage);
      CompletableFuture<Void> applied =
          CompletableFuture.runAsync(
              () -> router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN))),
              work -> new Thread(work).start());
      try (ServerSocket late = new ServerSocket(green, 50, InetAddress.getByName("127.0.0.1"))) {
        Thread serving = new Thread(() -> serve(late));
        serving.start();
        applied.get(60, TimeUnit.SECONDS);

        try (BrowserClient visitor = new BrowserClient(stage.door("web"), false)) {
          for (int i = 0; i < 50; i++) {
            assertThat(visitor.get()).isEqualTo("green");
          }
        }
      }
    }
  }

  private static void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket connection = server.accept()) {
        connection.getInputStream().read(new byte[4096]);
        connection
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ngreen"
                    .getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        continue; // A check that hung up, or the end.
      }
    }
  }
}
