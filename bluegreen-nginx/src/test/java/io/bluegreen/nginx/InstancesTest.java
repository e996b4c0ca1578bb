package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several instances of a colour, of which some are broken: nginx has no opinion of its own. */
class InstancesTest {
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final int[] ports = IntStream.range(0, 7).map(i -> NginxPorts.free()).toArray();
  @TempDir Path temp;
  private NginxRouter router;
  private Group group;
  private URI door;

  @BeforeEach
  void startNginx() throws Exception {
    door = URI.create("http://127.0.0.1:" + ports[4]);
    group =
        new Group(
            "shop",
            List.of(
                Service.named("web")
                    .blue("http://127.0.0.1:" + ports[0], "http://127.0.0.1:" + ports[1])
                    .green("http://127.0.0.1:" + ports[2], "http://127.0.0.1:" + ports[3])
                    .frontDoor(door.toString())));
    router =
        NginxRouter.live(RealNginx.open(temp).resolve("state"))
            .preview("X-Bluegreen", "127.0.0.1")
            .directPorts("web", ports[5], ports[6]);
    opened.add(new RealNginx(router.renderConfig(group).write()));
    router.open(new Router.Opening(group, Optional.empty(), 0));
  }

  @AfterEach
  void end() throws Exception {
    router.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void brokenRequestsDisturbNoOtherClient() throws Exception {
    start("blue", 0);
    start("blue", 1);
    for (int i = 0; i < 4; i++) {
      assertThat(NginxClient.once(door, "/broken").status()).isEqualTo(502);
    }
    assertAllAnswer("blue", 20);
  }

  @Test
  void instanceThatRefusesOrSwallowsConnectionsCostsNoRequest() throws Exception {
    start("blue", 0);
    assertAllAnswer("blue", 20);
    for (int i = 0; i < 10; i++) {
      try (NginxClient client = new NginxClient(door)) {
        client.post("/", "x");
        assertThat(client.receive().status()).as("nothing of it was sent").isEqualTo(200);
      }
    }
    swallow(ports[1]);
    List<CompletableFuture<Integer>> some =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(this::ask, run -> new Thread(run).start()))
            .toList();
    assertThat(some).allMatch(one -> one.join() == 200);
  }

  @Test
  void previewOfAnIdleColourThatIsDownDoesNotHarmItsDeployment() throws Exception {
    start("blue", 0);
    start("blue", 1);
    for (int i = 0; i < 4; i++) {
      assertThat(NginxClient.once(door, "/", "X-Bluegreen: green").status()).isEqualTo(502);
      URI direct = URI.create("http://127.0.0.1:" + ports[6]);
      assertThat(NginxClient.once(direct, "/").status()).isEqualTo(502);
    }
    start("green", 2);
    start("green", 3);
    NginxLoad load = NginxLoad.on(door, 2, 2);
    try (load) {
      load.moving();
      TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
      TrafficSplit green = TrafficSplit.all(group, Color.GREEN);
      router.apply(new Switch(blue, green, 1, "d", 1, Duration.ofSeconds(20)));
      load.settled(Color.GREEN);
      long asked = load.requests.get();
      await().pollInterval(Duration.ofMillis(5)).until(() -> load.requests.get() > asked + 200);
    }
    assertThat(load.failed).as(load::toString).hasValue(0);
    assertThat(load.stale).as(load::toString).hasValue(0);
  }

  @Test
  void bothModesRenderUpstreamsThatAreNeverMarked() {
    String live = router.renderConfig(group).nginxConf();
    RenderedNginx reload = NginxRouter.reload(temp.resolve("r/shop.conf")).renderConfig(group);
    String generated = reload.generated().orElseThrow().text();
    assertThat(live.lines().filter(line -> line.contains("server 127.0.0.1:")))
        .hasSize(4)
        .allMatch(line -> line.endsWith(" max_fails=0;"));
    assertThat(generated.lines().filter(line -> line.contains("server 127.0.0.1:")))
        .hasSize(4)
        .allMatch(line -> line.endsWith(" max_fails=0;"));
    for (String conf : List.of(live, reload.nginxConf())) {
      assertThat(conf)
          .contains("proxy_next_upstream error timeout;")
          .contains("proxy_next_upstream_tries 3;")
          .contains("proxy_next_upstream_timeout 10s;")
          .contains("proxy_connect_timeout 2s;")
          .doesNotContain("non_idempotent");
    }
  }

  private void assertAllAnswer(String body, int requests) throws IOException {
    for (int i = 0; i < requests; i++) {
      assertThat(NginxClient.once(door, "/").body()).isEqualTo(body);
    }
  }

  private int ask() {
    try {
      return NginxClient.once(door, "/").status();
    } catch (IOException e) {
      return 0;
    }
  }

  private void start(String name, int port) throws IOException {
    opened.add(new ColorServer(name, ports[port]));
  }

  /**
   * Listens with no room for one more connection, so that a client that asks for one gets no
   * answer.
   */
  private void swallow(int port) throws IOException {
    opened.add(new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")));
    while (true) {
      Socket socket = new Socket();
      opened.add(socket);
      try {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 300);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
  }
}
