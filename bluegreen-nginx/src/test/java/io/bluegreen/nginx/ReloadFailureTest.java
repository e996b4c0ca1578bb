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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reloads that nginx refuses, or ignores although nginx -t and nginx -s reload said 0. Each time
 * the former colour goes on serving, the reason is named, and the next switch works when it is
 * mended.
 */
@Tag("long")
class ReloadFailureTest {
  @TempDir Path temp;
  private Path home;
  private Path conf;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeBlue() throws Exception {
    shop = new NginxShop("web");
    home = RealNginx.open(temp).resolve("conf");
    router = NginxRouter.reload(home.resolve("shop.conf"));
    conf = router.renderConfig(shop.group).write();
    nginx = new RealNginx(conf);
    router = router.nginxCommand(nginx.command());
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE)));
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void aSyntaxErrorInTheUsersFile() throws Exception {
    whileEdited("http {", "http {\n  nonsense;", () -> fails(router, "unknown directive"));
  }

  @Test
  void aHostThatCanNotBeResolved() throws Exception {
    whileEdited(
        "http {",
        "http {\n  upstream x { server no-such-host.invalid:80; }",
        () -> fails(router, "host not found in upstream"));
  }

  @Test
  void aPortThatAnotherProcessHolds() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String server = "http {\n  server { listen 127.0.0.1:%d; }".formatted(taken.getLocalPort());
      whileEdited("http {", server, () -> fails(router, "Address already in use"));
    }
  }

  @Test
  void aLogDirectoryThatIsGoneAfterTheTest() throws Exception {
    Path logs = Files.createDirectories(home.resolve("logs"));
    nginx.edit(
        text -> text.replace("http {", "http {\n  access_log " + logs.resolve("a.log") + ";"));
    NginxRouter unlucky = unlucky(() -> delete(logs.resolve("a.log"), logs));
    fails(unlucky, "logs/a.log\" failed (2: No such file or directory)");
    Files.createDirectories(logs);
    works(unlucky);
  }

  @Test
  void aLogThatCanNotBeWrittenAfterTheTest() throws Exception {
    Path log = home.resolve("a.log");
    nginx.edit(text -> text.replace("http {", "http {\n  access_log " + log + ";"));
    NginxRouter unlucky =
        unlucky(
            () -> {
              delete(log);
              make(log);
            });
    fails(unlucky, "a.log\" failed (21: Is a directory)");
    delete(log);
    works(unlucky);
  }

  @Test
  void aZoneWithAnotherKey() throws Exception {
    nginx.edit(
        text ->
            text.replace(
                "http {", "http {\n  limit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;"));
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    whileEdited("$binary_remote_addr", "$http_x", () -> fails(router, "limit_req \"z\" uses the"));
  }

  @Test
  void aCertificateThatIsGoneAfterTheTest() throws Exception {
    Path certificate = serveWithACertificate();
    byte[] kept = Files.readAllBytes(certificate);
    NginxRouter unlucky = unlucky(() -> delete(certificate));
    fails(unlucky, "cannot load certificate");
    Files.write(certificate, kept);
    works(unlucky);
  }

  @Test
  void aCertificateThatIsGoneWhereOnlyASignalIsSent() throws Exception {
    Path certificate = serveWithACertificate();
    byte[] kept = Files.readAllBytes(certificate);
    router.close();
    router = router.reloadCommand("kill", "-HUP", String.valueOf(nginx.pid()));
    NginxRouter unlucky = unlucky(() -> delete(certificate));
    fails(unlucky, "cannot load certificate");
    Files.write(certificate, kept);
    works(unlucky);
  }

  @Test
  void aWorkingDirectoryThatIsGone() throws Exception {
    Path directory = Files.createDirectories(home.resolve("work"));
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    delete(directory);
    fails(router, "working directory of nginx's workers");
    Files.createDirectories(directory);
    works(router);
  }

  @Test
  void aWorkingDirectoryThatIsGoneAfterTheTest() throws Exception {
    Path directory = Files.createDirectories(home.resolve("work"));
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    router.apply(shop.to(router, shop.all(Color.BLUE)));
    NginxRouter unlucky = unlucky(() -> delete(directory));
    fails(unlucky, "working directory of nginx's workers");
    Files.createDirectories(directory);
    works(unlucky);
  }

  /** The workers that come die, those that were there are told to quit: nobody answers. */
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
    fails(unlucky, "exited with fatal code 2");
    works(router);
  }

  @Test
  void workersThatStayDeadAreToldWithWhatTheySaid() throws Exception {
    Path directory = home.resolve("work");
    String kept = Files.readString(conf);
    nginx.edit(text -> "working_directory " + directory + ";\n" + text);
    // All of the limit is given to the way back, which can't succeed.
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
    assertBlue();
    works(router);
  }

  @Test
  void aPidFileThatIsMissing() throws Exception {
    Path pid = home.resolve("nginx.pid");
    byte[] kept = Files.readAllBytes(pid);
    Files.delete(pid);
    // nginx -t makes an empty one where there is none.
    fails(router, "nginx.pid");
    Files.write(pid, kept);
    works(router);
  }

  @Test
  void aPidFileThatIsStale() throws Exception {
    Path pid = home.resolve("nginx.pid");
    byte[] kept = Files.readAllBytes(pid);
    Files.writeString(pid, "4194303\n");
    fails(router, "No such process");
    Files.write(pid, kept);
    works(router);
  }

  @Test
  void aPidFileThatIsEmpty() throws Exception {
    Path pid = home.resolve("nginx.pid");
    byte[] kept = Files.readAllBytes(pid);
    Files.write(pid, new byte[0]);
    fails(router, "invalid PID number");
    Files.write(pid, kept);
    works(router);
  }

  @Test
  void aReloadCommandThatDoesNothing() {
    NginxRouter idle = router.reloadCommand("true");
    idle.open(shop.opening());
    assertThatThrownBy(
            () ->
                idle.apply(
                    new Switch(
                        shop.all(Color.BLUE),
                        shop.all(Color.GREEN),
                        9,
                        "d",
                        1,
                        Duration.ofSeconds(3))))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("was not proven within ");
    assertBlue();
    works(router);
    idle.close();
  }

  @Test
  void aCommandThatIsNotThere() {
    NginxRouter without = router.testCommand("/no/such/program");
    without.open(shop.opening());
    fails(without, "/no/such/program");
    works(router);
  }

  @Test
  void theEnvironmentVariableOfNginxIsStripped() {
    NginxRouter asking = router.testCommand("sh", "-c", "test -z \"$NGINX\"");
    asking.open(shop.opening());
    works(asking);
  }

  /** What one part has taken is not there for the next. */
  @Test
  void testReloadAndProofHaveOneLimit() {
    NginxRouter slow =
        router.testCommand("sleep", "1.2").reloadCommand("sh", "-c", "exec sleep 1.2");
    slow.open(shop.opening());
    Switch change =
        new Switch(
            shop.all(Color.BLUE), shop.all(Color.GREEN), 9, "d", 1, Duration.ofMillis(2_000));
    assertThatThrownBy(() -> slow.apply(change))
        .hasMessageContaining("no reload by \"sh -c exec sleep 1.2\": killed at its deadline");
    assertBlue();
    works(router);
    slow.close();
  }

  @Test
  void forEverIsALimitToo() {
    router.apply(
        new Switch(
            shop.all(Color.BLUE),
            shop.all(Color.GREEN),
            9,
            "d",
            1,
            ChronoUnit.FOREVER.getDuration()));
    assertThat(ask()).isEqualTo("green");
  }

  @Test
  void aLimitBelowTheTimeThatFormerWorkersMayServeIsRefusedBeforeAnythingIsWritten()
      throws Exception {
    NginxRouter keeping = router.keepaliveMinTimeout(Duration.ofSeconds(20));
    keeping.open(shop.opening());
    Path generated = home.resolve("shop.conf");
    String before = Files.readString(generated);
    fails(keeping, "by keepalive_min_timeout former workers may serve for 20 s");
    assertThat(Files.readString(generated)).isEqualTo(before);
    works(router);
    keeping.close();
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
    works(router);
  }

  private void fails(NginxRouter failing, String reason) {
    assertThatThrownBy(() -> failing.apply(shop.to(router, shop.all(Color.GREEN))))
        .isInstanceOfSatisfying(
            RouterException.class,
            e -> assertThat(e.effect()).as(e.getMessage()).isEqualTo(Effect.UNCHANGED))
        .hasMessageContaining(reason)
        .hasMessageContaining("nginx serves web blue");
    assertBlue();
  }

  private void assertBlue() {
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.running()).isEqualTo(shop.all(Color.BLUE));
    assertThat(truth.durable()).isEqualTo(shop.all(Color.BLUE));
    for (int i = 0; i < 30; i++) {
      assertThat(ask()).isEqualTo("blue");
    }
  }

  private void works(NginxRouter working) {
    NginxRouter mended = working.checkpoint(point -> {});
    mended.open(shop.opening());
    mended.apply(shop.to(router, shop.all(Color.GREEN)));
    assertThat(ask()).isEqualTo("green");
    assertThat(NginxShop.known(mended).drift()).isEmpty();
    mended.close();
  }

  private String ask() {
    try {
      return shop.ask("web");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
