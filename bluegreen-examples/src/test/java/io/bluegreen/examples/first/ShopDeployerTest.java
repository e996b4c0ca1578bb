package io.bluegreen.examples.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.examples.demo.DemoApplication;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first program of README.md, run as its reader would. */
class ShopDeployerTest {
  @Test
  void deploysServesAndGoesBack(@TempDir Path home) throws Exception {
    writeShop(home.resolve("shop-1.4.1.jar"));
    writeShop(home.resolve("shop-1.4.2.jar"));
    String blue = freeAddress();
    String green = freeAddress();
    String frontDoor = freeAddress();
    PipedWriter user = new PipedWriter();
    Scanner lines = new Scanner(new PipedReader(user));
    try {
      CompletableFuture<Void> program =
          CompletableFuture.runAsync(
              () -> new ShopDeployer(home, blue, green, frontDoor).run(lines));
      type(user, "1.4.1");
      untilServed(frontDoor, "1.4.1");
      type(user, "1.4.2");
      untilServed(frontDoor, "1.4.2");
      type(user, "1.4.3"); // There is no such jar, which costs no way back.
      type(user, "rollback");
      untilServed(frontDoor, "1.4.1");
      user.close();
      program.get(1, TimeUnit.MINUTES);
      assertThat(answer(green)).as("it lives on").startsWith("1.4.1");
    } finally {
      user.close();
      endWhatListensFor(blue, green);
    }
  }

  @Test
  void doorThatIsTakenIsRefusedAndServesWhenItIsFree(@TempDir Path home) throws Exception {
    writeShop(home.resolve("shop-1.4.1.jar"));
    String blue = freeAddress();
    String green = freeAddress();
    PipedWriter user = new PipedWriter();
    Scanner lines = new Scanner(new PipedReader(user));
    PrintStream out = System.out;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
    ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    try {
      String frontDoor = "http://127.0.0.1:" + taken.getLocalPort();
      CompletableFuture<Void> program =
          CompletableFuture.runAsync(
              () -> new ShopDeployer(home, blue, green, frontDoor).run(lines));
      await().atMost(Duration.ofMinutes(1)).until(() -> told.toString().contains("refused: "));
      taken.close();
      type(user, "1.4.1");
      untilServed(frontDoor, "1.4.1");
      user.close();
      program.get(1, TimeUnit.MINUTES);
    } finally {
      System.setOut(out);
      taken.close();
      user.close();
      endWhatListensFor(blue, green);
    }
  }

  private static void type(PipedWriter user, String line) throws IOException {
    user.write(line + "\n");
    user.flush();
  }

  private static void untilServed(String frontDoor, String version) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(answer(frontDoor)).startsWith(version));
  }

  private static String answer(String address) throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "nothing answers: " + e;
    }
  }

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
