package io.bluegreen.haproxy;

import io.bluegreen.RouterReport.Warning;
import java.util.List;
import java.util.Optional;

/**
 * The answers of HAProxy that the checks of an open share, each asked for once. Immutable.
 *
 * @param api the client of the process that takes new connections
 * @param servers the servers of the group's backends
 * @param rows the rows of the group's backends and their servers
 * @param config the configuration, if it was named
 * @param doubt why it is not proven that HAProxy loads that configuration; empty if it is, or if
 *     none was named
 */
record OpenInspection(
    RuntimeApi api,
    ServersByBackend servers,
    List<StatRow> rows,
    Optional<ConfigFile> config,
    Optional<Warning> doubt) {
  /**
   * Returns the place where the configuration gives a server an option; empty if that is not known.
   */
  String where(ServerState server, String option) {
    return config.stream()
        .flatMap(file -> file.servers(server.backend()).stream())
        .filter(line -> line.is(server.server()))
        .flatMap(line -> line.with(option).stream())
        .map(line -> ", " + config.orElseThrow().at(line))
        .findFirst()
        .orElse("");
  }
}
