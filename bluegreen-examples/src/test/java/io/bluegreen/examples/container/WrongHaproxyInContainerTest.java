package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.RenderedHaproxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to another HAProxy than the one in the container is not taken for its own. */
class WrongHaproxyInContainerTest {
  private static final Path INSIDE = Path.of("/mnt/bluegreen");

  private DemoDirectory workplace;
  private Path folder;
  private Container container;
  private ColouredServices services;
  private Group group;
  private ContainerView view;

  @BeforeEach
  void begin() throws Exception {
    workplace = new DemoDirectory();
    folder = Files.createDirectory(workplace.directory("one").resolve("haproxy"));
    container = new Container();
    services = new ColouredServices("web");
    group = services.group(container.address());
    view = services.addresses(ContainerView.ofFolder(folder, INSIDE), group, container.machine());
  }

  @AfterEach
  void end() throws Exception {
    container.close();
    services.close();
    workplace.close();
  }

  /** In each container the master has the id 1, and its worker the same id as in the others. */
  @Test
  void masterOfAnotherContainerIsRefused() throws Exception {
    Path other = Files.createDirectory(workplace.directory("two").resolve("haproxy"));
    try (Container second = new Container();
        HaproxyRouter own = map(folder, folder, view);
        HaproxyRouter crossed = map(folder, other, view)) {
      ContainedHaproxy ours = started(container, folder, own.renderConfig(group));
      ContainedHaproxy theirs = started(second, other, own.renderConfig(group));
      assertThat(theirs.master().workers()).isEqualTo(ours.master().workers());
      assertThatThrownBy(() -> opened(crossed))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("not proven to be of the HAProxy that the admin socket")
          .hasMessageContaining(other.resolve("master.sock").toString())
          .hasMessageContaining("name with master(...) the socket behind -S of this very HAProxy");
      assertThat(opened(own).guarantees()).containsExactlyInAnyOrder(RouterGuarantee.values());
    }
  }

  /** The state file is shared, but the line that loads it is only in the file of this machine. */
  @Test
  void configurationThatIsMountedAloneIsNotBelieved() throws Exception {
    Path etc = Files.createDirectory(folder.resolveSibling("etc"));
    Path inside = Path.of("/mnt/etc/haproxy.cfg");
    HaproxyRouter sockets =
        HaproxyRouter.server(folder.resolve("shop.state"), ContainedHaproxy.admin(folder))
            .master(ContainedHaproxy.master(folder))
            .inContainer(view);
    String complete = sockets.renderConfig(group).haproxyCfg();
    Path read = etc.resolve("haproxy.cfg");
    Files.writeString(
        read, complete.replaceAll("(?m)^ *(load-)?server-state-(file|from-file).*\n", ""));
    Map<Path, Path> mounts = new LinkedHashMap<>();
    mounts.put(folder, INSIDE);
    mounts.put(read, inside);
    ContainedHaproxy haproxy = new ContainedHaproxy(container, folder, inside, mounts);
    Files.writeString(etc.resolve("next"), complete);
    Files.move(etc.resolve("next"), read, StandardCopyOption.ATOMIC_MOVE);
    haproxy.reload();
    String remedy = costsReloadSafe(sockets.configuration(read), "not in the folder " + folder);
    assertThat(remedy)
        .contains("'-f " + INSIDE.resolve("haproxy.cfg") + "'")
        .contains("configuration(Path.of(\"" + folder.resolve("haproxy.cfg") + "\"))");

    Files.writeString(folder.resolve("haproxy.cfg"), complete);
    HaproxyRouter named = sockets.configuration(folder.resolve("haproxy.cfg"));
    costsReloadSafe(named, "there it is /mnt/bluegreen/haproxy.cfg, but HAProxy has loaded");

    container.stop();
    new ContainedHaproxy(container, folder, INSIDE.resolve("haproxy.cfg"), Map.of(folder, INSIDE));
    try (named) {
      assertThat(opened(named).guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
    }
  }

  /** HAProxy makes its socket in another folder, and has the map mounted as a file. */
  @Test
  void socketThatIsALinkProvesNothing() throws Exception {
    Path run = Files.createDirectory(folder.resolveSibling("run"));
    HaproxyRouter router = map(folder, run, view);
    RenderedHaproxy rendered = router.renderConfig(group);
    Files.writeString(run.resolve("haproxy.cfg"), rendered.haproxyCfg());
    Files.writeString(folder.resolve("shop.map"), rendered.map());
    Path link =
        Files.createSymbolicLink(folder.resolve("admin.sock"), Path.of("../run/admin.sock"));
    Map<Path, Path> mounts = new LinkedHashMap<>();
    mounts.put(run, INSIDE);
    mounts.put(folder.resolve("shop.map"), INSIDE.resolve("shop.map"));
    new ContainedHaproxy(container, folder, INSIDE.resolve("haproxy.cfg"), mounts);
    costsReloadSafe(router, link + " is a link");
  }

  /** Opens and closes it, and returns the remedy. */
  private String costsReloadSafe(HaproxyRouter router, String why) {
    try (router) {
      RouterReport report = opened(router);
      assertThat(report.guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
      RouterReport.Warning warning =
          report.warnings().stream()
              .filter(some -> some.costs().equals(Optional.of(RouterGuarantee.RELOAD_SAFE)))
              .findFirst()
              .orElseThrow();
      assertThat(warning.what()).contains(why);
      return warning.remedy();
    }
  }

  private HaproxyRouter map(Path admin, Path master, ContainerView seen) {
    return HaproxyRouter.map(folder.resolve("shop.map"), ContainedHaproxy.admin(admin))
        .master(ContainedHaproxy.master(master))
        .inContainer(seen);
  }

  private static ContainedHaproxy started(Container where, Path home, RenderedHaproxy rendered)
      throws Exception {
    Files.writeString(home.resolve("haproxy.cfg"), rendered.haproxyCfg());
    Files.writeString(home.resolve("shop.map"), rendered.map());
    return new ContainedHaproxy(where, home, INSIDE.resolve("haproxy.cfg"), Map.of(home, INSIDE));
  }

  private RouterReport opened(Router router) {
    return router.open(new Router.Opening(group, Optional.empty(), 0));
  }
}
