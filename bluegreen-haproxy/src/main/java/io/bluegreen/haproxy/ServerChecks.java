package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Guarantee;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of a configuration weakens or forbids server mode. */
final class ServerChecks {
  /** What takes every weight at runtime; the others refuse it, or do not count by weight. */
  private static final Set<String> DYNAMIC = Set.of("roundrobin", "random", "leastconn");

  private final Group group;
  private final boolean recorded;
  private final Path stateFile;
  private final Optional<Path> configuration;

  /**
   * Looks at nothing yet.
   *
   * @param recorded whether the state file has a split already, which overrides configured weights
   */
  ServerChecks(Group group, Path stateFile, Optional<Path> configuration, boolean recorded) {
    this.group = group;
    this.recorded = recorded;
    this.stateFile = stateFile;
    this.configuration = configuration;
  }

  void run(RuntimeApi api, Findings findings) throws IOException {
    if (!recorded) {
      configured(api.servers());
    }
    for (Service service : group.routed()) {
      backend(api.stats(service.name()), service, findings);
    }
    findings.costs(
        Guarantee.ATOMIC_GROUP,
        "in server mode services are switched one after the other, each in several commands",
        "use map mode, or accept it by name");
    findings.costs(
        Guarantee.NO_STALE,
        "a former worker takes no command for a server: what it has accepted before a reload it"
            + " still sends by the weights of that time",
        "use map mode, or accept it by name");
    written(findings);
  }

  /** As long as nothing was recorded, a start serves by these weights, and we call that blue. */
  private void configured(List<ServerState> servers) {
    for (Service service : group.routed()) {
      List<String> green =
          servers.stream()
              .filter(s -> s.backend().equals(service.name()) && s.configured() > 0)
              .map(ServerState::server)
              .filter(name -> name.startsWith(Color.GREEN.label()))
              .toList();
      if (!green.isEmpty()) {
        throw refused(
            "backend " + service + " is configured to give traffic to " + green + " at each start",
            "configure 'weight 0' on them, and reload");
      }
      if (servers.stream()
          .filter(s -> s.backend().equals(service.name()) && s.configured() > 0)
          .noneMatch(s -> s.server().startsWith(Color.BLUE.label()))) {
        throw refused(
            "backend " + service + " is configured to give no traffic to blue at a start",
            "configure a weight on its blue servers, and reload");
      }
    }
  }

  private void backend(List<StatRow> rows, Service service, Findings findings) {
    for (StatRow row : rows) {
      if (row.isServer() && row.number("bck") > 0) {
        throw refused(
            row.proxy() + "/" + row.name() + " is a backup server, which takes no share",
            "remove 'backup' from it");
      }
      String algorithm = row.get("algo");
      if (row.isBackend() && !algorithm.isEmpty() && !DYNAMIC.contains(algorithm)) {
        throw refused(
            "backend "
                + row.proxy()
                + " balances by "
                + Replies.shown(algorithm)
                + ", which takes no weights at runtime",
            "configure 'balance roundrobin'");
      }
      if (row.isBackend() && !algorithm.isEmpty() && !algorithm.equals("roundrobin")) {
        findings.warn(
            "backend " + row.proxy() + " balances by " + algorithm + ", which makes shares rough",
            "configure 'balance roundrobin'");
      }
      if (row.isBackend() && !row.get("cookie").isEmpty()) {
        findings.costs(
            Guarantee.NO_STALE,
            "backend "
                + service
                + " binds users to a server by a cookie, also when its weight is 0",
            "remove 'cookie' from it, or use map mode");
      }
    }
  }

  /** HAProxy can't be asked for any of this, but its configuration can be read. */
  private void written(Findings findings) throws IOException {
    if (configuration.isEmpty()) {
      findings.costs(
          Guarantee.RELOAD_SAFE,
          "HAProxy can't be asked whether it loads "
              + stateFile
              + ", nor for slowstart, use-server and stick rules",
          "name its configuration with configuration(...)");
      return;
    }
    ConfigFile config = ConfigFile.read(configuration.get());
    List<String> unloaded =
        group.routed().stream().map(Service::name).filter(name -> !loads(config, name)).toList();
    if (!unloaded.isEmpty() || !last(config.global(), "server-state-file").equals(stateFile())) {
      findings.costs(
          Guarantee.RELOAD_SAFE,
          configuration.get()
              + " does not load "
              + stateFile
              + (unloaded.isEmpty() ? "" : " for the backends " + unloaded),
          "add 'server-state-file "
              + stateFile
              + "' to global and 'load-server-state-from-file global' to defaults");
    }
    group.routed().forEach(service -> rules(config.backend(service.name()), service, findings));
  }

  private Optional<String> stateFile() {
    return Optional.of(stateFile.toString());
  }

  private static boolean loads(ConfigFile config, String backend) {
    List<List<String>> lines = config.backend(backend);
    // The first one is the backend's own, if it has one.
    return lines.stream()
        .filter(line -> line.get(0).equals("load-server-state-from-file"))
        .findFirst()
        .filter(line -> line.equals(List.of("load-server-state-from-file", "global")))
        .isPresent();
  }

  private static Optional<String> last(List<List<String>> lines, String keyword) {
    return lines.stream()
        .filter(line -> line.get(0).equals(keyword) && line.size() == 2)
        .map(line -> line.get(1))
        .reduce((former, later) -> later);
  }

  private static void rules(List<List<String>> lines, Service service, Findings findings) {
    if (lines.stream().anyMatch(line -> line.contains("slowstart"))) {
      findings.warn(
          "backend "
              + service
              + " has a slowstart, by which a server that came up has less than its share at first",
          "remove 'slowstart' from its servers");
    }
    if (lines.stream().anyMatch(line -> line.get(0).equals("use-server"))) {
      findings.warn(
          "backend " + service + " has use-server rules, which send past every weight",
          "remove them, or use map mode");
    }
    if (lines.stream()
        .anyMatch(line -> line.get(0).equals("stick") && !line.contains("store-request"))) {
      findings.warn(
          "backend "
              + service
              + " binds users to a server by a stick rule, also when its weight is 0",
          "remove it, or use map mode");
    }
  }

  private static RouterException refused(String what, String remedy) {
    return new RouterException(what + "; remedy: " + remedy, Effect.UNCHANGED);
  }
}
