package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.nginx.NginxRouter;
import io.bluegreen.nginx.RenderedNginx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An nginx in a container is switched by paths and addresses that are other ones there. */
class NginxInContainerTest {
  private final Map<Color, HttpServer> applications = new EnumMap<>(Color.class);
  private DemoDirectory workplace;
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
    for (Color color : Color.values()) {
      HttpServer server = HttpServer.create(new InetSocketAddress(0), 100);
      byte[] answer = color.label().getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
      applications.put(color, server);
    }
    Service web =
        Service.named("web")
            .blue("http://127.0.0.1:" + port(Color.BLUE))
            .green("http://127.0.0.1:" + port(Color.GREEN))
            .frontDoor("http://" + container.address() + ":8080");
    group = new Group("shop", List.of(web));
    view = container.view(group, folder);
  }

  @AfterEach
  void end() throws Exception {
    container.close();
    applications.values().forEach(server -> server.stop(0));
    workplace.close();
  }

  private int port(Color color) {
    return applications.get(color).getAddress().getPort();
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
      isSwitchedBackAndForth(router);
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
        .doesNotContain(folder.toString(), "127.0.0.1:" + port(Color.BLUE));
    start(rendered, Map.of(folder, Container.INSIDE));
    try (NginxRouter router = inside(described, rendered)) {
      RouterReport report = opened(router);
      assertThat(report.guarantees()).containsExactly(RouterGuarantee.RELOAD_SAFE);
      isSwitchedBackAndForth(router);
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
      isSwitchedBackAndForth(router);
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
    return described.nginxCommand(container.exec(rendered.startCommand().toArray(new String[0])));
  }

  private RouterReport started(NginxRouter router, Map<Path, Path> mounts) throws Exception {
    start(router.renderConfig(group), mounts);
    return opened(router);
  }

  private void start(RenderedNginx rendered, Map<Path, Path> mounts) throws Exception {
    rendered.write();
    List<String> argv = new ArrayList<>(rendered.startCommand());
    argv.addAll(List.of("-g", "daemon off;"));
    container.start(folder.getParent(), mounts, argv);
    await()
        .atMost(Duration.ofSeconds(20))
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
      return ask().equals("blue");
    } catch (IOException notYet) {
      return false;
    }
  }

  private RouterReport opened(Router router) {
    return router.open(new Router.Opening(group, Optional.empty(), 0));
  }

  private void isSwitchedBackAndForth(Router router) throws IOException {
    for (int i = 0; i < 2; i++) {
      switchTo(router, Color.GREEN);
      assertServes(Color.GREEN);
      switchTo(router, Color.BLUE);
      assertServes(Color.BLUE);
    }
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
    ask();
    await().atMost(Duration.ofSeconds(20)).until(() -> requests(meter) > before);
  }

  private long requests(TrafficMeter meter) {
    return meter.read().slots().get(slot(Color.BLUE)).requests();
  }

  private Slot slot(Color color) {
    return new Slot("shop", group.service("web"), color);
  }

  private void assertServes(Color color) throws IOException {
    for (int i = 0; i < 20; i++) {
      assertThat(ask()).isEqualTo(color.label());
    }
  }

  private String ask() throws IOException {
    URI door = group.service("web").frontDoor().orElseThrow();
    try (var answer = door.toURL().openStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
