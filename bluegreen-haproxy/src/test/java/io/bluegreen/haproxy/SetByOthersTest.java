package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What else sets the weight, state or address of a server is found, named, and not believed. */
class SetByOthersTest {
  private static RouterException failure(
      EditedHaproxy site, HaproxyRouter router, long generation) {
    TrafficSplit blue = TrafficSplit.all(site.group, Color.BLUE);
    TrafficSplit green = TrafficSplit.all(site.group, Color.GREEN);
    Duration within = Duration.ofSeconds(2);
    RouterException e =
        catchThrowableOfType(
            RouterException.class,
            () -> router.apply(new Switch(blue, green, generation, "d", 1, within)));
    assertThat(e).isNotNull();
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(site.seen()).isEqualTo("blue");
    return e;
  }

  private static List<String> drift(HaproxyRouter router) {
    return ((Known) router.current())
        .drift().stream()
            .filter(drift -> drift.kind() == Drift.Kind.MAINTENANCE)
            .map(Drift::detail)
            .toList();
  }

  /** An agent that says 50% gives half of the configured weight back, 0 for green: all 503. */
  @Test
  void agentInServerModeIsRefusedAtOpenAndByEachSwitch() throws IOException {
    try (CheckAgent agent = new CheckAgent("50%");
        EditedHaproxy site = EditedHaproxy.server(UnaryOperator.identity())) {
      site.haproxy.config(
          site.haproxy.read("haproxy.cfg").replace("weight 0", "weight 0" + agent.options()));
      site.started();
      String remedy = site.refused("an agent sets the weights of [web/green1, ");
      assertThat(remedy).contains("remove 'agent-check'");
      String with = site.haproxy.read("haproxy.cfg");
      site.follow(config -> config.replace(" agent-check", ""));
      try (HaproxyRouter router = site.whole()) {
        assertThat(site.open(router).guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
        // It comes back while the router is open.
        site.haproxy.write("haproxy.cfg", with);
        assertThat(EditedHaproxy.warning(site.opened(), "behind the next reload an agent").what())
            .contains("haproxy.cfg line ");
        site.haproxy.reloaded();
        assertThat(failure(site, router, 1)).hasMessageContaining("an agent sets the weights");
        assertThat(drift(router)).anyMatch(detail -> detail.contains("web/green1 obeys an agent"));
      }
      site.follow(config -> config.replace(" agent-check", ""));
      site.endsWell(RouterGuarantee.NO_STALE);
    }
  }

  @Test
  void agentInMapModeIsNamedAndWhatItTakesOutGetsNoTraffic() throws IOException {
    try (CheckAgent agent = new CheckAgent("drain");
        EditedHaproxy site =
            EditedHaproxy.map(
                config ->
                    config.replaceAll(
                        "(backend web_green\n *server .*)", "$1" + agent.options()))) {
      site.started();
      await().until(() -> site.haproxy.api().servers("web_green").get(0).draining());
      try (HaproxyRouter router = site.whole()) {
        RouterReport report = site.open(router);
        assertThat(EditedHaproxy.warning(report, "an agent sets").what())
            .contains("web_green/s1", "haproxy.cfg line ");
        assertThat(failure(site, router, 1)).hasMessageContaining("web_green/s1");
        agent.says("ready 0%");
        await().until(() -> site.haproxy.api().servers("web_green").get(0).weight() == 0);
        await().until(() -> site.haproxy.api().servers("web_green").get(0).inService());
        assertThat(failure(site, router, 2)).hasMessageContaining("without weight");
        assertThat(drift(router)).singleElement().asString().contains("web_green/s1", "weight 0");
      }
      assertThat(site.refused("have the weight 0")).contains("remove 'weight 0'");
      agent.says("up 100%");
      await().until(() -> site.haproxy.api().servers("web_green").get(0).weight() > 0);
      site.endsWell();
    }
  }

  @Test
  void configuredWeightsOfZeroInMapModeAreRefusedUntilTheyAreRemoved() {
    try (EditedHaproxy site =
        EditedHaproxy.map(c -> c.replaceAll("(backend web_green\n *server .*)", "$1 weight 0"))) {
      site.started();
      assertThat(EditedHaproxy.quoted(site.refused("with which HAProxy answers 503")))
          .containsExactly("weight 0");
      site.follow(config -> config.replace(" weight 0", ""));
      site.endsWell();
    }
  }

  @Test
  void whatTheConfigurationLetsOthersSetIsNamedWithItsLine() {
    UnaryOperator<String> change =
        config ->
            config
                    .replace(
                        "fall 2 rise 2",
                        "fall 2 rise 2 observe layer4 on-marked-down shutdown-sessions")
                    .replaceAll(
                        "(backend web_green\n *server .*)",
                        "$1 no-check track web_blue/s1 backup init-addr libc resolvers ns\n"
                            + "    option persist\n    load-server-state-from-file global")
                + "\nresolvers ns\n    nameserver a 127.0.0.1:9\n";
    try (EditedHaproxy site = EditedHaproxy.map(change).started()) {
      RouterReport report = site.opened();
      assertThat(report.guarantees())
          .doesNotContain(RouterGuarantee.NO_STALE, RouterGuarantee.LOSSLESS);
      for (String what :
          List.of(
              "web_blue takes servers out after errors",
              "web_blue ends what is in flight",
              "web_green/s1 that of web_blue/s1",
              "are backup servers",
              "whose address DNS sets",
              "option persist",
              "come from a state file")) {
        assertThat(report.warnings())
            .as(what)
            .anyMatch(w -> w.what().contains(what) && w.remedy().contains("reload"));
      }
      // All of it is undone, as the remedies say.
      site.follow(
          config ->
              config
                  .replace(" observe layer4 on-marked-down shutdown-sessions", "")
                  .replace(
                      " no-check track web_blue/s1 backup init-addr libc resolvers ns", " check")
                  .replace("\n    option persist\n    load-server-state-from-file global", ""));
      assertThat(EditedHaproxy.warnings(site.opened())).isEmpty();
      site.endsWell();
    }
  }

  @Test
  void ruleThatKeepsEveryRequestFromTheMapIsRefused() {
    try (EditedHaproxy site = EditedHaproxy.map(UnaryOperator.identity())) {
      site.edit(
          config ->
              config.replace(
                      "    use_backend web_green",
                      "    use_backend web_blue_x\n    use_backend web_green")
                  + "\nbackend web_blue_x\n    server s1 "
                  + site.address(Color.BLUE)
                  + "\n");
      site.started();
      assertThat(site.refused("no request gets to the backends")).startsWith("remove this line");
      site.follow(config -> config.replace("    use_backend web_blue_x\n", ""));
      site.follow(
          config ->
              config.replace(
                  "    http-request set-var(txn.green)",
                  "    http-request set-var(txn.split) str(0:0)\n"
                      + "    http-request set-var(txn.green)"));
      assertThat(site.warned("overrides what the map says")).startsWith("remove this line");
      site.follow(config -> config.replace("    http-request set-var(txn.split) str(0:0)\n", ""));
      // A second door that was left as it was.
      site.follow(
          config ->
              config
                  + "\nfrontend tls\n    bind 127.0.0.1:"
                  + RealHaproxy.freePort()
                  + "\n    default_backend web_blue\n");
      assertThat(site.warned("sends its users to one colour")).startsWith("look the map up in it");
      site.endsWell();
    }
  }

  /** What is rendered, and what people have who follow HAProxy's own advice, gives no alarm. */
  @Test
  void usualConfigurationsGiveNoFalseAlarm() throws IOException {
    Group group;
    try (EditedHaproxy site = EditedHaproxy.map(UnaryOperator.identity())) {
      group = site.group;
      try (HaproxyRouter router = site.whole()) {
        for (RenderOptions options :
            List.of(
                RenderOptions.defaults(),
                RenderOptions.defaults()
                    .stickyCookie("sid")
                    .healthPath("/health")
                    .preview("X-Preview", "127.0.0.0/8")
                    .direct("web", Color.GREEN, "127.0.0.1:1"))) {
          alarms(
              new MapMode(group, new RecordFile(site.haproxy.dir.resolve("shop.map"))),
              router.renderConfig(group, options).haproxyCfg());
        }
      }
    }
    ServerMode servers = new ServerMode(group, new RecordFile(Path.of("/run/shop.state")));
    alarms(
        servers,
        """
        global
            server-state-file /run/shop.state
        defaults
            mode http
            option redispatch
            retries 3
            load-server-state-from-file global
        frontend front
            bind :80
            acl trusted src 127.0.0.0/8
            redirect scheme https if { hdr(host) old }
            use_backend web_asked if trusted { req.hdr(x-preview) green }
            default_backend web
        backend web
            balance roundrobin
            option httpchk GET /
            default-server check inter 1s fastinter 200ms fall 2 rise 2 maxconn 100
            server blue 127.0.0.1:1 weight 100
            server green 127.0.0.1:2 weight 0
        backend web_asked
            server s1 127.0.0.1:2 track web/green
        """);
    alarms(
        new MapMode(group, new RecordFile(Path.of("/etc/haproxy/plan.map"))),
        """
        frontend front
            http-request set-var(txn.svc) req.hdr(host),field(1,:),lower,map_str(/etc/haproxy/services.map,none)
            http-request set-var(txn.plan) str(web),map_str(/etc/haproxy/plan.map,"0:0")
            http-request set-var(txn.col) str(blue)
            http-request set-var(txn.col) str(green) if { rand(100),sub(txn.pct) lt 0 }
            use_backend %[var(txn.svc)]_%[var(txn.col)]
            default_backend no_route
        backend web_blue
            cookie SRV insert indirect nocache
            server s1 127.0.0.1:1 cookie s1
        """);
  }

  @Test
  void backendThatTriesNoOtherServerIsTold() throws IOException {
    Group group =
        new Group(
            "shop",
            List.of(
                Service.named("web")
                    .blue("http://127.0.0.1:1", "http://127.0.0.1:2")
                    .green("http://127.0.0.1:3")));
    String config =
        "defaults\n    option redispatch\nbackend web_blue\n    no option redispatch\n"
            + "    server s1 127.0.0.1:1\n    server s2 127.0.0.1:2\n"
            + "backend web_green\n    server s1 127.0.0.1:3\n";
    RoutingMode scheme = new MapMode(group, new RecordFile(Path.of("/m")));
    OpenFindings findings = new OpenFindings();
    ConfigFile file = ConfigFile.of(Path.of("haproxy.cfg"), config);
    new ConfigChecks(scheme, file).run(findings);
    RouterReport report = findings.report();
    assertThat(report.warnings()).hasSize(1);
    String line =
        EditedHaproxy.quoted(
                EditedHaproxy.warning(report, "web_blue does not try another").remedy())
            .get(0);
    alarms(scheme, config.replace("no option redispatch", line));
  }

  private static void alarms(RoutingMode scheme, String config) throws IOException {
    OpenFindings findings = new OpenFindings();
    new ConfigChecks(scheme, ConfigFile.of(Path.of("haproxy.cfg"), config)).run(findings);
    assertThat(findings.report().warnings()).isEmpty();
  }
}
