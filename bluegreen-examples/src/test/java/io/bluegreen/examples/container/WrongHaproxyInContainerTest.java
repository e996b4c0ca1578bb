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
