package io.bluegreen.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One server as HAProxy runs it ({@code show servers state}; management guide, section 9.3).
 * Immutable.
 *
 * @param backend its backend
 * @param server its name
 * @param address its address, a literal one; {@code -} if it has none
 * @param port its port
 * @param operational its state: 0 stopped, 1 starting, 2 running, 3 stopping
 * @param admin the state in which it was put, in bits: 1, 2, 4 and 32 maintenance (forced,
 *     inherited, configured, by DNS), 8 and 16 drain (forced, inherited)
 * @param weight the weight that counts now
 * @param configured the weight of the configuration
 * @param agent its agent check, in bits: 2 configured, 4 enabled; 0 if it has none
 * @param host the name that its address was resolved from; {@code -} if the configuration has a
 *     literal one
 * @param srvRecord the DNS record that its address, port and weight come from; {@code -} if they
 *     don't
 */
public record ServerState(
    String backend,
    String server,
    String address,
    int port,
    int operational,
    int admin,
    int weight,
    int configured,
    int agent,
    String host,
    String srvRecord) {
  /** Refuses null. */
  public ServerState {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(srvRecord, "srvRecord");
  }

  private static final int RUNNING = 2;
  private static final int AGENT = 2;
  private static final int AGENT_ENABLED = 4;
  private static final int UNRESOLVED = 32;
  private static final int MAINTENANCE = 1 | 2 | 4 | 32;
  private static final int DRAINING = 8 | 16;

  /** Returns whether it answers requests, by HAProxy's own check. */
  public boolean isUp() {
    return operational == RUNNING;
  }

  /** Returns whether somebody took it out of service. */
  public boolean inMaintenance() {
    return (admin & MAINTENANCE) != 0;
  }

  /** Returns whether somebody has put it into drain. */
  public boolean draining() {
    return (admin & DRAINING) != 0;
  }

  /** Returns whether it is configured with an agent, which may be disabled for now. */
  public boolean hasAgent() {
    return (agent & AGENT) != 0;
  }

  /** Returns whether an agent sets its weight and takes it out of service as it sees fit. */
  public boolean obeysAgent() {
    return hasAgent() && (agent & AGENT_ENABLED) != 0;
  }

  /** Returns whether its name has no address, so that it is out of service until it has one. */
  boolean unresolved() {
    return (admin & UNRESOLVED) != 0;
  }

  /** Returns backend and name. */
  String path() {
    return backend + "/" + server;
  }

  /** Returns whether nobody took it out of service, nor drains it. */
  boolean inService() {
    return !inMaintenance() && !draining();
  }

  /** Returns whether a line is about one of these backends; if not, it is a head or an end. */
  static boolean isOf(Set<String> backends, String line) {
    String[] cells = line.split(" ", 3);
    return cells.length < 3 || line.startsWith("# ") || backends.contains(cells[1]);
  }

  /** Reads the table by the names of its columns, because versions differ in their number. */
  static List<ServerState> parse(List<String> lines) {
    List<ServerState> servers = new ArrayList<>();
    List<String> columns = List.of();
    for (String line : lines) {
      if (line.startsWith("# ")) {
        columns = List.of(line.substring(2).split(" ", -1));
      } else if (!columns.isEmpty() && !line.isBlank()) {
        servers.add(row(columns, line));
      }
    }
    if (columns.isEmpty()) {
      throw ReplyCheck.notUnderstood("show servers state", String.join(" ", lines), false);
    }
    return List.copyOf(servers);
  }

  private static ServerState row(List<String> columns, String line) {
    String[] cells = line.split(" ", -1);
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < Math.min(cells.length, columns.size()); i++) {
      row.put(columns.get(i), cells[i]);
    }
    try {
      return new ServerState(
          row.getOrDefault("be_name", ""),
          row.getOrDefault("srv_name", ""),
          row.getOrDefault("srv_addr", "-"),
          Integer.parseInt(row.getOrDefault("srv_port", "")),
          Integer.parseInt(row.getOrDefault("srv_op_state", "")),
          Integer.parseInt(row.getOrDefault("srv_admin_state", "")),
          Integer.parseInt(row.getOrDefault("srv_uweight", "")),
          Integer.parseInt(row.getOrDefault("srv_iweight", "")),
          // These three are newer than the others: state files of 2.0 and before lack them.
          Integer.parseInt(row.getOrDefault("srv_agent_state", "0")),
          row.getOrDefault("srv_fqdn", "-"),
          row.getOrDefault("srvrecord", "-"));
    } catch (NumberFormatException e) {
      throw ReplyCheck.notUnderstood("show servers state", line, false);
    }
  }
}
