package io.bluegreen.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Gate;
import io.bluegreen.Group;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Verdict;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.health.CommandHealthCheck;
import io.bluegreen.health.HealthChecks;
import io.bluegreen.health.HeartbeatCheck;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.health.TcpHealthCheck;
import io.bluegreen.launch.CommandLauncher;
import io.bluegreen.launch.ProcessLauncher;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.support.PlainWords;
import io.bluegreen.support.RawServer;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Provokes failures of all parts, and checks that their messages show no internals of the library.
 */
@Timeout(120)
class PlainWordsTest {
  private static final List<String> ANSWERS =
      List.of(
          "",
          "\u0015\u0003\u0001\0\u0002\u0002F",
          "SSH-2.0-OpenSSH_9\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          RawServer.response("200 OK", "Content-Encoding: gzip\r\n", "\u001f\u008b"),
          RawServer.response("200 OK", "", "<html>fine</html>"),
          RawServer.response("200 OK", "", "{\"status\":\"UP\",\"status\":\"UP\"}"),
          RawServer.response("200 OK", "", "{} {}"),
          RawServer.response("301 Moved", "Location: /login?token=secret\r\n", ""),
          RawServer.response("500 Oops", "Content-Encoding: gzip\r\n", "\u001f\u008b"));

  @TempDir Path directory;

  @Test
  void answersOfApplicationsAreToldInPlainWords() throws Exception {
    HttpHealthCheck check = HttpHealthCheck.get("/health?token=secret").expectJson("/status", "UP");
    ProbeGate probe =
        ProbeGate.get("/price?token=secret")
            .window(1, 1)
            .expect("a price", answer -> answer.text().contains("price"));
    for (String answer : ANSWERS) {
      try (RawServer server =
          RawServer.playing(
              (socket, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)))) {
        Gate.Context moment = GateMoments.of(GateMoments.web(server.uri()));
        plain(down(check, server.uri()));
        plain(inconclusive(PrometheusGate.query(server.uri().toString(), "up").atMost(1), moment));
        plain(HealthGate.of(check).judge(moment).reason());
        plain(probe.judge(moment).reason());
      }
    }
    check.close();
    probe.close();
  }

  @Test
  void checksThatCanNotAskAreToldInPlainWords() throws Exception {
    URI nobody;
    try (ServerSocket gone = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + gone.getLocalPort());
    }
    HealthCheck throwing =
        instance -> {
          throw new UncheckedIOException(new IOException("the database is down"));
        };
    List<HealthCheck> checks =
        List.of(
            HttpHealthCheck.get("/health"),
            TcpHealthCheck.connect(),
            CommandHealthCheck.of(List.of("/no/such/program")),
            HeartbeatCheck.file(
                directory.resolve("missing/beat").toString(), Duration.ofSeconds(1)),
            HealthChecks.all(throwing, HttpHealthCheck.get("/health")));
    for (HealthCheck check : checks) {
      for (URI endpoint : List.of(nobody, URI.create("http://no-such-host.invalid:1"))) {
        plain(down(check, endpoint));
      }
      check.close();
    }
    Gate.Context moment = GateMoments.of(GateMoments.web(nobody));
    plain(HealthGate.of(throwing).judge(moment).reason());
    plain(CommandGate.of(List.of("/no/such/program")).judge(moment).reason());
    plain(CommandGate.of(List.of("false", "x")).judge(moment).reason());
  }

  @Test
  void storesLaunchersAndRoutersThatRefuseSayWhyInPlainWords() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    refused(() -> FileStateStore.in(file).load());
    refused(() -> FileStateStore.in(file.resolve("below")).load());
    InMemoryStateStore torn = new InMemoryStateStore();
    torn.restore("{\"format\":".getBytes(StandardCharsets.UTF_8));
    refused(
        () -> {
          try (BlueGreenManager manager = manager(torn)) {
            manager.status();
          }
        });
    Slot slot = slot("http://127.0.0.1:1");
    refused(() -> ProcessLauncher.command("/no/such/program").launch(slot, Release.of("1"), "t1"));
    refused(() -> ProcessLauncher.command("{missing}").launch(slot, Release.of("1"), "t1"));
    Path none = Files.writeString(directory.resolve("none"), "no program");
    Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("rw-------"));
    refused(() -> ProcessLauncher.command(none.toString()).launch(slot, Release.of("1"), "t1"));
    List<String> status = List.of("false", "{color}");
    try (CommandLauncher commands = CommandLauncher.of(status, status, status)) {
      plain(commands.state(slot, "t1").detail());
    }
    try (ServerSocket taken = new ServerSocket(0)) {
      Service door =
          Service.named("web")
              .blue("http://127.0.0.1:1")
              .green("http://127.0.0.1:2")
              .frontDoor("http://127.0.0.1:" + taken.getLocalPort());
      refused(
          () -> {
            try (BlueGreenManager manager =
                BlueGreenManager.builder("shop")
                    .service(door)
                    .router(EmbeddedRouter.create())
                    .healthCheck(ScriptedHealthCheck.up())
                    .store(new InMemoryStateStore())
                    .build()) {
              manager.deployNewVersion(Release.of("1")).orThrow();
            }
          });
    }
  }

  @Test
  void argumentsThatWereSwappedAreRefusedByBothNames() {
    assertThatThrownBy(() -> PrometheusGate.query("up == 1", "http://ann:s3cret@prom:9090"))
        .hasMessageContaining("server and promql: ")
        .hasMessageContaining("the second of the two is the address")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> ProbeGate.get("/price").window(5, 20))
        .hasMessageContaining("size and minimum: ")
        .hasMessageContaining("were 5 and 20; the size is the first of the two");
    assertThatThrownBy(() -> ProbeGate.get("/").body("{\"pin\":\"s3cret\"}", "application/json"))
        .hasMessageContaining("type and body: ")
        .hasMessageContaining("the type is the first of the two")
        .hasMessageNotContaining("s3cret");
    ProbeGate.get("/").body("application/json; charset=utf-8", "{}").close();
    ProbeGate.get("/").body("application/vnd.shop.v1+json", "{}").close();
  }

  @Test
  void addressThatIsRefusedSaysWhatIsWrongWithItAndShowsNoSecret() {
    assertThatThrownBy(() -> PrometheusGate.query("http://prom_1:9090", "up"))
        .hasMessageContaining("has no '_'");
    assertThatThrownBy(() -> ProbeGate.get(URI.create("http://ann:s_cret@app:80/x")))
        .hasMessageContaining("without a user")
        .hasMessageNotContainingAny("s_cret", "has no '_'");
    assertThatThrownBy(() -> ProbeGate.get(URI.create("http://app_1:80/x")))
        .hasMessageContaining("has no '_'");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> Service.named("web").blue("http://a:1?token=s cret"),
            () -> PrometheusGate.query("http://ann:s cret@a:1", "up"),
            () -> HttpHealthCheck.get("/health?token=s cret"),
            () -> ProbeGate.get("/price?token=s cret"))) {
      // A cause would be logged with its own message.
      assertThatThrownBy(call).hasNoCause().message().doesNotContain("cret");
    }
  }

  private static BlueGreenManager manager(InMemoryStateStore store) {
    return BlueGreenManager.builder("shop")
        .service(Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2"))
        .router(new FakeRouter())
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .build();
  }

  private static Slot slot(String green) {
    Service web = Service.named("web").blue("http://127.0.0.1:2").green(green);
    return new Group("shop", List.of(web)).slot("web", Color.GREEN);
  }

  private static String down(HealthCheck check, URI endpoint) throws Exception {
    Instance instance = slot(endpoint.toString()).instances().get(0);
    return check.probe(instance).get(60, TimeUnit.SECONDS).toString();
  }

  private static String inconclusive(PrometheusGate gate, Gate.Context moment)
      throws InterruptedException {
    try (gate) {
      Verdict verdict = gate.judge(moment);
      assertThat(verdict.kind()).isEqualTo(Verdict.Kind.INCONCLUSIVE);
      return verdict.reason();
    }
  }

  private static void refused(ThrowingCallable call) {
    Throwable refusal = catchThrowable(call);
    assertThat(refusal).isNotNull();
    plain(refusal.getMessage());
  }

  private static void plain(String message) {
    PlainWords.check(message);
    assertThat(message).doesNotContain("secret");
  }
}
