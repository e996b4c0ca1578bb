package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.ContainerView;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.RenderedHaproxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A HAProxy in a container is switched through its sockets, by the paths that it knows. */
class HaproxyInContainerTest {
  private static final Path INSIDE = Path.of("/mnt/bluegreen");
  private static final Path RUN_INSIDE = Path.of("/mnt/run");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private DemoDirectory workplace;
  private Path folder;
  private Container container;
  private ContainedHaproxy haproxy;
  private ColouredServices services;
  private Group group;
  private ContainerView view;
  private long generation;

  @BeforeEach
  void begin() throws Exception {
    workplace = new DemoDirectory();
    folder = workplace.directory("haproxy");
    container = new Container();
    services = new ColouredServices("api", "web");
    group = services.group(container.address());
    view = services.addresses(ContainerView.ofFolder(folder, INSIDE), group, container.machine());
  }

  @AfterEach
  void end() throws Exception {
    container.close();
    services.close();
    workplace.close();
  }

  @Test
  void mapModeKeepsEveryPromise() throws Exception {
    try (HaproxyRouter router = map(folder)) {
      started(router, Map.of(folder, INSIDE));
      RouterReport report = opened(router);
      assertThat(report.guarantees()).containsExactlyInAnyOrder(RouterGuarantee.values());
      assertThat(costly(report)).isEmpty();
      isSwitchedUnderLoad(router);
      assertThat(router.plan(change(Color.BLUE, Color.GREEN)))
          .anyMatch(line -> line.contains("replace " + folder.resolve("shop.map")))
          .anyMatch(line -> line.contains("commit map @<version> " + INSIDE.resolve("shop.map")));
      countsAndKnowsWhatIsInFlight(router);
      haproxy.admin().setMap(INSIDE.resolve("shop.map"), "web", "100:1");
      assertThat(known(router).drift())
          .extracting(Drift::kind)
          .contains(Drift.Kind.RUNNING_DIFFERS, Drift.Kind.DURABLE_DIFFERS);
    }
  }

  @Test
  void serverModeKeepsWhatItPromisesElsewhere() throws Exception {
    try (HaproxyRouter router =
        HaproxyRouter.server(folder.resolve("shop.state"), ContainedHaproxy.admin(folder))
            .master(ContainedHaproxy.master(folder))
            .configuration(folder.resolve("haproxy.cfg"))
            .inContainer(view)) {
      started(router, Map.of(folder, INSIDE));
      assertThat(opened(router).guarantees())
          .containsExactlyInAnyOrder(
              RouterGuarantee.LOSSLESS, RouterGuarantee.RELOAD_SAFE, RouterGuarantee.DRAIN_KNOWN);
      isSwitchedUnderLoad(router);
      countsAndKnowsWhatIsInFlight(router);
      haproxy.admin().setWeight("web", "green1", 100);
      haproxy.admin().setWeight("web", "blue1", 0);
      assertThat(known(router).drift())
          .extracting(Drift::kind)
          .contains(Drift.Kind.RUNNING_DIFFERS, Drift.Kind.DURABLE_DIFFERS);
    }
  }

  /** HAProxy goes on to see the file from before, so that a reload would undo a switch. */
  @Test
  void mapThatIsMountedAloneIsFoundAtOpen() throws Exception {
    Path run = workplace.directory("run");
    Map<Path, Path> mounts = new LinkedHashMap<>();
    mounts.put(run, RUN_INSIDE);
    mounts.put(folder.resolve("haproxy.cfg"), INSIDE.resolve("haproxy.cfg"));
    mounts.put(folder.resolve("shop.map"), INSIDE.resolve("shop.map"));
    view = view.folder(run, RUN_INSIDE);
    String remedy;
    try (HaproxyRouter router = map(run)) {
      started(router, mounts);
      RouterReport report = opened(router);
      assertThat(report.guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
      assertThat(costly(report)).hasSize(1);
      assertThat(costly(report).get(0).what())
          .contains("not proven that it loads " + folder.resolve("shop.map"))
          .contains("mounted by itself");
      remedy = costly(report).get(0).remedy();
      switchTo(router, Color.GREEN);
      assertThat(known(router).durableUnknown()).isPresent();
      haproxy.reload();
      assertThat(services.colours(group)).containsOnly(Color.BLUE);
      assertThat(known(router).running()).isEqualTo(all(Color.BLUE));
    }
    assertThat(remedy)
        .contains("'- " + folder + ":" + INSIDE + "' into 'volumes:'")
        .contains("'stats socket " + INSIDE.resolve("admin.sock") + " level admin'")
        .contains("RuntimeApi.unix(Path.of(\"" + folder.resolve("admin.sock") + "\"))");

    container.stop();
    try (HaproxyRouter router = map(folder)) {
      started(router, Map.of(folder, INSIDE));
      assertThat(opened(router).guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
      switchTo(router, Color.GREEN);
      haproxy.reload();
      assertThat(services.colours(group)).containsOnly(Color.GREEN);
    }
  }

  /** Nothing tells that there is such a mount; Linux removes it when the file is replaced. */
  @Test
  void fileThatIsMountedOverTheMapIsGoneAfterTheFirstSwitch() throws Exception {
    Path other = workplace.directory("other").resolve("shop.map");
    Map<Path, Path> mounts = new LinkedHashMap<>();
    mounts.put(folder, INSIDE);
    mounts.put(other, INSIDE.resolve("shop.map"));
    try (HaproxyRouter router = map(folder)) {
      Files.writeString(
          other, router.renderConfig(group).map().replace("# sum", "api 100:0\n# sum"));
      started(router, mounts);
      assertThat(opened(router).guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
      assertThat(services.colours(group)).containsExactly(Color.GREEN, Color.BLUE);
      TrafficSplit found = known(router).running();
      router.apply(new Switch(found, all(Color.BLUE), 1, "d-1", 1, LIMIT));
      haproxy.reload();
      assertThat(services.colours(group)).containsOnly(Color.BLUE);
      assertThat(known(router).wholly(all(Color.BLUE))).isTrue();
    }
  }

  @Test
  void addressThatIsAnotherOneInTheContainerIsRefused() throws Exception {
    try (HaproxyRouter router = map(folder)) {
      started(router, Map.of(folder, INSIDE));
    }
    try (HaproxyRouter router =
        HaproxyRouter.map(folder.resolve("shop.map"), ContainedHaproxy.admin(folder))
            .inContainer(ContainerView.ofFolder(folder, INSIDE))) {
      assertThatThrownBy(() -> opened(router))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("loopback")
          .hasMessageContaining("sameNetwork()");
    }
    try (HaproxyRouter router =
        HaproxyRouter.map(folder.resolve("shop.map"), ContainedHaproxy.admin(folder))) {
      assertThatThrownBy(() -> opened(router)).isInstanceOf(RouterException.class);
    }
  }

  private HaproxyRouter map(Path sockets) {
    return HaproxyRouter.map(folder.resolve("shop.map"), ContainedHaproxy.admin(sockets))
        .master(ContainedHaproxy.master(sockets))
        .inContainer(view);
  }

  /** Starts HAProxy with what the router renders; the sockets are in the first folder. */
  private void started(HaproxyRouter router, Map<Path, Path> mounts) throws Exception {
    RenderedHaproxy rendered = router.renderConfig(group);
    assertThat(rendered.haproxyCfg().replaceFirst("(?m)^# /mnt/bluegreen/.*$", ""))
        .contains("# It runs in a container")
        .doesNotContain(folder.toString(), "127.0.0.1", container.address());
    Files.writeString(folder.resolve("haproxy.cfg"), rendered.haproxyCfg());
    Files.writeString(folder.resolve("shop.map"), rendered.map());
    haproxy = new ContainedHaproxy(container, folder, INSIDE.resolve("haproxy.cfg"), mounts);
  }

  private RouterReport opened(Router router) {
    return router.open(new Router.Opening(group, Optional.empty(), 0));
  }

  /** Returns the warnings that cost a promise; some versions have others. */
  private static List<RouterReport.Warning> costly(RouterReport report) {
    return report.warnings().stream().filter(warning -> warning.costs().isPresent()).toList();
  }

  private void isSwitchedUnderLoad(HaproxyRouter router) throws Exception {
    Visitors visitors = new Visitors(group, Color.BLUE);
    try (visitors) {
      for (Color color : List.of(Color.GREEN, Color.BLUE, Color.GREEN)) {
        isSwitchedUnder(visitors, router, color);
      }
      haproxy.reload();
      visitors.ask(50);
      assertThat(known(router).wholly(all(Color.GREEN))).isTrue();
      isSwitchedUnder(visitors, router, Color.BLUE);
    }
    assertThat(visitors.failed()).isEmpty();
    assertThat(visitors.misrouted()).isEmpty();
  }

  private void isSwitchedUnder(Visitors visitors, Router router, Color color) throws IOException {
    visitors.switching();
    switchTo(router, color);
    visitors.switched(color);
    visitors.ask(50);
  }

  private void countsAndKnowsWhatIsInFlight(HaproxyRouter router) throws Exception {
    long before = requests(router);
    services.colours(group);
    assertThat(requests(router)).isEqualTo(before + 1);
    CompletableFuture<Color> held = services.held(group, "web");
    assertThat(router.inFlight(slot())).isEqualTo(InFlight.some(1));
    haproxy.reload();
    assertThat(haproxy.master().workers().former()).hasSize(1);
    assertThat(router.inFlight(slot())).isEqualTo(InFlight.some(1));
    services.release();
    assertThat(held.join()).isEqualTo(Color.BLUE);
    await().atMost(LIMIT).until(() -> router.inFlight(slot()).equals(InFlight.NONE));
  }

  private long requests(HaproxyRouter router) {
    return router.meter().orElseThrow().read().slots().get(slot()).requests();
  }

  private Slot slot() {
    return new Slot("shop", group.service("web"), Color.BLUE);
  }

  private void switchTo(Router router, Color color) throws IOException {
    router.apply(change(color.other(), color));
    assertThat(services.colours(group)).containsOnly(color);
    assertThat(known(router).drift()).isEmpty();
  }

  private Switch change(Color from, Color to) {
    generation++;
    return new Switch(all(from), all(to), generation, "d-" + generation, 1, LIMIT);
  }

  private TrafficSplit all(Color color) {
    return TrafficSplit.all(group, color);
  }

  private static RouterTruth.Known known(Router router) {
    if (router.current() instanceof RouterTruth.Known known) {
      return known;
    }
    throw new AssertionError(router.current().toString());
  }
}
