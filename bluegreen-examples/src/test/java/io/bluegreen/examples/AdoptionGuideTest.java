package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPlan;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.Status;
import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.DemoApplication;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.launch.ProcessLauncher;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.support.Template;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the page about the first day shows, with the nginx of this machine and a process by hand.
 */
class AdoptionGuideTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @Test
  void firstDay() throws Exception {
    List<String> free =
        DemoDirectory.freePorts(3).stream().map(port -> "http://127.0.0.1:" + port).toList();
    Service web = Service.named("web").blue(free.get(0)).green(free.get(1)).frontDoor(free.get(2));
    Group group = new Group("shop", List.of(web));
    try (TimeSource time = TimeSource.system();
        DemoDirectory home = new DemoDirectory();
        DemoProxy nginx = new NginxProxy(SwitchMode.LIVE, time)) {
      Router router = nginx.start(group, home.directory("nginx"));
      Process production = byHand(URI.create(free.get(0)));
      Launcher launcher = launcher(home.directory("application"));
      try (BlueGreenManager manager =
          BlueGreenManager.builder("shop")
              .service(web)
              .router(router)
              .launcher(launcher)
              .healthCheck(HttpHealthCheck.get("/health"))
              .store(FileStateStore.in(home.directory("state")))
              .build()) {
        // snippet: first-look
        Status status = manager.status(); // what serves, and whether it is healthy; touches nothing
        DeploymentPlan plan =
            manager.plan(Operation.adopt(Release.of("1.4.1"))); // what it would do
        // end
        assertThat(status.unassigned()).isEmpty();
        assertThat(plan.warnings()).anyMatch(line -> line.contains("pid " + production.pid()));
        // snippet: first-day
        manager.run(Operation.adopt(Release.of("1.4.1")).by("ann", "the first day")).orThrow();
        DeploymentResult deployed = manager.deployNewVersion(Release.of("1.4.2"));
        DeploymentResult back = manager.rollback(); // 1.4.1 serves again, and never ended
        // end
        assertThat(deployed.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(back.outcome()).isEqualTo(Outcome.WENT_BACK);
        assertThat(production.isAlive()).isTrue();
        manager.run(Operation.stopCandidate()).orThrow();
      } finally {
        production.destroyForcibly();
        launcher.close();
      }
    }
  }

  private static Launcher launcher(Path directory) {
    String[] argv =
        Stream.concat(application().map(Template::literal), Stream.of("--port={port}"))
            .toArray(String[]::new);
    return ProcessLauncher.command(argv)
        .directory(directory)
        .runDirectory(directory.resolve("run"))
        .adoptingProcesses();
  }

  private static Process byHand(URI endpoint) throws IOException {
    List<String> argv = new ArrayList<>(application().toList());
    argv.addAll(List.of("--port=" + endpoint.getPort(), "--release=1.4.1", "--color=blue"));
    Process production = new ProcessBuilder(argv).start();
    await().atMost(Duration.ofSeconds(30)).until(() -> production.isAlive() && listens(endpoint));
    return production;
  }

  private static Stream<String> application() {
    return Stream.of(
        JAVA,
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        DemoApplication.class.getName());
  }

  private static boolean listens(URI endpoint) {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
