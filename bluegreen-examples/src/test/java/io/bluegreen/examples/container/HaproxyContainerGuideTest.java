package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Group;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.MasterApi;
import io.bluegreen.haproxy.RenderedHaproxy;
import io.bluegreen.haproxy.RuntimeApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the page about a proxy in a container shows of HAProxy, up to the way back; volume, command
 * and lines are those of the page.
 */
class HaproxyContainerGuideTest {
  private GuideScene scene;
  private Path home;
  private String door;
  private Service web;

  @BeforeEach
  void begin() throws Exception {
    scene = new GuideScene("HAProxy");
    home = scene.home;
    door = scene.door;
    web = scene.web;
  }

  @AfterEach
  void end() throws Exception {
    scene.close();
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
    scene.up();
    try (BlueGreenManager manager = scene.manager(router, DeploymentPolicy.DEFAULT)) {
      scene.isAdoptedAndSwitched(manager);
    }
  }

  @Test
  void configurationOfTheUsersIsKept() throws Exception {
    ContainerView view =
        ContainerView.ofFolder(home, Path.of("/mnt/bluegreen")).address(door, "http://0.0.0.0:80");
    Files.writeString(home.resolve("haproxy.cfg"), ownConfiguration());
    scene.up();
    // snippet: haproxy-servers-in-container
    HaproxyRouter router =
        HaproxyRouter.server(
                home.resolve("shop.state"), RuntimeApi.unix(home.resolve("admin.sock")))
            .master(MasterApi.unix(home.resolve("master.sock")))
            .configuration(home.resolve("haproxy.cfg"))
            .inContainer(view);
    // end
    try (BlueGreenManager manager =
        scene.manager(router, DeploymentPolicy.DEFAULT.acceptWithout(RouterGuarantee.NO_STALE))) {
      scene.isAdoptedAndSwitched(manager);
    }
  }

  /** A configuration with the servers of both colours, and with the lines that the page adds. */
  private String ownConfiguration() throws IOException {
    String page = scene.page();
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
            .replace("172.28.0.10:5000", scene.at(Color.BLUE))
            .replace("172.28.0.11:5000", scene.at(Color.GREEN));
  }
}
