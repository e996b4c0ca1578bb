package io.bluegreen.haproxy;

import java.util.List;
import java.util.Set;

/**
 * Asks a process about some backends only. HAProxy's reply may have a row for everything that it
 * has; only the rows of these backends are kept in memory.
 */
record BackendQueries(CommandChannel line) {
  /** Returns the servers of these backends. */
  List<ServerState> servers(Set<String> backends) {
    return ServerState.parse(serverStateText(backends));
  }

  /** Returns the lines of which a server-state file of these backends is made. */
  List<String> serverStateText(Set<String> backends) {
    ReplyLimit bound = ReplyLimit.of(row -> ServerState.isOf(backends, row));
    return line.lines("show servers state", bound).stream().filter(row -> !row.isBlank()).toList();
  }

  /** Returns the streams of one server. */
  List<SessionEntry> sessions(String backend, String server) {
    ReplyLimit bound = ReplyLimit.of(row -> SessionEntry.isOf(backend, server, row));
    return SessionEntry.parse(line.lines("show sess", bound));
  }

  /** Returns the streams of one backend. */
  List<SessionEntry> sessions(String backend) {
    ReplyLimit bound = ReplyLimit.of(row -> SessionEntry.isOf(backend, row));
    return SessionEntry.parse(line.lines("show sess", bound));
  }

  /** Returns the rows of these frontends and backends, and of their servers. */
  List<StatRow> stats(Set<String> proxies) {
    return StatRow.parse(line.lines("show stat", ReplyLimit.of(row -> StatRow.isOf(proxies, row))));
  }

  /** Returns the rows of these backends without their servers. */
  List<StatRow> backendStats(Set<String> backends) {
    return StatRow.parse(
        line.lines("show stat -1 2 -1", ReplyLimit.of(row -> StatRow.isOf(backends, row))));
  }
}
