package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Group;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.nginx.NginxRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the page about a proxy in a container shows of nginx, from a configuration of the user's to
 * a way back. Instead of a container engine, namespaces are made by hand; volume and command are
 * those of the page.
 */
class NginxContainerGuideTest {
  private GuideScene scene;
  private Path home;
  private String blue;
  private String green;
  private String door;

  @BeforeEach
  void begin() throws Exception {
    scene = new GuideScene("nginx");
    home = scene.home;
    door = scene.door;
    blue = "http://" + scene.at(Color.BLUE);
    green = "http://" + scene.at(Color.GREEN);
  }

  @AfterEach
  void end() throws Exception {
    scene.close();
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
    scene.up();
    try (BlueGreenManager manager = scene.manager(router, DeploymentPolicy.DEFAULT)) {
      scene.isAdoptedAndSwitched(manager);
      scene.container.kill();
      scene.up(); // Though the killed nginx has left its socket behind.
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
    scene.up();
    write(docker);
    DeploymentPolicy policy =
        DeploymentPolicy.DEFAULT
            .acceptWithout(RouterGuarantee.LOSSLESS)
            .acceptWithout(RouterGuarantee.NO_STALE);
    try (BlueGreenManager manager = scene.manager(router, policy)) {
      scene.isAdoptedAndSwitched(manager);
    }
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
    scene.start(List.of("nginx", "-c", "/mnt/bluegreen/own.conf", "-g", "daemon off;"));
    scene.container.stop();
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
            .formatted(scene.told("container_name"), String.join(" ", scene.container.exec())));
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
