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
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.MasterApi;
import io.bluegreen.haproxy.RenderedHaproxy;
import io.bluegreen.haproxy.RuntimeApi;
import io.bluegreen.health.HttpHealthCheck;
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
 * What the page about a proxy in a container shows of HAProxy, up to the way back; volume, command
 * and lines are those of the page.
 */
class HaproxyContainerGuideTest {
  private static final Path PAGE =
      Path.of(System.getProperty("project.root", ".."))
          .resolve("bluegreen-examples/guides/proxy-in-a-container.md");

  private DemoDirectory workplace;
  private Container container;
  private ColouredServices services;
  private Path home;
  private String door;
  private Service web;

  @BeforeEach
  void begin() throws Exception {
    workplace = new DemoDirectory();
    home = workplace.directory("haproxy");
    container = new Container();
    int port = DemoDirectory.freePorts(1).get(0);
    container.publish(port, 80);
    door = "http://127.0.0.1:" + port;
    services = new ColouredServices("web");
    web = services.service("web", container.machine(), door);
  }

  @AfterEach
  void end() throws Exception {
    container.close();
    services.close();
    workplace.close();
  }

  @Test
  void renderedConfigurationIsAdoptedAndSwitched() throws Exception {
    // snippet: haproxy-in-container
    ContainerView view =
        ContainerView.ofFolder(home, Path.of("/mnt/bluegreen"))
            .address(door, "http://0.0.0.0:80"); // as the port is published
    HaproxyRouter router =
        HaproxyRouter.map(home.resolve("shop.map"), RuntimeApi.unix(home.resolve("admin.sock")))
            .master(MasterApi.unix(home.resolve("master.sock")))
            .inContainer(view);
    RenderedHaproxy rendered = router.renderConfig(new Group("shop", List.of(web)));
    Files.writeString(home.resolve("haproxy.cfg"), rendered.haproxyCfg());
    Files.writeString(home.resolve("shop.map"), rendered.map()); // once; then start the container
    // end
    assertThat(rendered.haproxyCfg())
        .contains("stats socket /mnt/bluegreen/admin.sock mode 600 level admin")
        .contains("map_str(/mnt/bluegreen/shop.map,0:0)", "bind 0.0.0.0:80\n")
        .contains("\n# /mnt/bluegreen/shop.map is what this library replaces as " + home);
    up();
    isAdoptedAndSwitched(router, DeploymentPolicy.DEFAULT);
  }

  @Test
  void configurationOfTheUsersIsKept() throws Exception {
    ContainerView view =
        ContainerView.ofFolder(home, Path.of("/mnt/bluegreen")).address(door, "http://0.0.0.0:80");
    Files.writeString(home.resolve("haproxy.cfg"), ownConfiguration());
    up();
    // snippet: haproxy-servers-in-container
    HaproxyRouter router =
        HaproxyRouter.server(
                home.resolve("shop.state"), RuntimeApi.unix(home.resolve("admin.sock")))
            .master(MasterApi.unix(home.resolve("master.sock")))
            .configuration(home.resolve("haproxy.cfg"))
            .inContainer(view);
    // end
    isAdoptedAndSwitched(router, DeploymentPolicy.DEFAULT.acceptWithout(RouterGuarantee.NO_STALE));
  }

  /** A configuration with the servers of both colours, and with the lines that the page adds. */
  private String ownConfiguration() throws IOException {
    String page = page();
    int from = page.indexOf("```\nglobal\n") + 4;
    String added = page.substring(from, page.indexOf("```", from));
    return """
    defaults
        mode http
        timeout connect 2s
        timeout client 60s
        timeout server 60s
    frontend shop
        bind 0.0.0.0:80
        default_backend web
    """
        + added
            .replace("172.28.0.10:5000", at(Color.BLUE))
            .replace("172.28.0.11:5000", at(Color.GREEN));
  }

  private String at(Color color) {
    return web.endpoints(color).get(0).getAuthority();
  }

  private void isAdoptedAndSwitched(Router router, DeploymentPolicy policy) throws Exception {
    try (BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(web)
            .router(router)
            .healthCheck(HttpHealthCheck.get("/"))
            .store(FileStateStore.in(home.resolveSibling("state")))
            .policy(policy)
            .build()) {
      manager.run(Operation.adopt(Release.of("1.4.1")).by("ann", "the first day")).orThrow();
      assertThat(manager.deployNewVersion(Release.of("1.4.2")).outcome())
          .isEqualTo(Outcome.PROMOTED);
      assertThat(ask()).isEqualTo(Color.GREEN);
      assertThat(manager.rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
      assertThat(ask()).isEqualTo(Color.BLUE);
    }
  }

  /** Starts what the page says, with the volume that it says. */
  private void up() throws Exception {
    Json command = Json.read(told("command").getBytes(StandardCharsets.UTF_8));
    Matcher volume = Pattern.compile("\\[\"/srv/shop/haproxy:([^\"]+)\"]").matcher(told("volumes"));
    assertThat(volume.matches()).isTrue();
    container.start(
        home.getParent(),
        Map.of(home, Path.of(volume.group(1))),
        command.elements().stream().map(word -> word.text().orElseThrow()).toList());
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

  private boolean answers() {
    try {
      return ask() == Color.BLUE && MasterApi.unix(home.resolve("master.sock")).workers() != null;
    } catch (IOException | RuntimeException notYet) {
      return false;
    }
  }

  private Color ask() throws IOException {
    return ColouredServices.ask(URI.create(door), "/");
  }

  /** Returns what stands behind a key of the page's compose.yaml for HAProxy. */
  private static String told(String key) throws IOException {
    Matcher line = Pattern.compile("(?m)^    " + key + ": (.*?)( +# .*)?$").matcher(page());
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }

  private static String page() throws IOException {
    String page = Files.readString(PAGE);
    return page.substring(page.indexOf("\n## HAProxy\n"));
  }
}
