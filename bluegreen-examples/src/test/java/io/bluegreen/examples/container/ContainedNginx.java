package io.bluegreen.examples.container;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.RenderedNginx;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An nginx in a container, with a configuration rendered for the group. */
public final class ContainedNginx implements DemoProxy {
  private final SwitchMode mode;
  private final Container container;
  private Set<RouterGuarantee> lacks = Set.of();

  /** Starts nothing yet. */
  public ContainedNginx(SwitchMode mode, Container container) {
    this.mode = mode;
    this.container = container;
  }

  @Override
  public Router start(Group group, Path directory) throws IOException {
    RenderedNginx rendered = described(group, directory).renderConfig(group);
    rendered.write();
    List<String> argv = new ArrayList<>(rendered.startCommand());
    argv.addAll(List.of("-g", "daemon off;"));
    container.start(directory, Map.of(directory, Container.INSIDE), argv);
    URI door = group.routed().get(0).frontDoor().orElseThrow();
    await().atMost(Duration.ofSeconds(20)).until(() -> container.runs() && listens(door));
    try (Router router = router(group, directory)) {
      lacks = EnumSet.of(RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE);
      lacks.removeAll(router.open(new Router.Opening(group, Optional.empty(), 0)).guarantees());
    }
    return router(group, directory);
  }

  /** Returns one more router, not opened, for what was started in this directory. */
  public Router router(Group group, Path directory) {
    NginxRouter described = described(group, directory);
    List<String> command = described.renderConfig(group).startCommand();
    return described.nginxCommand(container.exec(command.toArray(new String[0])));
  }

  @Override
  public Set<RouterGuarantee> lacks() {
    return lacks;
  }

  private NginxRouter described(Group group, Path directory) {
    NginxRouter router =
        mode == SwitchMode.LIVE
            ? NginxRouter.live(directory)
            : NginxRouter.reload(directory.resolve("shop.conf"));
    return router.inContainer(container.view(group, directory));
  }

  private static boolean listens(URI door) {
    try (Socket socket = new Socket(door.getHost(), door.getPort())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
