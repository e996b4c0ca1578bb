package io.bluegreen.haproxy;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.haproxy.RoutingMode.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the lines of a configuration that send requests past the split or take servers out, and of
 * which the process itself does not tell. Each finding names its line.
 */
final class ConfigChecks {
  private static final String LOADING = "load-server-state-from-file";

  /** The options of a server that act on users' requests, each with its effect. */
  private static final Map<String, String> OBSERVING =
      Map.of(
          "observe",
          "takes servers out after errors of a few users' requests (error-limit, on-error),"
              + " whatever its check says: with one server of a colour everybody gets 503 then",
          "on-marked-down",
          "ends what is in flight when a server is marked down, also what a drain waits for",
          "on-marked-up",
          "ends what is in flight at the others when a server comes up");

  /** The words of a retry-on line by which only unsent requests are repeated. */
  private static final Set<String> UNSENT =
      Set.of("retry-on", "none", "conn-failure", "0rtt-rejected");

  private final RoutingMode mode;
  private final ConfigFile config;

  /** Creates the checks; nothing is read yet. */
  ConfigChecks(RoutingMode mode, ConfigFile config) {
    this.mode = mode;
    this.config = config;
  }

  void run(OpenFindings findings) {
    new ConfigRoutes(mode, config).run(findings);
    Map<String, List<Target>> backends = new TreeMap<>(GroupServers.byBackend(mode));
    backends.forEach(
        (backend, targets) -> {
          servers(backend, targets, findings);
          redispatch(backend, targets, findings);
          rules(backend, targets.stream().noneMatch(Target::wholeBackend), findings);
        });
  }

  private void servers(String backend, List<Target> targets, OpenFindings findings) {
    boolean byWeights = targets.stream().noneMatch(Target::wholeBackend);
    first(backend, "resolvers")
        .ifPresent(
            line ->
                findings.costs(
                    RouterGuarantee.NO_STALE,
                    "backend "
                        + backend
                        + " has servers whose address DNS sets at any time, also to one that was"
                        + " not proved: "
                        + line,
                    "write literal addresses, remove 'resolvers' from them, and reload"));
    OBSERVING.forEach(
        (option, does) ->
            first(backend, option)
                .ifPresent(
                    line ->
                        findings.warn(
                            "backend " + backend + " " + does + ": " + line,
                            "remove '" + option + "' and its value from it, and reload")));
    if (byWeights) {
      first(backend, "agent-check")
          .ifPresent(
              line ->
                  findings.costs(
                      RouterGuarantee.RELOAD_SAFE,
                      "behind the next reload an agent sets weights in backend "
                          + backend
                          + ": "
                          + line,
                      "remove 'agent-check' from it, and reload; or use map mode"));
      first(backend, "slowstart")
          .ifPresent(
              line ->
                  findings.warn(
                      "backend "
                          + backend
                          + " has a slowstart, by which a server that came up has less than its"
                          + " share at first: "
                          + line,
                      "remove 'slowstart' and its value from it, and reload"));
    }
  }

  private void redispatch(String backend, List<Target> targets, OpenFindings findings) {
    List<ConfiguredServer> servers = config.servers(backend);
    boolean several =
        targets.stream()
            .anyMatch(t -> servers.stream().filter(s -> t.has(s.line().word(1))).count() > 1);
    List<ConfigLine> lines = config.backend(backend);
    if (several && lines.stream().noneMatch(line -> option(lines, line, "redispatch"))) {
      findings.warn(
          "backend "
              + backend
              + " does not try another server where one refuses the connection, until its check has"
              + " found out",
          "write 'option redispatch' into it, and reload");
    }
  }

  /** Returns the first line by which a server of a backend has an option. */
  private Optional<String> first(String backend, String option) {
    return config.servers(backend).stream()
        .flatMap(server -> server.with(option).stream())
        .map(config::at)
        .findFirst();
  }

  private void rules(String backend, boolean byWeights, OpenFindings findings) {
    List<ConfigLine> lines = config.backend(backend);
    for (ConfigLine line : lines) {
      String at = config.at(line);
      if (line.begins("retry-on") && !UNSENT.containsAll(line.words())) {
        findings.warn(
            "backend "
                + backend
                + " repeats requests that a server may have begun to carry out, so that some are"
                + " carried out twice, and gates don't see the errors: "
                + at,
            "write 'retry-on conn-failure' instead, and reload");
      } else if (line.begins("force-persist") || option(lines, line, "persist")) {
        findings.warn(
            "backend " + backend + " sends users to a server that is down or taken out: " + at,
            "remove this line, and reload");
      } else if (byWeights) {
        pastWeights(backend, lines, line, findings);
      } else if (line.begins(LOADING) && !line.word(1).equals("none")) {
        findings.warn(
            "weight, state and address of the servers of backend "
                + backend
                + " come from a state file that this router does not write: "
                + at,
            "remove this line, and reload");
      }
    }
  }

  private void pastWeights(
      String backend, List<ConfigLine> lines, ConfigLine line, OpenFindings findings) {
    String at = config.at(line);
    String remedy = "remove this line, and reload; or use map mode";
    if (line.begins("use-server") && line.unconditional()) {
      throw OpenFindings.refused(
          "backend " + backend + " sends everything to one server, past every weight: " + at,
          remedy);
    }
    if (line.begins("use-server")) {
      findings.warn(
          "backend " + backend + " has use-server rules, which send past every weight: " + at,
          remedy);
    }
    if (line.begins("stick") && !line.word(1).equals("store-request")) {
      findings.warn(
          "backend "
              + backend
              + " binds users to a server by a stick rule, also when its weight is 0: "
              + at,
          remedy);
    }
    if (option(lines, line, "prefer-last-server")) {
      findings.warn(
          "backend "
              + backend
              + " keeps a connection at its server, which makes shares rough: "
              + at,
          remedy);
    }
  }

  /** Returns whether this line sets an option and no nearer line takes it away. */
  private static boolean option(List<ConfigLine> lines, ConfigLine line, String option) {
    return line.begins("option", option)
        && lines.stream()
            .filter(l -> l.begins("option", option) || l.begins("no", "option", option))
            .findFirst()
            .filter(line::equals)
            .isPresent();
  }
}
