package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Group;
import io.bluegreen.Release;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.examples.demo.DemoApplication;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.RenderedNginx;
import io.bluegreen.store.FileStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of bluegreen-nginx shows, run with the nginx of this machine. */
class NginxGuideTest {
  @TempDir Path home;
  private final DemoApplication blue = new DemoApplication(0, "1.4.2", Color.BLUE);
  private final DemoApplication green = new DemoApplication(0, "1.4.2", Color.GREEN);
  private Service web;
  private Process nginx;

  @BeforeEach
  void describe() throws IOException {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    web =
        Service.named("web")
            .blue("http://127.0.0.1:" + blue.port())
            .green("http://127.0.0.1:" + green.port())
            .frontDoor("http://127.0.0.1:" + DemoDirectory.freePorts(1).get(0));
  }

  @AfterEach
  void end() throws InterruptedException {
    if (nginx != null) {
      nginx.destroy();
      if (!nginx.waitFor(20, TimeUnit.SECONDS)) {
        nginx.children().forEach(ProcessHandle::destroyForcibly);
        nginx.destroyForcibly().waitFor();
      }
    }
    blue.close();
    green.close();
  }

  @Test
  void liveMode() {
    // snippet: nginx-live
    NginxRouter router = NginxRouter.live(home.resolve("nginx"));
    RenderedNginx config = router.renderConfig(new Group("shop", List.of(web)));
    start(config); // once: config.write(), then nginx runs by config.startCommand()
    try (BlueGreenManager manager = shop().router(router).build()) {
      manager.deployNewVersion(Release.of("1.4.2")).orThrow();
    }
    // end
    assertThat(nginx.isAlive()).isTrue();
  }

  @Test
  void reloadMode() {
    // snippet: nginx-reload
    NginxRouter router = NginxRouter.reload(home.resolve("nginx/bluegreen.conf"));
    RenderedNginx config = router.renderConfig(new Group("shop", List.of(web)));
    start(config);
    try (BlueGreenManager manager =
        shop()
            .router(router.nginxCommand(config.startCommand())) // gets -t, and -s reload
            .policy(
                DeploymentPolicy.DEFAULT
                    .acceptWithout(RouterGuarantee.LOSSLESS)
                    .acceptWithout(RouterGuarantee.NO_STALE))
            .build()) {
      manager.deployNewVersion(Release.of("1.4.2")).orThrow();
    }
    // end
    assertThat(nginx.isAlive()).isTrue();
  }

  private ManagerBuilder shop() {
    return BlueGreenManager.builder("shop")
        .service(web)
        .healthCheck(HttpHealthCheck.get("/health"))
        .store(FileStateStore.in(home.resolve("state")));
  }

  /** In the foreground, so that the test can end it. */
  private void start(RenderedNginx config) {
    List<String> argv = new ArrayList<>(config.startCommand());
    argv.addAll(List.of("-g", "daemon off;"));
    try {
      config.write();
      nginx = new ProcessBuilder(argv).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    URI door = web.frontDoor().orElseThrow();
    await().atMost(Duration.ofSeconds(30)).until(() -> nginx.isAlive() && listens(door));
  }

  private static boolean listens(URI door) {
    try (Socket socket = new Socket(door.getHost(), door.getPort())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
