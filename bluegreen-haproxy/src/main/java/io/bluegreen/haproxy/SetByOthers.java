package io.bluegreen.haproxy;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.Slot;
import io.bluegreen.haproxy.RoutingMode.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what besides this library sets the weight, the state or the address of a server, by the
 * answers of the process itself: agents, DNS, other servers whose state it takes over, and its
 * configuration.
 */
final class SetByOthers {
  private static final String LITERAL =
      "write a server line with a literal address for each endpoint, and reload";

  private final RoutingMode mode;
  private final OpenInspection seen;

  /** Creates the checks; nothing is asked yet. */
  SetByOthers(RoutingMode mode, OpenInspection seen) {
    this.mode = mode;
    this.seen = seen;
  }

  void run(OpenFindings findings) {
    Map<String, StatRow> rows = new HashMap<>();
    seen.rows().forEach(row -> rows.put(row.proxy() + "/" + row.name(), row));
    agents(findings);
    names(findings);
    backups(rows, findings);
    tracking(rows, findings);
    withoutWeight(findings);
  }

  private void agents(OpenFindings findings) {
    List<String> agents = told(ServerState::hasAgent, "agent-check");
    if (agents.isEmpty()) {
      return;
    }
    String remedy =
        "remove 'agent-check' from these servers and from their default-server lines, and reload";
    if (byWeights()) {
      // An enabled agent was refused before.
      findings.costs(
          RouterGuarantee.RELOAD_SAFE,
          "the agent of " + agents + " is disabled, but sets weights again after a reload",
          remedy + "; or use map mode");
    } else {
      findings.warn(
          "an agent sets weight and state of "
              + agents
              + ", and may take the traffic from every server of a colour at any time",
          remedy + "; let the group's own health check ask what the agent knows");
    }
  }

  private void names(OpenFindings findings) {
    List<String> records = told(server -> !server.srvRecord().equals("-"), "server-template");
    if (!records.isEmpty() && byWeights()) {
      throw OpenFindings.refused(
          "DNS sets weights and addresses of " + records + " (SRV records)", LITERAL);
    }
    if (!records.isEmpty()) {
      findings.costs(
          RouterGuarantee.NO_STALE,
          "DNS sets addresses of "
              + records
              + " (SRV records) at any time, also to one that was not proved",
          LITERAL);
    }
    List<String> unresolved = told(ServerState::unresolved, "init-addr");
    if (!unresolved.isEmpty()) {
      findings.warn(
          "HAProxy found no address for " + unresolved + ", which get no traffic", LITERAL);
    }
  }

  private void backups(Map<String, StatRow> rows, OpenFindings findings) {
    List<String> backups = told(server -> number(rows.get(server.path()), "bck") > 0, "backup");
    if (!backups.isEmpty() && byWeights()) {
      throw OpenFindings.refused(
          backups + " are backup servers, which take no share",
          "remove 'backup' from them, give those of the colour that is not to serve 'weight 0', and"
              + " reload");
    }
    if (!backups.isEmpty()) {
      findings.warn(
          backups + " are backup servers, which get traffic only where all others are down",
          "remove 'backup' from them, and reload");
    }
  }

  private static long number(@Nullable StatRow row, String column) {
    return row == null ? 0 : row.number(column);
  }

  /**
   * Finds servers that take over the state of another address, which says nothing of their own; to
   * take over that of the same address is usual.
   */
  private void tracking(Map<String, StatRow> rows, OpenFindings findings) {
    List<String> others = new ArrayList<>();
    for (ServerState server : servers()) {
      StatRow row = rows.get(server.path());
      String tracked = row == null ? "" : row.get("tracked");
      Optional<ServerState> other = tracked.isEmpty() ? Optional.empty() : find(tracked);
      if (other.isPresent()
          && (other.get().port() != server.port()
              || !other.get().address().equals(server.address()))) {
        others.add(server.path() + " that of " + ReplyCheck.shown(tracked));
      }
    }
    if (!others.isEmpty()) {
      findings.costs(
          RouterGuarantee.LOSSLESS,
          "servers take over the state of another address: " + others,
          "write 'check' instead of 'track' to them, and reload");
    }
  }

  private Optional<ServerState> find(String path) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    return seen.api().servers(path.substring(0, slash)).stream()
        .filter(server -> server.path().equals(path))
        .findFirst();
  }

  /** Finds servers with the weight 0. In map mode nothing gives them their weight back. */
  private void withoutWeight(OpenFindings findings) {
    if (byWeights()) {
      return;
    }
    for (Slot slot : GroupServers.slots(mode)) {
      List<ServerState> own = seen.servers().of(mode.target(slot));
      List<String> none =
          own.stream().filter(server -> server.weight() == 0).map(ServerState::path).toList();
      if (none.isEmpty()) {
        continue;
      }
      String remedy =
          "remove 'weight 0' from their lines and default-server lines, and reload; one that was"
              + " given it at runtime has its configured weight again after a reload";
      if (none.size() == own.size()) {
        throw OpenFindings.refused(
            "all servers of "
                + slot
                + " have the weight 0, with which HAProxy answers 503: "
                + none,
            remedy);
      }
      findings.warn(none + " have the weight 0, and get no traffic", remedy);
    }
  }

  private boolean byWeights() {
    return GroupServers.byBackend(mode).values().stream()
        .flatMap(List::stream)
        .noneMatch(Target::wholeBackend);
  }

  private List<ServerState> servers() {
    return GroupServers.slots(mode).stream()
        .flatMap(slot -> seen.servers().of(mode.target(slot)).stream())
        .toList();
  }

  /** Returns the servers for which this holds, each with the line that makes it so. */
  private List<String> told(Predicate<ServerState> holds, String option) {
    return servers().stream()
        .filter(holds)
        .map(server -> server.path() + seen.where(server, option))
        .toList();
  }
}
