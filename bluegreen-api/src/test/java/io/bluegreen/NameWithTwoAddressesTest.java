package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.health.CommandHealthCheck;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.health.TcpHealthCheck;
import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.HttpCall;
import io.bluegreen.support.RawServer;
import io.bluegreen.testing.InMemoryStateStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names with several addresses, from checks to users, in a JVM whose names are those of a file:
 * what is proved is what is served.
 */
@Timeout(180)
class NameWithTwoAddressesTest {
  private static final String FOUR = "127.0.0.1";
  private static final String SIX = "::1";

  @TempDir Path directory;

  @Test
  void nothingIsPromotedThatUsersDoNotGet() throws Exception {
    Path hosts =
        Files.write(
            directory.resolve("hosts"),
            List.of("::1 both", "127.0.0.1 both", "127.0.0.1 twice", "127.0.0.2 twice", "::1 six"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djdk.net.hosts.file=" + hosts,
                "-Djava.net.preferIPv6Addresses=true", // What one JVM prefers is no rule.
                "-cp",
                System.getProperty("java.class.path"),
                NameWithTwoAddressesTest.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> said = new String(child.getInputStream().readAllBytes()).lines().toList();

    assertThat(said).contains("both at 127.0.0.1: PROMOTED 200", "both at both: PROMOTED 200");
    assertThat(said).contains("six at ::1: PROMOTED 200");
    assertThat(said).contains("tcp both at 127.0.0.1: PROMOTED 200");
    for (String check : List.of("", "tcp ")) {
      assertThat(said)
          .filteredOn(line -> line.startsWith(check + "both at ::1: "))
          .singleElement()
          .asString()
          .startsWith(check + "both at ::1: REJECTED")
          .contains("both is 127.0.0.1, which is what is asked and served, and also ::1")
          .contains("write [::1] in place of both");
    }
    assertThat(said)
        .filteredOn(line -> line.startsWith("command both at ::1: "))
        .singleElement()
        .asString()
        .startsWith("command both at ::1: REJECTED")
        .contains("use {address} in place of {host}");
    assertThat(said).contains("address both at 127.0.0.1: PROMOTED 200");
    assertThat(said).contains("look: somebody listens");
    assertThat(said)
        .filteredOn(line -> line.startsWith("twice"))
        .singleElement()
        .asString()
        .contains("several addresses (127.0.0.1, 127.0.0.2)", "Nothing was changed")
        .contains("write the address of the instance in place of the name");
    assertThat(said)
        .filteredOn(line -> line.startsWith("same"))
        .singleElement()
        .asString()
        .contains("are the same address; give each one of its own");
  }

  /** Deploys to names, and says for each what the result was and what users get. */
  public static void main(String[] arguments) throws Exception {
    try {
      HealthCheck http = HttpHealthCheck.get("/");
      say("both at 127.0.0.1", http, "both", FOUR);
      say("both at ::1", http, "both", SIX);
      say("both at both", http, "both", FOUR, SIX);
      say("six at ::1", http, "six", SIX);
      say("tcp both at 127.0.0.1", TcpHealthCheck.connect(), "both", FOUR);
      say("tcp both at ::1", TcpHealthCheck.connect(), "both", SIX);
      say("command both at ::1", CommandHealthCheck.of(List.of("true", "{host}")), "both", SIX);
      say(
          "address both at 127.0.0.1",
          CommandHealthCheck.of(List.of("test", "{address}", "=", "127.0.0.1")),
          "both",
          FOUR);
      say("twice", http, "twice", FOUR);
      look();
      int port = FreePorts.next();
      System.out.println(
          "same: "
              + deployed(
                  http,
                  Duration.ofMinutes(1),
                  Service.named("web")
                      .blue("http://both:" + port)
                      .green("http://127.0.0.1:" + port)
                      .frontDoor("http://127.0.0.1:" + FreePorts.next())));
    } finally {
      System.out.flush();
      Runtime.getRuntime().halt(0); // Whatever threads are left do not keep the test waiting.
    }
  }

  /** A router that only looks asks at the address at which another process serves. */
  private static void look() throws Exception {
    try (ServerSocket door = new ServerSocket(0, 50, InetAddress.getByName(FOUR));
        EmbeddedRouter router = EmbeddedRouter.create()) {
      Service web =
          Service.named("web")
              .blue("http://127.0.0.1:" + FreePorts.next())
              .green("http://127.0.0.1:" + FreePorts.next())
              .frontDoor("http://both:" + door.getLocalPort());
      router.open(new Router.Opening(new Group("shop", List.of(web)), Optional.empty(), 0));
      String reason = ((RouterTruth.NotServing) router.current()).reason();
      System.out.println(
          "look: " + (reason.contains("somebody listens at") ? "somebody listens" : reason));
    }
  }

  private static void say(String what, HealthCheck check, String host, String... at)
      throws Exception {
    boolean reached = host.equals("six") || List.of(at).contains(FOUR);
    int port = FreePorts.next();
    List<RawServer> applications = new ArrayList<>();
    for (String address : at) {
      applications.add(
          RawServer.on(
              new ServerSocket(port, 50, InetAddress.getByName(address)),
              (socket, out) -> out.write(RawServer.response("200 OK", "", "fine").getBytes())));
    }
    System.out.println(
        what
            + ": "
            + deployed(
                check,
                reached ? Duration.ofMinutes(1) : Duration.ofSeconds(1),
                Service.named("web")
                    .blue("http://127.0.0.1:" + FreePorts.next())
                    .green("http://" + host + ":" + port)
                    .frontDoor("http://127.0.0.1:" + FreePorts.next())));
    for (RawServer application : applications) {
      application.close();
    }
  }

  private static String deployed(HealthCheck check, Duration deadline, Service service) {
    try (BlueGreenManager manager =
            BlueGreenManager.builder("shop")
                .service(service)
                .router(EmbeddedRouter.create())
                .healthCheck(check)
                .store(new InMemoryStateStore())
                .policy(
                    DeploymentPolicy.DEFAULT.probing(
                        Probing.DEFAULT
                            .every(Duration.ofMillis(20))
                            .upTo(deadline)
                            .failures(2)
                            .jitter(0)))
                .build();
        TimeSource time = TimeSource.system();
        BoundedHttp users = new BoundedHttp(1, null, time::elapsed)) {
      DeploymentResult result = manager.deployNewVersion(Release.of("1"));
      URI door = service.frontDoor().orElseThrow();
      return result.outcome() == Outcome.PROMOTED
          ? "PROMOTED " + users.send(door, HttpCall.get("/")).get(20, TimeUnit.SECONDS).status()
          : result.outcome() + " " + result.reason();
    } catch (Exception e) {
      return e.getMessage();
    }
  }
}
