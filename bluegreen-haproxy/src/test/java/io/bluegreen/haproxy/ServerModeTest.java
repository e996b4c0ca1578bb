package io.bluegreen.haproxy;

import static io.bluegreen.haproxy.ServerModeOpening.change;
import static io.bluegreen.haproxy.ServerModeOpening.opened;
import static io.bluegreen.haproxy.ServerModeOpening.refused;
import static io.bluegreen.haproxy.ServerModeOpening.warned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.TrafficSplit;
import org.junit.jupiter.api.Test;

/** The router in server mode, on the real HAProxy. */
class ServerModeTest {
  @Test
  void itSaysWhatItDoesNotPromise() {
    try (ServerProxy proxy = new ServerProxy(2);
        HaproxyRouter router = proxy.router();
        HaproxyRouter unread =
            HaproxyRouter.server(proxy.state(), proxy.haproxy.api())
                .master(proxy.haproxy.master())) {
      assertThat(opened(proxy, router).guarantees())
          .containsExactlyInAnyOrder(
              RouterGuarantee.LOSSLESS, RouterGuarantee.RELOAD_SAFE, RouterGuarantee.DRAIN_KNOWN);
      assertThat(opened(proxy, unread).guarantees())
          .containsExactlyInAnyOrder(RouterGuarantee.LOSSLESS, RouterGuarantee.DRAIN_KNOWN);
    }
  }

  @Test
  void aSplitSurvivesReloadAndRestart() {
    try (ServerProxy proxy = new ServerProxy(2);
        HaproxyRouter router = proxy.router()) {
      opened(proxy, router);
      TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit some = blue.with("web", Color.GREEN, 25).with("api", Color.GREEN, 100);
      assertThat(((Known) router.current()).unassigned()).containsExactlyInAnyOrder("api", "web");
      assertThat(router.plan(change(blue, some, 1)))
          .contains("set server api/green1 weight 100", "set server api/blue1 weight 0")
          .anyMatch(line -> line.startsWith("+") && line.contains(" web 2 green1 "));
      router.apply(change(blue, some, 1));
      proxy.haproxy.reloaded();
      assertThat(((Known) router.current()).running()).isEqualTo(some);
      proxy.restart();
      Known truth = (Known) router.current();
      assertThat(truth.wholly(some)).isTrue();
      assertThat(truth.generation()).isEqualTo(1);
      assertThat(truth.drift()).isEmpty();
    }
  }

  @Test
  void aSwitchThatWasKilledBetweenTwoCommandsCanBeFinished() {
    try (ServerProxy proxy = new ServerProxy(2);
        HaproxyRouter router = proxy.router()) {
      opened(proxy, router);
      TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
      router.apply(change(blue, green, 1));
      // Killed when it had recorded green, and set the first weight that grows.
      proxy.haproxy.api().setWeight("web", "green1", 0);
      proxy.haproxy.api().setWeight("web", "blue1", 100);
      proxy.haproxy.api().setWeight("api", "blue1", 100);
      assertThat(((Known) router.current()).running().share("api", Color.GREEN)).isEqualTo(50);
      router.apply(change(blue, green, 2));
      assertThat(((Known) router.current()).wholly(green)).isTrue();
      proxy.haproxy.api().setWeight("api", "green1", 33);
      proxy.haproxy.api().setWeight("api", "blue1", 34);
      assertThatThrownBy(() -> router.apply(change(green, blue, 3)))
          .hasMessageContaining("serves neither");
    }
  }

  @Test
  void aServerThatAPersonTookOutIsToldAndNoServerAtAllIsUnreachable() {
    try (ServerProxy proxy = new ServerProxy(1);
        HaproxyRouter router = proxy.router()) {
      opened(proxy, router);
      proxy.haproxy.api().setState("web", "green1", AdminState.MAINT);
      assertThat(((Known) router.current()).drift())
          .extracting(Drift::kind)
          .containsExactly(Drift.Kind.MAINTENANCE);
      proxy.haproxy.api().setState("web", "blue1", AdminState.DRAIN);
      assertThat(router.current()).isInstanceOf(io.bluegreen.RouterTruth.Unreachable.class);
    }
  }

  @Test
  void whatWouldBreakAPromiseIsFoundByOpen() {
    refused(config -> config.replace("balance roundrobin", "balance static-rr"), "static-rr");
    refused(config -> config.replace("weight 0", "weight 0 backup"), "backup");
    warned(config -> config.replace("balance roundrobin", "cookie S insert"), "cookie");
    warned(config -> config.replace("load-server-state-from-file global", ""), "does not load");
    // HAProxy's own word for it is "unknown"; from 3.3 on it is the default.
    warned(config -> config.replace("balance roundrobin", "balance random"), "by random, which");
    warned(config -> config.replace("balance roundrobin", "balance leastconn"), "rough");
  }
}
