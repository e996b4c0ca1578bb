package io.bluegreen.haproxy;

import static io.bluegreen.haproxy.ServerModeOpening.change;
import static io.bluegreen.haproxy.ServerModeOpening.opened;
import static io.bluegreen.haproxy.ServerModeOpening.refused;
import static io.bluegreen.haproxy.ServerModeOpening.warned;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.TrafficSplit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server mode works on configurations that somebody else has written, and goes on changing. */
class ServerModeConfigTest {
  private static final String BALANCE = "balance roundrobin";

  private static List<Drift.Kind> kinds(HaproxyRouter router) {
    return ((Known) router.current()).drift().stream().map(Drift::kind).toList();
  }

  private static UnaryOperator<String> web(String what, String instead) {
    // Of the two backends only that of web.
    return config -> {
      int web = config.indexOf("\nbackend web");
      return config.substring(0, web) + config.substring(web).replaceFirst(what, instead);
    };
  }

  @Test
  void whatTakesAShareBesideTheColoursIsRefused() {
    refused(web(BALANCE, BALANCE + "\n    server canary 127.0.0.1:9 weight 50"), "web/canary");
    refused(web("weight 100", "weight 0"), "traffic to no server");
  }

  @Test
  void whatGoesPastTheWeightsIsTold() {
    warned(web(BALANCE, BALANCE + "\n    use-server blue1 if { path /blue }"), "use-server");
    warned(
        web(BALANCE, BALANCE + "\n    stick-table type ip size 1k\n    stick on src"),
        "stick rule");
    warned(web("weight 100", "weight 100 slowstart 5s"), "slowstart");
    warned(web("weight 0", "weight 0 disabled"), "web/green1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "local"})
  void aStateFileThatOneBackendDoesNotLoadIsNotReloadSafe(String from) {
    try (ServerProxy proxy =
            new ServerProxy(
                1, web(BALANCE, BALANCE + "\n    load-server-state-from-file " + from));
        HaproxyRouter router = proxy.router()) {
      RouterReport report = opened(proxy, router);
      assertThat(report.guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
      assertThat(report.warnings()).anyMatch(warning -> warning.what().contains("[web]"));
    }
  }

  @Test
  void defaultsThatStandBehindOrAreNamedByOthersCount() {
    try (ServerProxy proxy =
            new ServerProxy(
                1,
                config ->
                    config
                        .replace("\ndefaults", "\ndefaults base")
                        .replace(
                            "\nbackend web",
                            "\ndefaults later\n    mode http\n\nbackend web from base"));
        HaproxyRouter router = proxy.router()) {
      assertThat(opened(proxy, router).guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
    }
    try (ServerProxy proxy =
            new ServerProxy(
                1,
                config ->
                    config.replace(
                        "\nbackend web",
                        "\n"
                            + "defaults\n"
                            + "    mode http\n"
                            + "    timeout connect 1s\n"
                            + "    timeout server 9s\n\n"
                            + "backend web"));
        HaproxyRouter router = proxy.router()) {
      assertThat(opened(proxy, router).guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
    }
  }

  @Test
  void aConfigurationBehindALinkAndInAnyLettersIsRead() throws Exception {
    try (ServerProxy proxy = new ServerProxy(1);
        HaproxyRouter router = proxy.router()) {
      Path link = proxy.haproxy.dir.resolve("haproxy.cfg");
      String latin = proxy.haproxy.read("haproxy.cfg") + "# caf\u00e9\n";
      Path file =
          Files.write(
              proxy.haproxy.dir.resolve("real.cfg"), latin.getBytes(StandardCharsets.ISO_8859_1));
      Files.delete(link);
      Files.createSymbolicLink(link, file);
      assertThat(opened(proxy, router).guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
    }
  }

  @Test
  void whatAPersonTookOutForAWhileIsNotTakenOutForEverByTheRecord() {
    for (AdminState out : List.of(AdminState.MAINT, AdminState.DRAIN)) {
      try (ServerProxy proxy = new ServerProxy(1);
          HaproxyRouter router = proxy.router()) {
        opened(proxy, router);
        TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
        TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
        proxy.haproxy.api().setState("web", "blue1", out);
        router.apply(change(blue, green, 1));
        proxy.haproxy.api().setState("web", "blue1", AdminState.READY);
        proxy.haproxy.reloaded();
        assertThat(kinds(router)).isEmpty();
        router.apply(change(green, blue, 2));
        assertThat(((Known) router.current()).wholly(blue)).isTrue();
      }
    }
  }

  @Test
  void driftIsToldByItsKind() throws Exception {
    try (ServerProxy proxy = new ServerProxy(2);
        HaproxyRouter router = proxy.router()) {
      opened(proxy, router);
      TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
      router.apply(change(blue, green, 1));
      assertThat(kinds(router)).isEmpty();
      RuntimeApi api = proxy.haproxy.api();

      api.setWeight("web", "blue1", 100);
      assertThat(kinds(router))
          .containsExactly(Drift.Kind.RUNNING_DIFFERS, Drift.Kind.DURABLE_DIFFERS);
      api.setWeight("web", "blue1", 0);

      String whole = proxy.haproxy.read("shop.state");
      proxy.haproxy.write("shop.state", whole + "# a word\n");
      assertThat(kinds(router)).containsExactly(Drift.Kind.FILE_EDITED);
      proxy.haproxy.write("shop.state", whole.substring(0, whole.indexOf("# sum")));
      assertThat(kinds(router)).containsExactly(Drift.Kind.FILE_TORN);
      proxy.haproxy.write("shop.state", whole.replace("group shop", "group other"));
      assertThat(kinds(router)).containsExactly(Drift.Kind.FOREIGN_MARK);
      proxy.haproxy.write("shop.state", whole);

      api.setState("web", "blue1", AdminState.DRAIN);
      assertThat(kinds(router)).containsExactly(Drift.Kind.MAINTENANCE);
      api.setState("web", "blue1", AdminState.READY);

      try (RuntimeApiLater hand = new RuntimeApiLater(proxy.haproxy)) {
        hand.send("add server web/canary 127.0.0.1:9 weight 10");
        org.awaitility.Awaitility.await()
            .untilAsserted(
                () -> assertThat(kinds(router)).containsExactly(Drift.Kind.UNKNOWN_TARGET));
      }
    }
  }

  /** HAProxy takes a recorded weight only where the configured one is as it was. */
  @Test
  void aConfiguredWeightThatWasChangedIsToldBehindTheReloadAndMendedByTheNextSwitch() {
    try (ServerProxy proxy = new ServerProxy(1);
        HaproxyRouter router = proxy.router()) {
      opened(proxy, router);
      TrafficSplit blue = TrafficSplit.all(proxy.group(), Color.BLUE);
      TrafficSplit green = TrafficSplit.all(proxy.group(), Color.GREEN);
      router.apply(change(blue, green, 1));
      String config = proxy.haproxy.read("haproxy.cfg");
      proxy.haproxy.write("haproxy.cfg", config.replace("weight 100", "weight 50"));
      proxy.haproxy.reloaded();
      assertThat(kinds(router)).contains(Drift.Kind.RUNNING_DIFFERS);
      router.apply(change(((Known) router.current()).running(), green, 2));
      proxy.haproxy.reloaded();
      assertThat(((Known) router.current()).wholly(green)).isTrue();
      assertThat(kinds(router)).isEmpty();
    }
  }
}
