package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Release;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.Service;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.contract.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One service behind a HAProxy whose configuration a person edits, as remedies tell. */
final class EditedHaproxy implements AutoCloseable {
  /** Whether an application is well is not what is tested here. */
  private static final Probing QUICK =
      Probing.DEFAULT.every(Duration.ofMillis(20)).upTo(RealHaproxy.LONG).jitter(0);

  private static final Pattern QUOTED = Pattern.compile("(?<!\\w)'([^']+)'(?!\\w)");

  final Backends backends = new Backends("web");
  final RealHaproxy haproxy = new RealHaproxy();
  final Group group;
  private final InMemoryStateStore store = new InMemoryStateStore();
  private final boolean byServers;
  private int releases;

  private EditedHaproxy(boolean byServers, UnaryOperator<String> change) {
    this.byServers = byServers;
    Service web =
        Service.named("web")
            .blue(backends.endpoint("web", Color.BLUE))
            .green(backends.endpoint("web", Color.GREEN))
            .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort());
    group = new Group("shop", List.of(web));
    try (HaproxyRouter router = bare()) {
      RenderedHaproxy rendered = router.renderConfig(group);
      haproxy.config(change.apply(rendered.haproxyCfg()));
      if (!byServers) {
        haproxy.write("shop.map", rendered.map());
      }
    }
  }

  static EditedHaproxy map(UnaryOperator<String> change) {
    return new EditedHaproxy(false, change);
  }

  static EditedHaproxy server(UnaryOperator<String> change) {
    return new EditedHaproxy(true, change);
  }

  EditedHaproxy started() {
    try {
      haproxy.start();
    } catch (IllegalStateException e) {
      backends.close();
      throw e;
    }
    return this;
  }

  HaproxyRouter bare() {
    return byServers
        ? HaproxyRouter.server(haproxy.dir.resolve("shop.state"), haproxy.api())
        : HaproxyRouter.map(haproxy.dir.resolve("shop.map"), haproxy.api());
  }

  HaproxyRouter whole() {
    return bare().master(haproxy.master()).configuration(haproxy.dir.resolve("haproxy.cfg"));
  }

  String address(Color color) {
    return backends.endpoint("web", color).substring("http://".length());
  }

  RouterReport opened() {
    try (HaproxyRouter router = whole()) {
      return open(router);
    }
  }

  RouterReport open(HaproxyRouter router) {
    return router.open(new Opening(group, Optional.empty(), 0));
  }

  /** Returns the remedy with which opening is refused, for that reason. */
  String refused(String why) {
    try (HaproxyRouter router = whole()) {
      RouterException e = catchThrowableOfType(RouterException.class, () -> open(router));
      assertThat(e).isNotNull();
      assertThat(e).hasMessageContaining(why).hasMessageContaining("; remedy: ");
      assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
      String message = e.getMessage();
      return message.substring(message.indexOf("; remedy: ") + "; remedy: ".length());
    }
  }

  /** Returns the remedy of the warning that says this. */
  String warned(String what) {
    return warning(opened(), what).remedy();
  }

  /** Returns what a report warns of, without what is wrong with this version of HAProxy. */
  static List<RouterReport.Warning> warnings(RouterReport report) {
    return report.warnings().stream()
        .filter(warning -> !warning.what().contains("the master of HAProxy 3."))
        .toList();
  }

  static RouterReport.Warning warning(RouterReport report, String what) {
    List<RouterReport.Warning> told =
        report.warnings().stream().filter(warning -> warning.what().contains(what)).toList();
    assertThat(told).as(what + " in " + report.warnings()).hasSize(1);
    return told.get(0);
  }

  /** Returns what a remedy has in quotes, one after the other. */
  static List<String> quoted(String remedy) {
    return QUOTED.matcher(remedy).results().map((MatchResult m) -> m.group(1)).toList();
  }

  /** Writes another configuration, and does not reload. */
  void edit(UnaryOperator<String> change) {
    String before = haproxy.read("haproxy.cfg");
    String after = change.apply(before);
    assertThat(after).as("what the remedy names is there to be edited").isNotEqualTo(before);
    haproxy.write("haproxy.cfg", after);
  }

  /** Edits the configuration and reloads. */
  void follow(UnaryOperator<String> change) {
    edit(change);
    haproxy.reloaded();
  }

  /** Gives backend web these servers and no others. */
  void servers(List<String> lines) {
    follow(
        config -> {
          int begin = config.indexOf("\nbackend web\n");
          String head = config.substring(0, begin);
          String own = config.substring(begin).replaceAll("(?m)^ *server .*\n", "");
          return head + own.stripTrailing() + "\n    " + String.join("\n    ", lines) + "\n";
        });
  }

  /** A deployment is promoted, and a reload still serves it. */
  void endsWell(RouterGuarantee... without) {
    endsWell(whole(), without);
  }

  void endsWell(HaproxyRouter router, RouterGuarantee... without) {
    Color before = Color.valueOf(seen().toUpperCase(Locale.ROOT));
    try (BlueGreenManager manager = manager(router, without)) {
      releases++;
      DeploymentResult result = manager.deployNewVersion(Release.of("1." + releases));
      assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.PROMOTED);
    }
    assertThat(seen()).isEqualTo(before.other().label());
    haproxy.reloaded();
    assertThat(seen()).isEqualTo(before.other().label());
  }

  void settle(RecoveryChoice how, RouterGuarantee... without) {
    try (BlueGreenManager manager = manager(whole(), without)) {
      manager.recover(how, "alice");
    }
  }

  DeploymentResult run(Operation operation, RouterGuarantee... without) {
    try (BlueGreenManager manager = manager(whole(), without)) {
      return manager.run(operation);
    }
  }

  private BlueGreenManager manager(HaproxyRouter router, RouterGuarantee... without) {
    DeploymentPolicy policy =
        Arrays.stream(without)
            .reduce(
                DeploymentPolicy.DEFAULT.probing(QUICK),
                DeploymentPolicy::acceptWithout,
                (first, last) -> last);
    return BlueGreenManager.builder("shop")
        .service(group.service("web"))
        .router(router)
        .healthCheck(HttpHealthCheck.get("/"))
        .store(store)
        .policy(policy)
        .build();
  }

  String seen() {
    try (BrowserClient visitor =
        new BrowserClient(group.service("web").frontDoor().orElseThrow().getPort(), false)) {
      return visitor.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    haproxy.close();
    backends.close();
  }
}
