package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.examples.demo.DemoDirectory;
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
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine on which the page about a proxy in a container is followed, for one proxy. Volume and
 * command are those of the page; in place of a container engine, namespaces are made by hand.
 */
final class GuideScene implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** What the page calls {@code /srv/shop/PROXY}. */
  final Path home;

  final String door;
  final Container container;
  final Service web;
  private final String proxy;
  private final String page;
  private final DemoDirectory workplace;
  private final ColouredServices services;

  /**
   * Starts the applications.
   *
   * @param section of the page, such as {@code nginx}
   */
  GuideScene(String section) throws Exception {
    String all =
        Files.readString(
            Path.of(System.getProperty("project.root", ".."))
                .resolve("bluegreen-examples/guides/proxy-in-a-container.md"));
    page = all.substring(all.indexOf("\n## " + section + "\n"));
    proxy = section.toLowerCase(Locale.ROOT);
    workplace = new DemoDirectory();
    home = workplace.directory(proxy);
    container = new Container();
    int port = DemoDirectory.freePorts(1).get(0);
    container.publish(port, 80);
    door = "http://127.0.0.1:" + port;
    services = new ColouredServices("web");
    web = services.service("web", container.machine(), door);
  }

  /** Returns the address of an instance as the configuration of a proxy has it. */
  String at(Color color) {
    return web.endpoints(color).get(0).getAuthority();
  }

  /** Returns the section of the page, and what is behind it. */
  String page() {
    return page;
  }

  /** Returns what stands behind a key of the section's compose.yaml. */
  String told(String key) {
    Matcher line = Pattern.compile("(?m)^    " + key + ": (.*?)( +# .*)?$").matcher(page);
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }

  /** Starts what the page says, and waits until it serves. */
  void up() throws IOException {
    Json command = Json.read(told("command").getBytes(StandardCharsets.UTF_8));
    start(command.elements().stream().map(word -> word.text().orElseThrow()).toList());
  }

  /** Starts another command, with the volume that the page says. */
  void start(List<String> argv) throws IOException {
    Matcher volume =
        Pattern.compile("\\[\"/srv/shop/" + proxy + ":([^\"]+)\"]").matcher(told("volumes"));
    assertThat(volume.matches()).isTrue();
    container.start(home.getParent(), Map.of(home, Path.of(volume.group(1))), argv);
    await()
        .atMost(LIMIT)
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
      return ask() == Color.BLUE;
    } catch (IOException | RuntimeException notYet) {
      return false;
    }
  }

  /** Asks once at the front door. */
  Color ask() throws IOException {
    return ColouredServices.ask(URI.create(door), "/");
  }

  /** Returns a manager for the router. The first probe of a JVM may take long on a busy machine. */
  BlueGreenManager manager(Router router, DeploymentPolicy policy) {
    return BlueGreenManager.builder("shop")
        .service(web)
        .router(router)
        .healthCheck(HttpHealthCheck.get("/"))
        .store(FileStateStore.in(home.resolveSibling("state")))
        .policy(policy.probing(Probing.DEFAULT.timeout(LIMIT)))
        .build();
  }

  /** Adopts what serves, deploys beside it, and goes back. */
  void isAdoptedAndSwitched(BlueGreenManager manager) throws IOException {
    manager.run(Operation.adopt(Release.of("1.4.1")).by("ann", "the first day")).orThrow();
    assertThat(manager.deployNewVersion(Release.of("1.4.2")).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(ask()).isEqualTo(Color.GREEN);
    assertThat(manager.rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(ask()).isEqualTo(Color.BLUE);
  }

  @Override
  public void close() throws IOException {
    container.close();
    services.close();
    workplace.close();
  }
}
