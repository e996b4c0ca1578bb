package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.RenderedHaproxy;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.RenderedNginx;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An nginx or a HAProxy in a container, with a configuration rendered for the group. */
public final class ProxyInContainer implements DemoProxy {
  private final SwitchMode mode;
  private final Container container;
  private Set<RouterGuarantee> lacks = Set.of();

  /** Starts nothing yet; the container is closed with it. */
  public ProxyInContainer(SwitchMode mode, Container container) {
    this.mode = mode;
    this.container = container;
  }

  @Override
  public Router start(Group group, Path directory) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("proxy"));
    Map<Path, Path> mounts = Map.of(folder, Container.INSIDE);
    if (mode == SwitchMode.LIVE || mode == SwitchMode.RELOAD) {
      RenderedNginx rendered = nginx(group, folder).renderConfig(group);
      rendered.write();
      List<String> argv = new ArrayList<>(rendered.startCommand());
      argv.addAll(List.of("-g", "daemon off;"));
      container.start(directory, mounts, argv);
      URI door = group.routed().get(0).frontDoor().orElseThrow();
      await().atMost(Duration.ofSeconds(20)).until(() -> listens(door));
    } else {
      RenderedHaproxy rendered = haproxy(group, folder).renderConfig(group);
      Files.writeString(folder.resolve("haproxy.cfg"), rendered.haproxyCfg());
      if (mode == SwitchMode.MAP) {
        Files.writeString(folder.resolve("shop.map"), rendered.map());
      }
      new ContainedHaproxy(container, folder, Container.INSIDE.resolve("haproxy.cfg"), mounts);
    }
    try (Router router = router(group, directory)) {
      lacks = EnumSet.of(RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE);
      lacks.removeAll(router.open(new Router.Opening(group, Optional.empty(), 0)).guarantees());
    }
    return router(group, directory);
  }

  /** Returns one more router, not opened, for what was started in this directory. */
  public Router router(Group group, Path directory) {
    Path folder = directory.resolve("proxy");
    if (mode == SwitchMode.MAP || mode == SwitchMode.SERVER) {
      return haproxy(group, folder);
    }
    NginxRouter described = nginx(group, folder);
    List<String> command = described.renderConfig(group).startCommand();
    return described.nginxCommand(container.exec(command.toArray(new String[0])));
  }

  private NginxRouter nginx(Group group, Path folder) {
    NginxRouter router =
        mode == SwitchMode.LIVE
            ? NginxRouter.live(folder)
            : NginxRouter.reload(folder.resolve("shop.conf"));
    return router.inContainer(container.view(group, folder));
  }

  private HaproxyRouter haproxy(Group group, Path folder) {
    HaproxyRouter router =
        mode == SwitchMode.MAP
            ? HaproxyRouter.map(folder.resolve("shop.map"), ContainedHaproxy.admin(folder))
            : HaproxyRouter.server(folder.resolve("shop.state"), ContainedHaproxy.admin(folder))
                .configuration(folder.resolve("haproxy.cfg"));
    return router
        .master(ContainedHaproxy.master(folder))
        .inContainer(container.view(group, folder));
  }

  private boolean listens(URI door) {
    assertThat(container.runs()).isTrue();
    try (Socket socket = new Socket(door.getHost(), door.getPort())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public Set<RouterGuarantee> lacks() {
    return lacks;
  }

  @Override
  public void close() {
    container.close();
  }
}
