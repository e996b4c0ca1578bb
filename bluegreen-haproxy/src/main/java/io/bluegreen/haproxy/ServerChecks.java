package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the settings of a configuration that weaken or forbid server mode. */
final class ServerChecks {
  /** The statistics of all versions have no word for this algorithm, and call it unknown. */
  private static final String RANDOM = "random";

  /**
   * The algorithms that take every weight at runtime; the others refuse it, or do not count by
   * weight.
   */
  private static final Set<String> DYNAMIC = Set.of("roundrobin", RANDOM, "leastconn");

  private static final String LOADING = "load-server-state-from-file";

  private final ServerMode mode;
  private final OpenInspection seen;
  private final boolean recorded;

  /**
   * Creates the checks; nothing is read yet.
   *
   * @param recorded whether the state file has a split already; that overrides configured weights
   */
  ServerChecks(ServerMode mode, OpenInspection seen, boolean recorded) {
    this.mode = mode;
    this.seen = seen;
    this.recorded = recorded;
  }

  void run(OpenFindings findings) {
    mode.ours(seen.servers(), server -> seen.where(server, "agent-check"));
    for (Service service : mode.group().routed()) {
      if (!recorded) {
        configured(service);
      }
    }
    seen.rows().forEach(row -> balanced(row, findings));
    findings.costs(
        RouterGuarantee.ATOMIC_GROUP,
        "in server mode services are switched one after the other, each in several commands",
        "use map mode, or accept it by name");
    findings.costs(
        RouterGuarantee.NO_STALE,
        "a former worker takes no command for a server: what it has accepted before a reload it"
            + " still sends by the weights of that time",
        "use map mode, or accept it by name");
    written(findings);
  }

  /**
   * Checks the configured weights. As long as nothing was recorded, a start serves by them, and
   * they have to give all to one colour.
   */
  private void configured(Service service) {
    List<String> blue = withWeight(service, Color.BLUE);
    List<String> green = withWeight(service, Color.GREEN);
    if (!blue.isEmpty() && !green.isEmpty()) {
      throw OpenFindings.refused(
          "backend " + service + " is configured to give traffic to both colours at each start",
          "configure 'weight 0' on the servers of the colour that is not to serve, "
              + green
              + " or "
              + blue
              + ", and reload; the other colour then gets all, so that it has to run");
    }
    if (blue.isEmpty() && green.isEmpty()) {
      throw OpenFindings.refused(
          "backend " + service + " is configured to give traffic to no server at a start",
          "configure 'weight 100' instead of 'weight 0' on the servers of the colour that is to"
              + " serve, "
              + names(service, Color.BLUE)
              + " or "
              + names(service, Color.GREEN)
              + ", and reload");
    }
  }

  private List<String> withWeight(Service service, Color color) {
    return servers(service, color).stream()
        .filter(server -> server.configured() > 0)
        .map(ServerState::server)
        .toList();
  }

  private List<String> names(Service service, Color color) {
    return servers(service, color).stream().map(ServerState::server).toList();
  }

  private List<ServerState> servers(Service service, Color color) {
    return seen.servers().of(mode.target(new Slot(mode.group().name(), service, color)));
  }

  private static void balanced(StatRow row, OpenFindings findings) {
    String algorithm = row.isBackend() ? row.get("algo").replaceFirst("^unknown$", RANDOM) : "";
    if (!algorithm.isEmpty() && !DYNAMIC.contains(algorithm)) {
      throw OpenFindings.refused(
          "backend "
              + row.proxy()
              + " balances by "
              + ReplyCheck.shown(algorithm)
              + ", which takes no weights at runtime",
          "configure 'balance roundrobin' in it, and reload");
    }
    if (!algorithm.isEmpty() && !algorithm.equals("roundrobin")) {
      findings.warn(
          "backend "
              + row.proxy()
              + " balances by "
              + algorithm
              + ", which makes shares rough"
              + (algorithm.equals(RANDOM) ? " (HAProxy's default from 3.3 on)" : ""),
          "configure 'balance roundrobin' in it, and reload");
    }
    if (row.isBackend() && !row.get("cookie").isEmpty()) {
      findings.costs(
          RouterGuarantee.NO_STALE,
          "backend "
              + row.proxy()
              + " binds users to a server by a cookie, also when its weight is 0",
          "remove the line 'cookie' from it, and reload; or use map mode");
    }
  }

  /** Checks what only the configuration tells, because HAProxy can't be asked for it. */
  private void written(OpenFindings findings) {
    Path stateFile = mode.file().loaded();
    if (seen.config().isEmpty()) {
      findings.costs(
          RouterGuarantee.RELOAD_SAFE,
          "HAProxy can't be asked whether it loads "
              + stateFile
              + ", nor for slowstart, use-server, stick rules and what else sends past the weights",
          "name its configuration with configuration(...)");
      return;
    }
    seen.doubt()
        .ifPresent(
            doubt -> findings.costs(RouterGuarantee.RELOAD_SAFE, doubt.what(), doubt.remedy()));
    ConfigFile config = seen.config().get();
    List<String> unloaded =
        mode.group().routed().stream()
            .map(Service::name)
            .filter(name -> loading(config, name).filter(l -> l.word(1).equals("global")).isEmpty())
            .toList();
    boolean named =
        config.global().stream()
            .filter(line -> line.begins("server-state-file"))
            .reduce((former, later) -> later)
            .filter(line -> line.word(1).equals(stateFile.toString()))
            .isPresent();
    if (!named || !unloaded.isEmpty()) {
      findings.costs(
          RouterGuarantee.RELOAD_SAFE,
          config.path()
              + " does not load "
              + stateFile
              + (unloaded.isEmpty() ? "" : " for the backends " + unloaded),
          (named
                  ? ""
                  : "write 'server-state-file "
                      + stateFile
                      + "' into global, in place of another such line; ")
              + (unloaded.isEmpty()
                  ? ""
                  : "write '"
                      + LOADING
                      + " global' into each of these backends, in place of another such line; ")
              + "then reload");
    }
  }

  /** Returns the line that loads the state; the first one is the backend's own, if it has one. */
  private static Optional<ConfigLine> loading(ConfigFile config, String backend) {
    return config.backend(backend).stream().filter(line -> line.begins(LOADING)).findFirst();
  }
}
