package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Group;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the page about a proxy in a container shows of nginx, from a configuration of the user's to
 * a way back. Instead of a container engine, namespaces are made by hand; volume and command are
 * those of the page.
 */
class NginxContainerGuideTest {
  private static final Path PAGE =
      Path.of(System.getProperty("project.root", ".."))
          .resolve("bluegreen-examples/guides/proxy-in-a-container.md");

  private DemoDirectory workplace;
  private Container container;
  private ColouredServices services;
  private Path home;
  private String blue;
  private String green;
  private String door;

  @BeforeEach
  void begin() throws Exception {
    workplace = new DemoDirectory();
    home = workplace.directory("nginx");
    container = new Container();
    int port = DemoDirectory.freePorts(1).get(0);
    container.publish(port, 80);
    door = "http://127.0.0.1:" + port;
    services = new ColouredServices("web");
    Service web = services.service("web", container.machine(), door);
    blue = web.endpoints(Color.BLUE).get(0).toString();
    green = web.endpoints(Color.GREEN).get(0).toString();
  }

  @AfterEach
  void end() throws Exception {
    container.close();
    services.close();
    workplace.close();
  }

  @Test
  void anNginxOfTheUsersIsReplacedAdoptedAndSwitched() throws Exception {
    ownConfiguration();
    // snippet: nginx-in-container
    Service web = Service.named("web").blue(blue).green(green).frontDoor(door);
    ContainerView view =
        ContainerView.ofFolder(home, Path.of("/mnt/bluegreen"))
            .address(door, "http://0.0.0.0:80"); // as the port is published
    NginxRouter router = NginxRouter.live(home).inContainer(view);
    router.renderConfig(new Group("shop", List.of(web))).write(); // once; then start the container
    // end
    up();
    try (BlueGreenManager manager =
        shop(web).router(router).policy(DeploymentPolicy.DEFAULT).build()) {
      isAdoptedAndSwitched(manager);
      container.kill();
      up(); // Though the killed nginx has left its socket behind.
      assertThat(manager.deployNewVersion(Release.of("1.4.3")).outcome())
          .isEqualTo(Outcome.PROMOTED);
    }
  }

  @Test
  void reloadModeGoesByACommand() throws Exception {
    ownConfiguration();
    String docker = home.resolveSibling("docker").toString();
    Service web = Service.named("web").blue(blue).green(green).frontDoor(door);
    ContainerView view =
        ContainerView.ofFolder(home, Path.of("/mnt/bluegreen")).address(door, "http://0.0.0.0:80");
    // snippet: nginx-reload-in-container
    String nginx = "nginx -p /mnt/bluegreen/ -c /mnt/bluegreen/nginx.conf"; // as in compose.yaml
    NginxRouter router =
        NginxRouter.reload(home.resolve("shop.conf"))
            .inContainer(view)
            .nginxCommand(List.of((docker + " exec proxy " + nginx).split(" ")));
    // end
    router.renderConfig(new Group("shop", List.of(web))).write();
    up();
    write(docker);
    DeploymentPolicy policy =
        DeploymentPolicy.DEFAULT
            .acceptWithout(RouterGuarantee.LOSSLESS)
            .acceptWithout(RouterGuarantee.NO_STALE);
    try (BlueGreenManager manager = shop(web).router(router).policy(policy).build()) {
      isAdoptedAndSwitched(manager);
    }
  }

  private void isAdoptedAndSwitched(BlueGreenManager manager) throws Exception {
    manager.run(Operation.adopt(Release.of("1.4.1")).by("ann", "the first day")).orThrow();
    assertThat(manager.deployNewVersion(Release.of("1.4.2")).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(ask()).isEqualTo(Color.GREEN);
    assertThat(manager.rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(ask()).isEqualTo(Color.BLUE);
  }

  /** An nginx with a configuration that knows nothing of this library. */
  private void ownConfiguration() throws Exception {
    Files.writeString(
        home.resolve("own.conf"),
        """
        pid /mnt/bluegreen/own.pid;
        error_log /mnt/bluegreen/own.log;
        events {}
        http {
          access_log off;
          server { listen 80; location / { proxy_pass %s; } }
        }
        """
            .formatted(blue));
    start(List.of("nginx", "-c", "/mnt/bluegreen/own.conf", "-g", "daemon off;"));
    container.stop();
  }

  /** Starts what the page says, with the volume that it says. */
  private void up() throws Exception {
    Json command = Json.read(told("command").getBytes(StandardCharsets.UTF_8));
    start(command.elements().stream().map(word -> word.text().orElseThrow()).toList());
  }

  private void start(List<String> argv) throws Exception {
    Matcher volume = Pattern.compile("\\[\"/srv/shop/nginx:([^\"]+)\"]").matcher(told("volumes"));
    assertThat(volume.matches()).isTrue();
    container.start(home.getParent(), Map.of(home, Path.of(volume.group(1))), argv);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              assertThat(container.runs())
                  .as(Files.readString(home.resolveSibling("output.txt")))
                  .isTrue();
              return answers();
            });
  }

  /** Returns what stands behind a key of the page's first compose.yaml. */
  private static String told(String key) throws IOException {
    Matcher line =
        Pattern.compile("(?m)^    " + key + ": (.*?)( +# .*)?$").matcher(Files.readString(PAGE));
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }

  /** Writes a program that does what {@code docker exec proxy} does, for the proxy that runs. */
  private void write(String docker) throws IOException {
    Path file = Path.of(docker);
    Files.writeString(
        file,
        """
        #!/bin/sh
        [ "$1 $2" = "exec %s" ] || exit 64
        shift 2
        exec %s "$@"
        """
            .formatted(told("container_name"), String.join(" ", container.exec())));
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private ManagerBuilder shop(Service web) {
    return BlueGreenManager.builder("shop")
        .service(web)
        .healthCheck(HttpHealthCheck.get("/"))
        .store(FileStateStore.in(home.resolveSibling("state")));
  }

  private boolean answers() {
    try {
      return ask() == Color.BLUE;
    } catch (IOException | RuntimeException notYet) {
      return false;
    }
  }

  private Color ask() throws IOException {
    return ColouredServices.ask(URI.create(door), "/");
  }
}
