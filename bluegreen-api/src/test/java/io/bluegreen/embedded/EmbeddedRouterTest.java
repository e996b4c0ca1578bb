package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EmbeddedRouterTest {
  private static final TrafficSplit BLUE = new TrafficSplit(Map.of("web", 0));
  private static final TrafficSplit GREEN = new TrafficSplit(Map.of("web", 100));

  @Test
  void routerStartsWithBlueAndEverythingUnassigned() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      RouterTruth.Known truth = (RouterTruth.Known) shop.router.current();
      assertThat(truth.wholly(BLUE)).isTrue();
      assertThat(truth.unassigned()).containsExactly("web");
      assertThat(truth.generation()).isZero();
      assertThat(shop.get("/").body()).isEqualTo("blue");
    }
  }

  @Test
  void routerStartsWithTheSplitThatWasAcknowledged() throws IOException {
    try (TestApp blue = TestApp.saying("blue");
        TestApp green = TestApp.saying("green");
        EmbeddedRouter router = EmbeddedRouter.create()) {
      int port = EmbeddedShop.freePort();
      Group group = new Group("shop", List.of(EmbeddedShop.web(blue.url(), green.url(), port)));
      Router.Opening opening = new Router.Opening(group, Optional.of(GREEN), 41);
      RouterReport report = router.open(opening);
      router.serve(opening);
      assertThat(report.guarantees()).containsExactlyInAnyOrder(RouterGuarantee.values());
      assertThat(report.warnings()).singleElement().asString().contains("while this JVM runs");
      assertThat(router.current()).isEqualTo(RouterTruth.Known.settled(GREEN, 41, 0));
      try (RawConnection wire = new RawConnection(port)) {
        assertThat(wire.get("/").body()).isEqualTo("green");
      }
    }
  }

  @Test
  void serviceThatWasAddedLaterIsUnassignedAndOneThatLeftIsForgotten() throws IOException {
    try (EmbeddedRouter router = EmbeddedRouter.create()) {
      Group group =
          new Group(
              "shop",
              List.of(EmbeddedShop.web("http://a:1", "http://a:2", EmbeddedShop.freePort())));
      TrafficSplit former = new TrafficSplit(Map.of("gone", 100));
      EmbeddedShop.serve(router, new Router.Opening(group, Optional.of(former), 7));
      assertThat(router.current())
          .isEqualTo(
              new RouterTruth.Known(
                  BLUE, BLUE, List.of(), 7, 0, java.util.Set.of("web"), List.of()));
    }
  }

  @Test
  void switchIsTrueAtOnceAndAssignsItsServices() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      shop.router.apply(change(BLUE, BLUE, 3, 1));
      assertThat(((RouterTruth.Known) shop.router.current()).unassigned()).isEmpty();
      shop.router.apply(change(BLUE, GREEN, 4, 1));
      assertThat(shop.router.current()).isEqualTo(RouterTruth.Known.settled(GREEN, 4, 1));
      assertThat(shop.get("/").body()).isEqualTo("green");
      shop.router.apply(change(BLUE, GREEN, 5, 1));
      assertThat(shop.router.current()).isEqualTo(RouterTruth.Known.settled(GREEN, 5, 1));
    }
  }

  @Test
  void routerRefusesALowerFenceAnotherSplitAndAnotherService() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      shop.router.apply(change(BLUE, GREEN, 1, 9));
      refused(shop, change(GREEN, BLUE, 2, 8), Effect.UNCHANGED, "fence 8 is lower than 9");
      TrafficSplit half = new TrafficSplit(Map.of("web", 50));
      refused(shop, change(half, BLUE, 3, 9), Effect.UNCHANGED, "neither");
      TrafficSplit other = new TrafficSplit(Map.of("api", 0));
      refused(shop, change(other, other, 4, 9), Effect.UNCHANGED, "[api]");
      assertThat(shop.router.current()).isEqualTo(RouterTruth.Known.settled(GREEN, 1, 9));
    }
  }

  @Test
  void planChangesNothing() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      assertThat(shop.router.plan(change(BLUE, GREEN, 5, 1)))
          .containsExactly(
              "in this JVM: route 100% of web to green, instead of 0%",
              "in this JVM: carry generation 5");
      assertThat(((RouterTruth.Known) shop.router.current()).running()).isEqualTo(BLUE);
    }
  }

  @Test
  void refusalNamesTheMethodThatGivesAFrontDoor() {
    Service doorless = Service.named("web").blue("http://a:1").green("http://a:2");
    refusedToOpen(doorless, "service web: no front door", "Service.frontDoor");
  }

  @Test
  void routerRefusesProtocolsThatItDoesNotSpeak() {
    refusedToOpen(
        Service.named("web").blue("http://a:1").green("https://a:2").frontDoor("http://a:3"),
        "https://a:2",
        "plain http");
    refusedToOpen(
        Service.named("web").blue("http://a:1").green("http://a:2").frontDoor("tcp://a:3"),
        "tcp://a:3");
  }

  @Test
  void statusOpensNoDoorAndSaysWhoMayServeMeanwhile() throws IOException {
    try (EmbeddedShop serving = new EmbeddedShop();
        EmbeddedRouter looking = EmbeddedRouter.create()) {
      TrafficSplit green = new TrafficSplit(java.util.Map.of("web", 100));
      looking.open(new Router.Opening(serving.group, Optional.of(green), 3));
      RouterTruth.NotServing truth = (RouterTruth.NotServing) looking.current();
      assertThat(truth.once().running()).isEqualTo(green);
      assertThat(truth.describe())
          .contains("does not serve in this process")
          .contains("somebody listens at 127.0.0.1:" + serving.port + ", perhaps another process")
          .contains("it will serve " + green);
      assertThat(looking.plan(change(green, new TrafficSplit(java.util.Map.of("web", 0)), 4, 1)))
          .contains("in this JVM: route 0% of web to green, instead of 100%");
      assertThat(serving.get("/").body()).isEqualTo("blue");
      serving.router.close();
      assertThat(((RouterTruth.NotServing) looking.current()).reason())
          .contains("nobody listens at its front doors");
      new ServerSocket(serving.port).close();
      looking.serve(new Router.Opening(serving.group, Optional.of(green), 3));
      assertThat(serving.get("/").body()).isEqualTo("green");
    }
  }

  @Test
  void routerNamesThePortThatIsTakenAndListensOnNone() throws IOException {
    int free = EmbeddedShop.freePort();
    ServerSocket taken = new ServerSocket(0);
    try {
      Group group =
          new Group(
              "shop",
              List.of(
                  EmbeddedShop.web("http://127.0.0.1:1", "http://127.0.0.1:2", free),
                  Service.named("api")
                      .blue("http://127.0.0.1:3")
                      .green("http://127.0.0.1:4")
                      .frontDoor("http://127.0.0.1:" + taken.getLocalPort())));
      try (EmbeddedRouter router = EmbeddedRouter.create()) {
        assertThatExceptionOfType(RouterException.class)
            .isThrownBy(
                () -> EmbeddedShop.serve(router, new Router.Opening(group, Optional.empty(), 0)))
            .withMessageContaining("service api: can't listen on 127.0.0.1:")
            .withMessageContaining("end what holds port " + taken.getLocalPort());
        assertThat(router.current()).isInstanceOf(RouterTruth.NotServing.class);
        new ServerSocket(free).close();
        taken.close();
        router.serve(new Router.Opening(group, Optional.empty(), 0));
        assertThat(router.current()).isInstanceOf(RouterTruth.Known.class);
      }
    } finally {
      taken.close();
    }
    new ServerSocket(free).close();
  }

  @Test
  void closedRouterIsUnreachableItsPortIsFreeAndItsThreadsAreGone() throws IOException {
    EmbeddedShop shop = new EmbeddedShop();
    assertThat(shop.get("/").status()).isEqualTo(200);
    shop.close();
    shop.router.close();
    assertThat(shop.router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    assertThatExceptionOfType(RouterException.class)
        .isThrownBy(() -> shop.router.apply(change(BLUE, GREEN, 1, 1)));
    assertThatIllegalStateException()
        .isThrownBy(() -> shop.router.open(new Router.Opening(shop.group, Optional.empty(), 0)));
    new ServerSocket(shop.port).close();
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("bluegreen-shop")));
  }

  @Test
  void backgroundServiceHasNoTraffic() throws IOException {
    try (EmbeddedRouter router = EmbeddedRouter.create()) {
      Group group = new Group("shop", List.of(Service.background("bot")));
      EmbeddedShop.serve(router, new Router.Opening(group, Optional.empty(), 0));
      assertThat(router.inFlight(group.slot("bot", Color.BLUE))).isEqualTo(InFlight.NONE);
      assertThat(router.cut(group.slot("bot", Color.BLUE))).isZero();
    }
  }

  private static Switch change(TrafficSplit from, TrafficSplit to, long generation, long fence) {
    return new Switch(from, to, generation, "d1", fence, Duration.ofSeconds(5));
  }

  private static void refused(EmbeddedShop shop, Switch change, Effect effect, String message) {
    assertThatExceptionOfType(RouterException.class)
        .isThrownBy(() -> shop.router.apply(change))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.effect()).isEqualTo(effect));
  }

  private static void refusedToOpen(Service service, String... parts) {
    try (EmbeddedRouter router = EmbeddedRouter.create()) {
      Group group = new Group("shop", List.of(service));
      assertThatExceptionOfType(RouterException.class)
          .isThrownBy(() -> router.open(new Router.Opening(group, Optional.empty(), 0)))
          .satisfies(e -> assertThat(e).hasMessageContainingAll(parts));
    }
  }
}
