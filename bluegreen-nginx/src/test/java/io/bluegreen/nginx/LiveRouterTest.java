package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.InFlight;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRouterTest {
  @TempDir Path temp;
  private Path state;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;
  private int directBlue;
  private int directGreen;

  @BeforeEach
  void startNginx() throws Exception {
    state = RealNginx.open(temp).resolve("state");
    shop = new NginxShop("web", "api");
    directBlue = NginxPorts.free();
    directGreen = NginxPorts.free();
    router =
        NginxRouter.live(state)
            .preview("X-Bluegreen", "127.0.0.1")
            .directPorts("web", directBlue, directGreen);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void routerDeclaresAllGuarantees() {
    RouterReport report = router.open(shop.opening());
    assertThat(report.guarantees()).containsExactlyInAnyOrder(RouterGuarantee.values());
    assertThat(report.warnings())
        .extracting(RouterReport.Warning::costs)
        .containsOnly(Optional.empty());
  }

  @Test
  void applicationsCounterDecidesAlone() {
    NginxRouter counting = router.inFlight(slot -> InFlight.some(3));
    assertThat(counting.open(shop.opening()).guarantees()).contains(RouterGuarantee.DRAIN_KNOWN);
    assertThat(counting.inFlight(shop.group.slot("web", Color.BLUE))).isEqualTo(InFlight.some(3));
    counting.close();
    router.open(shop.opening());
    assertThat(router.inFlight(shop.group.slot("web", Color.BLUE))).isEqualTo(InFlight.NONE);
  }

  @Test
  void openLeavesTheStateDirectoryAsItIs() throws IOException {
    List<Path> before = tree();
    router.open(shop.opening());
    router.current();
    assertThat(tree()).isEqualTo(before);
  }

  @Test
  void blueIsServedAndNothingIsAssignedBeforeAnySwitch() throws IOException {
    router.open(shop.opening());
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.wholly(shop.all(Color.BLUE))).isTrue();
    assertThat(truth.generation()).isZero();
    assertThat(truth.unassigned()).containsExactlyInAnyOrder("web", "api");
    assertThat(truth.drift()).isEmpty();
    assertThat(shop.ask("web")).isEqualTo("blue");
  }

  @Test
  void switchMovesAllServicesAndIsReadBackFromNginx() throws IOException {
    router.open(shop.opening());
    Switch change = shop.to(router, shop.all(Color.GREEN));
    router.apply(change);
    assertThat(shop.ask("web")).isEqualTo("green");
    assertThat(shop.ask("api")).isEqualTo("green");
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth)
        .isEqualTo(
            RouterTruth.Known.settled(shop.all(Color.GREEN), change.generation(), change.fence()));
  }

  @Test
  void servicesMayDifferInColour() throws IOException {
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE).with("api", Color.GREEN, 100)));
    assertThat(shop.ask("web")).isEqualTo("blue");
    assertThat(shop.ask("api")).isEqualTo("green");
  }

  @Test
  void percentageIsKeptAndRaisingItThrowsNoClientBack() throws IOException {
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE).with("web", Color.GREEN, 25)));
    List<Boolean> at25 = colorsOfClients();
    router.apply(shop.to(router, shop.all(Color.BLUE).with("web", Color.GREEN, 60)));
    List<Boolean> at60 = colorsOfClients();
    assertThat(at25.stream().filter(green -> green).count()).isBetween(60L, 140L);
    assertThat(at60.stream().filter(green -> green).count()).isBetween(180L, 300L);
    for (int client = 0; client < at25.size(); client++) {
      assertThat(at60.get(client) || !at25.get(client)).isTrue();
    }
  }

  @Test
  void clientWithoutACookieIsGivenOneThatKeepsItsColour() throws IOException {
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.BLUE).with("web", Color.GREEN, 50)));
    NginxClient.Answer first = NginxClient.once(shop.door("web"), "/");
    String cookie = NginxClient.header(first.head(), "set-cookie", "").split(";", 2)[0];
    assertThat(cookie).matches("bgkey=[0-9a-f]{32}");
    for (int i = 0; i < 50; i++) {
      NginxClient.Answer next = NginxClient.once(shop.door("web"), "/", "Cookie: " + cookie);
      assertThat(next.body()).isEqualTo(first.body());
      assertThat(NginxClient.header(next.head(), "set-cookie", "")).isEmpty();
    }
  }

  @Test
  void previewHeaderAndTheDirectPortsReachTheIdleColour() throws IOException {
    router.open(shop.opening());
    assertThat(NginxClient.once(shop.door("web"), "/", "X-Bluegreen: green").body())
        .isEqualTo("green");
    assertThat(NginxClient.once(shop.door("web"), "/", "X-Bluegreen: red").body())
        .isEqualTo("blue");
    assertThat(NginxClient.once(URI.create("http://127.0.0.1:" + directBlue), "/").body())
        .isEqualTo("blue");
    assertThat(NginxClient.once(URI.create("http://127.0.0.1:" + directGreen), "/").body())
        .isEqualTo("green");
  }

  @Test
  void previewHeaderOfAStrangerIsIgnored() throws Exception {
    NginxRouter strict = router.preview("X-Bluegreen", "10.0.0.0/8");
    nginx.stop();
    Files.delete(state.resolve("nginx.conf"));
    strict.renderConfig(shop.group).write();
    nginx.start();
    strict.open(shop.opening());
    assertThat(NginxClient.once(shop.door("web"), "/", "X-Bluegreen: green").body())
        .isEqualTo("blue");
    strict.close();
  }

  @Test
  void restartOfNginxServesTheSameSplit() throws Exception {
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    nginx.stop();
    assertThat(router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    nginx.start();
    assertThat(NginxShop.known(router).wholly(shop.all(Color.GREEN))).isTrue();
    assertThat(shop.ask("web")).isEqualTo("green");
  }

  @Test
  void planIsExactlyWhatIsDone() throws IOException {
    router.open(shop.opening());
    Switch change = shop.to(router, shop.all(Color.GREEN));
    List<String> plan = router.plan(change);
    assertThat(Files.exists(state.resolve("current"))).isFalse();
    assertThat(plan)
        .containsExactly(
            "create " + state + "/_w/100 with 100 empty files",
            "mkdir " + state + "/gen-1",
            "symlink " + state + "/gen-1/api -> ../_w/100",
            "link " + state + "/gen-1/web to " + state + "/gen-1/api",
            "write " + state + "/gen-1/status.json " + expectedStatus(),
            "fsync " + state + "/gen-1 and " + state,
            "rename " + state + "/current: nothing -> gen-1",
            "fsync " + state,
            "symlink " + state + "/.last -> 1");
    router.apply(change);
    assertThat(Files.readString(state.resolve("current/status.json"))).isEqualTo(expectedStatus());
    assertThat(Files.readSymbolicLink(state.resolve("current"))).hasToString("gen-1");
    assertThat(Files.readSymbolicLink(state.resolve("gen-1/web"))).hasToString("../_w/100");
  }

  @Test
  void routerThatIsNotOpenAnswersNothing() {
    assertThatThrownBy(router::current).isInstanceOf(IllegalStateException.class);
  }

  private static String expectedStatus() {
    return "{\"format\":1,\"group\":\"shop\",\"mode\":\"live\",\"generation\":1,\"fence\":1,"
        + "\"deployment\":\"d-1\",\"green\":{\"api\":100,\"web\":100},"
        + "\"assigned\":[\"api\",\"web\"]}";
  }

  private List<Boolean> colorsOfClients() throws IOException {
    List<Boolean> green = new ArrayList<>();
    try (NginxClient client = new NginxClient(shop.door("web"))) {
      for (int i = 0; i < 400; i++) {
        green.add(client.get("/", "Cookie: bgkey=client" + i).body().equals("green"));
      }
    }
    return green;
  }

  private List<Path> tree() throws IOException {
    try (var files = Files.walk(state)) {
      Set<String> logs = Set.of("access.log", "error.log", "status.sock", "nginx.pid");
      return new ArrayList<>(
          files.filter(file -> !logs.contains(file.getFileName().toString())).sorted().toList());
    }
  }
}
