package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reloads that nginx refuses, or that it ignores although nginx -t and nginx -s reload ended with
 * 0. Each time the former colour goes on serving, the reason is named, and the next switch works
 * once the cause is mended.
 */
@Tag("long")
class ReloadFailureTest {
  @TempDir Path temp;
  private ReloadScene scene;
  private Path home;
  private Path conf;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeBlue() throws Exception {
    scene = new ReloadScene(temp);
    home = scene.home;
    conf = scene.conf;
    shop = scene.shop;
    router = scene.router;
    nginx = scene.nginx;
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    scene.close();
  }

  @Test
  void syntaxErrorInTheUsersFileFailsTheSwitch() throws Exception {
    whileEdited("http {", "http {\n  nonsense;", () -> scene.fails(router, "unknown directive"));
  }

  @Test
  void hostThatCanNotBeResolvedFailsTheSwitch() throws Exception {
    whileEdited(
        "http {",
        "http {\n  upstream x { server no-such-host.invalid:80; }",
        () -> scene.fails(router, "host not found in upstream"));
  }

  @Test
  void portThatAnotherProcessHoldsFailsTheSwitch() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String server = "http {\n  server { listen 127.0.0.1:%d; }".formatted(taken.getLocalPort());
      whileEdited("http {", server, () -> scene.fails(router, "Address already in use"));
    }
  }

  @Test
  void logDirectoryThatIsGoneAfterTheTestFailsTheSwitch() throws Exception {
    Path logs = Files.createDirectories(home.resolve("logs"));
    nginx.edit(
        text -> text.replace("http {", "http {\n  access_log " + logs.resolve("a.log") + ";"));
    NginxRouter unlucky = unlucky(() -> delete(logs.resolve("a.log"), logs));
    scene.fails(unlucky, "logs/a.log\" failed (2: No such file or directory)");
    Files.createDirectories(logs);
    scene.works(unlucky);
  }

  @Test
  void logThatCanNotBeWrittenAfterTheTestFailsTheSwitch() throws Exception {
    Path log = home.resolve("a.log");
    nginx.edit(text -> text.replace("http {", "http {\n  access_log " + log + ";"));
    NginxRouter unlucky =
        unlucky(
            () -> {
              delete(log);
              make(log);
            });
    scene.fails(unlucky, "a.log\" failed (21: Is a directory)");
    delete(log);
    scene.works(unlucky);
  }

  @Test
  void zoneWithAnotherKeyFailsTheSwitch() throws Exception {
    nginx.edit(
        text ->
            text.replace(
                "http {", "http {\n  limit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;"));
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    whileEdited(
        "$binary_remote_addr", "$http_x", () -> scene.fails(router, "limit_req \"z\" uses the"));
  }

  @Test
  void certificateThatIsGoneAfterTheTestFailsTheSwitch() throws Exception {
    Path certificate = serveWithACertificate();
    byte[] kept = Files.readAllBytes(certificate);
    NginxRouter unlucky = unlucky(() -> delete(certificate));
    scene.fails(unlucky, "cannot load certificate");
    Files.write(certificate, kept);
    scene.works(unlucky);
  }

  @Test
  void certificateThatIsGoneFailsTheSwitchAlsoWhereOnlyASignalIsSent() throws Exception {
    Path certificate = serveWithACertificate();
    byte[] kept = Files.readAllBytes(certificate);
    router.close();
    router = router.reloadCommand("kill", "-HUP", String.valueOf(nginx.pid()));
    NginxRouter unlucky = unlucky(() -> delete(certificate));
    scene.fails(unlucky, "cannot load certificate");
    Files.write(certificate, kept);
    scene.works(unlucky);
  }

  @Test
  void workingDirectoryThatIsGoneFailsTheSwitch() throws Exception {
    Path directory = Files.createDirectories(home.resolve("work"));
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    delete(directory);
    scene.fails(router, "working directory of nginx's workers");
    Files.createDirectories(directory);
    scene.works(router);
  }

  @Test
  void workingDirectoryThatIsGoneAfterTheTestFailsTheSwitch() throws Exception {
    Path directory = Files.createDirectories(home.resolve("work"));
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    NginxRouter unlucky = unlucky(() -> delete(directory));
    scene.fails(unlucky, "working directory of nginx's workers");
    Files.createDirectories(directory);
    scene.works(unlucky);
  }

  /** The new workers die and the former ones are told to quit, so that nobody answers. */
  @Test
  void workersThatDieAreBroughtBackByTheReloadOfTheFormerFile() throws Exception {
    Path directory = Files.createDirectories(home.resolve("work"));
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    String script = "d=$1; shift; if [ -d $d ]; then rmdir $d; else mkdir $d; fi; exec \"$@\"";
    NginxRouter unlucky =
        router.reloadCommand(
            argv("sh", "-c", script, "x", directory.toString(), nginx.command(), "-s", "reload"));
    unlucky.open(shop.opening());
    scene.fails(unlucky, "exited with fatal code 2");
    scene.works(router);
  }

  @Test
  void workersThatStayDeadAreReportedWithTheirLastWords() throws Exception {
    Path directory = home.resolve("work");
    String kept = Files.readString(conf);
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    // The way back can't succeed, and takes its whole limit.
    Switch change = NginxShop.within(shop.to(router, shop.all(Color.GREEN)), Duration.ofSeconds(5));
    assertThatThrownBy(() -> router.apply(change))
        .isInstanceOfSatisfying(
            RouterException.class,
            e -> assertThat(e.effect()).as(e.getMessage()).isEqualTo(Effect.UNKNOWN))
        .hasMessageContaining("exited with fatal code 2")
        .hasMessageContaining("chdir(\"" + directory + "\") failed")
        .hasMessageContaining("nginx does not answer");
    Files.writeString(conf, kept);
    assertThat(nginx.run("-s", "reload")).isZero();
    await().until(() -> router.current() instanceof RouterTruth.Known);
    scene.assertBlue(router);
    scene.works(router);
  }

  /** Something goes wrong between the test and the reload. */
  private NginxRouter unlucky(Runnable accident) {
    router.close();
    NginxRouter unlucky =
        router.checkpoint(
            point -> {
              if (point.equals("tested")) {
                accident.run();
              }
            });
    unlucky.open(shop.opening());
    router = unlucky.checkpoint(point -> {});
    router.open(shop.opening());
    return unlucky;
  }

  private void whileEdited(String from, String to, Runnable test) throws IOException {
    String kept = Files.readString(conf);
    nginx.edit(text -> text.replace(from, to));
    test.run();
    Files.writeString(conf, kept);
    scene.works(router);
  }

  private Path serveWithACertificate() throws Exception {
    Path key = home.resolve("key.pem");
    Path certificate = home.resolve("certificate.pem");
    certify(key, certificate);
    nginx.edit(
        text ->
            text.replace(
                "http {",
                "http {\n  server { listen 127.0.0.1:%d ssl; ssl_certificate %s; ssl_certificate_key %s; }"
                    .formatted(NginxPorts.free(), certificate, key)));
    return certificate;
  }

  private static String[] argv(Object... parts) {
    return Stream.of(parts)
        .flatMap(part -> part instanceof List<?> list ? list.stream() : Stream.of(part))
        .map(String::valueOf)
        .toArray(String[]::new);
  }

  private static void make(Path directory) {
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void certify(Path key, Path certificate) throws Exception {
    List<String> argv =
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=test",
            "-keyout",
            key.toString(),
            "-out",
            certificate.toString());
    Process openssl =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(openssl.waitFor()).isZero();
  }

  private static void delete(Path... paths) {
    try {
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
