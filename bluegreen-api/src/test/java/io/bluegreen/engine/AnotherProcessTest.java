package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Release;
import io.bluegreen.RunningDeployment;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A console in another JVM speaks to a deployment in this one, through the directory of the group.
 */
class AnotherProcessTest {
  @TempDir Path directory;

  private static ManagerBuilder shop(Path directory) {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(new FakeRouter(TimeSource.system()))
        .launcher(new FakeLauncher(TimeSource.system()))
        .healthCheck(ScriptedHealthCheck.up())
        .store(FileStateStore.in(directory.resolve("state")));
  }

  /** Aborts the deployment that runs and prints that; or prints what went wrong. */
  public static void main(String[] arguments) {
    try (BlueGreenManager console = shop(Path.of(arguments[0])).build()) {
      RunningDeployment running = console.running().orElseThrow();
      running.abort("ann", "from pid " + ProcessHandle.current().pid());
      System.out.println("aborted " + running.id());
    }
  }

  @Test
  @Timeout(120)
  void deploymentIsAbortedFromAnotherProcess() throws Exception {
    EventRecorder events = new EventRecorder();
    DeploymentPolicy bake =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    try (BlueGreenManager manager = shop(directory).policy(bake).listener(events).build()) {
      CompletableFuture<DeploymentResult> result =
          CompletableFuture.supplyAsync(
              () -> manager.deployNewVersion(Release.of("1")), work -> new Thread(work).start());
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !events.events(TrafficEvent.Waiting.class).isEmpty());

      Process console =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  AnotherProcessTest.class.getName(),
                  directory.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(console.getInputStream().readAllBytes());

      assertThat(said).contains("aborted ");
      assertThat(result.get(60, TimeUnit.SECONDS).reason())
          .contains("ann")
          .contains("from pid " + console.pid());
    }
  }
}
