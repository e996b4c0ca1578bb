package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.RenderedNginx;
import io.bluegreen.support.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An nginx in a container is switched by paths and addresses that are other ones there. */
class NginxInContainerTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private DemoDirectory workplace;
  private ColouredServices services;
  private Path folder;
  private Container container;
  private Group group;
  private ContainerView view;
  private long generation;

  @BeforeEach
  void begin() throws Exception {
    workplace = new DemoDirectory();
    folder = workplace.directory("nginx");
    container = new Container();
    services = new ColouredServices("api", "web");
    group = services.group(container.address());
    view = container.view(group, folder);
  }

  @AfterEach
  void end() throws Exception {
    container.close();
    services.close();
    workplace.close();
  }

  @Test
  void liveModeNeedsNothingButTheFolder() throws Exception {
    try (NginxRouter router = NginxRouter.live(folder).inContainer(view)) {
      RouterReport report = started(router, Map.of(folder, Container.INSIDE));
      assertThat(report.guarantees())
          .containsExactlyInAnyOrder(
              RouterGuarantee.LOSSLESS,
              RouterGuarantee.NO_STALE,
              RouterGuarantee.ATOMIC_GROUP,
              RouterGuarantee.RELOAD_SAFE);
      isSwitchedUnderLoad(router);
      assertThat(router.inFlight(slot(Color.BLUE))).isEqualTo(InFlight.UNKNOWN);
      counts(router);
    }
  }

  @Test
  void reloadModeSendsItsCommandsIntoTheContainer() throws Exception {
    NginxRouter described = NginxRouter.reload(folder.resolve("shop.conf")).inContainer(view);
    RenderedNginx rendered = described.renderConfig(group);
    assertThat(rendered.nginxConf()).contains("include /mnt/bluegreen/shop.conf;");
    assertThat(rendered.nginxConf() + rendered.generated().orElseThrow().text())
        .doesNotContain(folder.toString(), container.address());
    start(rendered, Map.of(folder, Container.INSIDE));
    try (NginxRouter router = inside(described, rendered)) {
      RouterReport report = opened(router);
      assertThat(report.guarantees()).containsExactly(RouterGuarantee.RELOAD_SAFE);
      isSwitchedUnderLoad(router);
      counts(router);
      Files.writeString(
          folder.resolve("nginx.conf"), rendered.nginxConf() + "\nno_such_directive;\n");
      assertThatThrownBy(() -> switchTo(router, Color.GREEN))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("no_such_directive");
      assertServes(Color.BLUE);
    }
  }

  @Test
  void fileThatIsMountedAloneIsFoundAtOpen() throws Exception {
    Path run = workplace.directory("run");
    NginxRouter described =
        NginxRouter.reload(folder.resolve("shop.conf"))
            .statusSocket(run.resolve("status.sock"))
            .accessLog(run.resolve("access.log"))
            .errorLog(run.resolve("error.log"))
            .inContainer(view.folder(run, Path.of("/mnt/run")));
    RenderedNginx rendered = described.renderConfig(group);
    Map<Path, Path> mounts = new LinkedHashMap<>();
    mounts.put(run, Path.of("/mnt/run"));
    for (String file : List.of("nginx.conf", "shop.conf")) {
      mounts.put(folder.resolve(file), Container.INSIDE.resolve(file));
    }
    start(rendered, mounts);
    assertServes(Color.BLUE);
    try (NginxRouter router = inside(described, rendered)) {
      assertThatThrownBy(() -> opened(router))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("does not see the files in " + folder)
          .hasMessageContaining("mount the folder " + folder + " at " + Container.INSIDE)
          .hasMessageContaining("no single file");
      assertThat(folder).isDirectoryNotContaining("glob:**.probe-*");
    }
    container.stop();
    start(rendered, Map.of(run, Path.of("/mnt/run"), folder, Container.INSIDE));
    try (NginxRouter router = inside(described, rendered)) {
      opened(router);
      isSwitchedUnderLoad(router);
    }
  }

  @Test
  void generatedFileThatIsIncludedFromElsewhereIsFoundAtOpen() throws Exception {
    NginxRouter described = NginxRouter.reload(folder.resolve("shop.conf")).inContainer(view);
    RenderedNginx rendered = described.renderConfig(group);
    rendered.write();
    Path alone = Path.of("/mnt/etc/shop.conf");
    Files.writeString(
        folder.resolve("nginx.conf"),
        rendered
            .nginxConf()
            .replace("include /mnt/bluegreen/shop.conf;", "include " + alone + ";"));
    Map<Path, Path> mounts = new LinkedHashMap<>();
    mounts.put(folder, Container.INSIDE);
    mounts.put(folder.resolve("shop.conf"), alone);
    begin(rendered, mounts);
    try (NginxRouter router = inside(described, rendered)) {
      assertThatThrownBy(() -> opened(router))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("does not include /mnt/bluegreen/shop.conf")
          .hasMessageContaining("no single file");
    }
  }

  @Test
  void generatedFileFromBeforeTheContainerWasNamedIsMendedByTheFirstSwitch() throws Exception {
    NginxRouter described = NginxRouter.reload(folder.resolve("shop.conf")).inContainer(view);
    RenderedNginx rendered = described.renderConfig(group);
    String named = rendered.generated().orElseThrow().text();
    start(rendered, Map.of(folder, Container.INSIDE));
    try (NginxRouter router = inside(described, rendered)) {
      opened(router);
      switchTo(router, Color.GREEN);
      switchTo(router, Color.BLUE);
      Path file = folder.resolve("shop.conf");
      String text = Files.readString(file);
      assertThat(text).contains("location = /bluegreen/sees ");
      assertThat(named).contains("location = /bluegreen/sees ");
      Files.writeString(file, text.replace("location = /bluegreen/sees ", "location = /none "));
      assertThat(Command.of(container.exec(command(rendered, "-s", "reload"))).run(LIMIT).ok())
          .isTrue();
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  opened(router).warnings().stream()
                      .anyMatch(warning -> warning.what().contains("is not known yet")));
      Files.writeString(file, text);
      switchTo(router, Color.GREEN);
      assertThat(opened(router).warnings())
          .noneMatch(warning -> warning.what().contains("is not known yet"));
    }
  }

  @Test
  void doorAndDirectPortsAtTheContainersLoopbackAreRefused() {
    NginxRouter live = NginxRouter.live(folder).inContainer(view);
    assertThatThrownBy(() -> live.status("http://127.0.0.1:8099").renderConfig(group))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://127.0.0.1:8099")
        .hasMessageContaining("sameNetwork()");
    NginxRouter direct = live.directPorts("web", 7001, 7002);
    assertThatThrownBy(() -> direct.renderConfig(group))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://127.0.0.1:7001");
    ContainerView published =
        view.address("http://127.0.0.1:7001", "http://0.0.0.0:7001")
            .address("http://127.0.0.1:7002", "http://0.0.0.0:7002");
    assertThat(direct.inContainer(published).renderConfig(group).nginxConf())
        .contains("listen 0.0.0.0:7001;", "listen 0.0.0.0:7002;")
        .doesNotContain("limit_conn"); // It would be paid for, and never be asked.
  }

  @Test
  void addressAndFileThatTheContainerDoesNotKnowAreRefused() {
    ContainerView unnamed = ContainerView.ofFolder(folder, Container.INSIDE);
    try (NginxRouter router = NginxRouter.live(folder).inContainer(unnamed)) {
      assertThatThrownBy(() -> opened(router))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("sameNetwork()")
          .hasMessageContaining("nothing was changed");
    }
    Path elsewhere = folder.resolveSibling("access.log");
    try (NginxRouter router = NginxRouter.live(folder).accessLog(elsewhere).inContainer(view)) {
      assertThatThrownBy(() -> opened(router))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining(elsewhere + " is in none of the folders")
          .hasMessageContaining("mount the folder " + folder.getParent());
    }
  }

  @Test
  void containerThatIsNotNamedIsRefusedAndNothingIsChanged() throws Exception {
    NginxRouter contained = NginxRouter.live(folder).inContainer(view);
    started(contained, Map.of(folder, Container.INSIDE));
    contained.close();
    try (NginxRouter router = NginxRouter.live(folder)) {
      assertThatThrownBy(() -> opened(router))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("nothing was changed");
    }
    assertServes(Color.BLUE);
  }

  private NginxRouter inside(NginxRouter described, RenderedNginx rendered) {
    return described.nginxCommand(container.exec(command(rendered)));
  }

  private static String[] command(RenderedNginx rendered, String... more) {
    List<String> argv = new ArrayList<>(rendered.startCommand());
    argv.addAll(List.of(more));
    return argv.toArray(new String[0]);
  }

  private RouterReport started(NginxRouter router, Map<Path, Path> mounts) throws Exception {
    start(router.renderConfig(group), mounts);
    return opened(router);
  }

  private void start(RenderedNginx rendered, Map<Path, Path> mounts) throws Exception {
    rendered.write();
    begin(rendered, mounts);
  }

  private void begin(RenderedNginx rendered, Map<Path, Path> mounts) throws Exception {
    container.start(folder.getParent(), mounts, List.of(command(rendered, "-g", "daemon off;")));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              assertThat(container.runs())
                  .as(Files.readString(folder.resolveSibling("output.txt")))
                  .isTrue();
              return answers();
            });
  }

  private boolean answers() {
    try {
      return !services.colours(group).contains(Color.GREEN);
    } catch (IOException | RuntimeException notYet) {
      return false;
    }
  }

  private RouterReport opened(Router router) {
    return router.open(new Router.Opening(group, Optional.empty(), 0));
  }

  private void isSwitchedUnderLoad(Router router) throws Exception {
    Visitors visitors = new Visitors(group, Color.BLUE);
    try (visitors) {
      for (Color color : List.of(Color.GREEN, Color.BLUE, Color.GREEN, Color.BLUE)) {
        visitors.switching();
        switchTo(router, color);
        visitors.switched(color);
        visitors.ask(50);
      }
    }
    assertThat(visitors.failed()).isEmpty();
    assertThat(visitors.misrouted()).isEmpty();
  }

  private void switchTo(Router router, Color color) {
    TrafficSplit to = TrafficSplit.all(group, color);
    RouterTruth.Known now = known(router);
    generation = Math.max(generation, now.generation()) + 1;
    router.apply(
        new Switch(now.running(), to, generation, "d-" + generation, 1, Duration.ofSeconds(20)));
    assertThat(known(router).wholly(to)).isTrue();
    assertThat(known(router).drift()).isEmpty();
  }

  private static RouterTruth.Known known(Router router) {
    if (router.current() instanceof RouterTruth.Known known) {
      return known;
    }
    throw new AssertionError(router.current().toString());
  }

  private void counts(Router router) throws IOException {
    TrafficMeter meter = router.meter().orElseThrow();
    long before = requests(meter);
    services.colours(group);
    await().atMost(LIMIT).until(() -> requests(meter) > before);
  }

  private long requests(TrafficMeter meter) {
    return meter.read().slots().get(slot(Color.BLUE)).requests();
  }

  private Slot slot(Color color) {
    return new Slot("shop", group.service("web"), color);
  }

  private void assertServes(Color color) throws IOException {
    assertThat(services.colours(group)).containsOnly(color);
  }
}
