package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.FaultyRelay.Fault;
import io.bluegreen.testing.contract.Backends;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Server mode makes a split of several commands: what comes in between, and what it refuses. */
@Tag("long")
class ServerModeAttackTest {
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private long generation;

  private Switch change(TrafficSplit from, TrafficSplit to, Duration within) {
    generation++;
    return new Switch(from, to, generation, "d-" + generation, 1, within);
  }

  private static HaproxyRouter opened(HaproxyRouter router, Group group) {
    router.open(new Opening(group, Optional.empty(), 0));
    return router;
  }

  private static TrafficSplit running(HaproxyRouter router) {
    return ((Known) router.current()).running();
  }

  @Test
  void trafficIsNotMovedToServersThatAPersonTookOut() throws Exception {
    try (ServerProxy proxy = new ServerProxy(2);
        HaproxyRouter router = opened(proxy.router(), proxy.group())) {
      TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
      proxy.haproxy.api().setState("web", "green1", AdminState.DRAIN);
      RouterException e =
          catchThrowableOfType(
              RouterException.class, () -> router.apply(change(blue, green, WITHIN)));
      assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
      assertThat(e).hasMessageContaining("green1");
      try (BrowserClient web = new BrowserClient(port(proxy, "web"), true)) {
        assertThat(web.get()).isEqualTo("blue");
      }
      proxy.haproxy.api().setState("web", "green1", AdminState.READY);
      router.apply(change(blue, green, WITHIN));
      assertThat(running(router)).isEqualTo(green);
    }
  }

  @Test
  void aServerThatIsOutOfServiceAmongOthersOnlyForbidsWhatItWouldMakeUntrue() throws Exception {
    try (Backends first = new Backends("web");
        Backends second = new Backends("web");
        RealHaproxy haproxy = new RealHaproxy()) {
      Service web =
          Service.named("web")
              .blue(first.endpoint("web", Color.BLUE), second.endpoint("web", Color.BLUE))
              .green(first.endpoint("web", Color.GREEN), second.endpoint("web", Color.GREEN))
              .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort());
      Group group = new Group("shop", List.of(web));
      try (HaproxyRouter router =
          HaproxyRouter.server(haproxy.dir.resolve("shop.state"), haproxy.api())
              .master(haproxy.master())) {
        haproxy.config(router.renderConfig(group).haproxyCfg());
        haproxy.start();
        opened(router, group);
        TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
        TrafficSplit green = TrafficSplit.all(group, Color.GREEN);
        haproxy.api().setState("web", "green2", AdminState.MAINT);
        RouterException e =
            catchThrowableOfType(
                RouterException.class,
                () -> router.apply(change(blue, blue.with("web", Color.GREEN, 50), WITHIN)));
        assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
        assertThat(e).hasMessageContaining("green2");
        router.apply(change(blue, green, WITHIN));
        assertThat(running(router)).isEqualTo(green);
        haproxy.api().setState("web", "green2", AdminState.READY);
        assertThat(running(router)).isEqualTo(green);
        router.apply(change(green, blue.with("web", Color.GREEN, 50), WITHIN));
        assertThat(running(router)).isEqualTo(blue.with("web", Color.GREEN, 50));
      }
    }
  }

  @Test
  void aLateSwitchOfAnEarlierGenerationIsRefused() {
    try (ServerProxy proxy = new ServerProxy(1);
        HaproxyRouter router = opened(proxy.router(), proxy.group())) {
      TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
      Switch late = change(green, blue, WITHIN);
      router.apply(change(blue, green, WITHIN));
      RouterException e = catchThrowableOfType(RouterException.class, () -> router.apply(late));
      assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
      assertThat(running(router)).isEqualTo(green);
    }
  }

  @Test
  void configuredWeightsThatGiveTrafficToGreenAreRefusedUntilASplitIsRecorded() {
    try (ServerProxy proxy = new ServerProxy(1, config -> config.replace("weight 0", "weight 50"));
        HaproxyRouter router = proxy.router()) {
      RouterException e =
          catchThrowableOfType(RouterException.class, () -> opened(router, proxy.group()));
      assertThat(e).hasMessageContaining("green1").hasMessageContaining("weight 0");
    }
  }

  @Test
  void aSlowstartIsToldByItsConfiguration() {
    try (ServerProxy proxy =
            new ServerProxy(1, config -> config.replace("rise 2", "rise 2 slowstart 5s"));
        HaproxyRouter router = proxy.router()) {
      assertThat(router.open(new Opening(proxy.group(), Optional.empty(), 0)).warnings())
          .anyMatch(warning -> warning.what().contains("slowstart"));
    }
  }

  /** As a process that is killed there leaves it: whatever is served then, the next call mends. */
  @ParameterizedTest(name = "executed {0}, kept {1}")
  @CsvSource({"true, 0", "false, 0", "true, -1", "false, -1"})
  void aSwitchThatBreaksOffAtAnyCommandIsFinishedOrTakenBackByTheNext(boolean executed, int kept)
      throws Exception {
    try (ServerProxy proxy = new ServerProxy(2);
        FaultyRelay relay = new FaultyRelay(proxy.haproxy.dir.resolve("admin.sock"), false);
        HaproxyRouter observer = opened(proxy.router(), proxy.group());
        HaproxyRouter router =
            opened(
                HaproxyRouter.server(
                        proxy.state(), RuntimeApi.unix(relay.path()).within(Duration.ofMillis(200)))
                    .master(proxy.haproxy.master()),
                proxy.group())) {
      TrafficSplit live = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit next = TrafficSplit.all(proxy.group(), Color.GREEN);
      relay.heal();
      router.apply(change(live, next, WITHIN));
      int commands = relay.heal();
      assertThat(commands).isGreaterThan(7);
      for (int at = 0; at < commands; at++) {
        TrafficSplit from = running(observer);
        TrafficSplit to = from.equals(live) ? next : live;
        relay.plan(new Fault(at, true, executed, kept));
        catchThrowableOfType(
            RouterException.class, () -> router.apply(change(from, to, Duration.ofMillis(500))));
        relay.heal();
        TrafficSplit goal = at % 2 == 0 ? to : from;
        router.apply(change(goal.equals(to) ? from : to, goal, WITHIN));
        assertThat(((Known) observer.current()).wholly(goal)).as("command " + at).isTrue();
      }
    }
  }

  @Test
  void aPreviewAndADirectPortReachAColourWhateverTheWeightsAreAndAreNotCounted() throws Exception {
    int direct = RealHaproxy.freePort();
    try (Backends backends = new Backends("web");
        RealHaproxy haproxy = new RealHaproxy()) {
      Service web =
          Service.named("web")
              .blue(backends.endpoint("web", Color.BLUE))
              .green(backends.endpoint("web", Color.GREEN))
              .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort());
      Group group = new Group("shop", List.of(web));
      try (HaproxyRouter router =
          HaproxyRouter.server(haproxy.dir.resolve("shop.state"), haproxy.api())) {
        RenderOptions options =
            RenderOptions.defaults()
                .preview("X-Preview-Colour", "127.0.0.0/8")
                .direct("web", Color.GREEN, "127.0.0.1:" + direct);
        haproxy.config(router.renderConfig(group, options).haproxyCfg());
        haproxy.start();
        router.open(new Router.Opening(group, Optional.empty(), 0));
        TrafficMeter meter = router.meter().orElseThrow();
        try (BrowserClient door = new BrowserClient(web.frontDoor().orElseThrow().getPort(), true);
            BrowserClient green = new BrowserClient(direct, true)) {
          assertThat(door.get()).isEqualTo("blue");
          assertThat(door.get("X-Preview-Colour: green")).isEqualTo("green");
          assertThat(door.get("X-Preview-Colour: evil")).isEqualTo("blue");
          assertThat(green.get()).isEqualTo("green");
          Slot blue = group.slot("web", Color.BLUE);
          assertThat(meter.read().slots().get(blue).requests()).isEqualTo(2);
          assertThat(meter.read().slots().get(blue.other()).requests()).isZero();
        }
      }
    }
  }

  private static int port(ServerProxy proxy, String service) {
    return proxy.group().service(service).frontDoor().orElseThrow().getPort();
  }
}
