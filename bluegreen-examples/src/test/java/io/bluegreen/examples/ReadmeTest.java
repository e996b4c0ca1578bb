package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.examples.demo.DemoApplication;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.launch.ProcessLauncher;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows, run. */
class ReadmeTest {
  @Test
  void aDeploymentFromJava(@TempDir Path home) throws Exception {
    writeShop(home.resolve("shop-1.4.2.jar"));
    String blue = freeAddress();
    String green = freeAddress();
    String frontDoor = freeAddress();
    try {
      // snippet: deploy
      try (BlueGreenManager manager =
          BlueGreenManager.builder("shop")
              .service(Service.named("web").blue(blue).green(green).frontDoor(frontDoor))
              .router(EmbeddedRouter.create())
              .launcher(
                  ProcessLauncher.command("java", "-jar", "shop-{version}.jar", "--port={port}")
                      .directory(home)
                      .runDirectory(home.resolve("run")))
              .healthCheck(HttpHealthCheck.get("/health"))
              .store(FileStateStore.in(home.resolve("state")))
              .build()) {
        manager.deployNewVersion(Release.of("1.4.2")).orThrow();
      }
      // end
      assertThat(ask(blue, green)).as("it lives on").startsWith("1.4.2");
    } finally {
      endWhatListensFor(blue, green);
    }
  }

  // snippet: unit-test
  @Test
  void aReleaseThatNeverGetsHealthyIsRejectedAndTheTrafficStays() {
    VirtualTime time = new VirtualTime();
    FakeRouter router = new FakeRouter(time);
    try (BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(
                Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"))
            .router(router)
            .healthCheck(ScriptedHealthCheck.down("no database"))
            .store(new InMemoryStateStore(time))
            .time(time)
            .build()) {
      DeploymentResult result = manager.deployNewVersion(Release.of("1.4.2"));

      assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(router.applied()).isEmpty();
    }
  }

  // end

  /** Makes a jar that is the demo's application, with a class path of its own. */
  private static void writeShop(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, DemoApplication.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  private static String freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** Returns the answer of the one that answers. */
  private static String ask(String... addresses) throws InterruptedException {
    for (String address : addresses) {
      try {
        return HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
      } catch (IOException e) {
        assertThat(e).as("nothing listens there").isInstanceOf(ConnectException.class);
      }
    }
    return "nothing answers";
  }

  /** A launched process outlives its manager: here it must not outlive the test. */
  private static void endWhatListensFor(String... addresses) {
    for (String address : addresses) {
      String port = "--port=" + URI.create(address).getPort();
      ProcessHandle.allProcesses()
          .filter(process -> process.info().commandLine().orElse("").endsWith(port))
          .forEach(
              process -> {
                process.destroy();
                process.onExit().join();
              });
    }
  }
}
