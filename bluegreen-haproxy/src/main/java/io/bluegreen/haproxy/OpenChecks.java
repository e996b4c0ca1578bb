package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.haproxy.RoutingMode.Target;
import io.bluegreen.support.FileExposure;
import io.bluegreen.support.ResourceLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds out what a router can promise with this HAProxy. It only reads. */
final class OpenChecks {
  private static final String RAISED =
      "write ',level,admin' behind its path at -S, and restart HAProxy";

  private static final Pattern DEADLY = Pattern.compile("3\\.[45]\\b");

  private final RunningHaproxy proxy;
  private final RoutingMode mode;
  private final Optional<Path> configuration;

  /**
   * Creates the checks; nothing is asked yet.
   *
   * @param configuration HAProxy's, if it was named
   */
  OpenChecks(RunningHaproxy proxy, RoutingMode mode, Optional<Path> configuration) {
    this.proxy = proxy;
    this.mode = mode;
    this.configuration = configuration;
  }

  void run(OpenFindings findings) throws IOException {
    Deadline deadline = proxy.limit();
    RuntimeApi api = proxy.api().until(deadline);
    level(api, "the admin socket", "write 'level admin' into its 'stats socket' line, and reload");
    Path lock = SwitchRun.lockOf(mode.file().path());
    Stream.concat(ResourceLock.exposure(lock).stream(), FileExposure.ofParents(lock).stream())
        .forEach(exposure -> findings.warn(exposure.what(), exposure.remedy()));
    OpenInspection seen =
        new OpenInspection(
            api,
            GroupServers.servers(mode, api),
            api.queries().stats(GroupServers.backends(mode)),
            configuration.isPresent()
                ? Optional.of(ConfigFile.read(configuration.get()))
                : Optional.empty(),
            configuration.flatMap(file -> proxy.unproven(api, mode.file(), file)));
    GroupServers.check(mode, seen.servers());
    mode.check(seen, findings);
    proxy
        .unproven(api, mode.file())
        .ifPresent(
            why ->
                findings.costs(
                    RouterGuarantee.RELOAD_SAFE,
                    why.what() + ", so that nobody knows what its next reload or start would serve",
                    why.remedy() + "; else schedule recover() with REPAIR"));
    new SetByOthers(mode, seen).run(findings);
    if (seen.config().isPresent()) {
      new ConfigChecks(mode, seen.config().get()).run(findings);
    }
    outOfService(findings, seen.servers());
    checked(findings, seen.rows());
    master(findings, deadline);
  }

  private static void level(RuntimeApi api, String which, String remedy) {
    String level = api.level();
    if (!level.equals("admin")) {
      throw OpenFindings.refused(which + " has the level " + ReplyCheck.shown(level), remedy);
    }
  }

  private void master(OpenFindings findings, Deadline deadline) {
    if (proxy.master().isEmpty()) {
      String what = "there is no master socket, so that a reload under way can't be seen";
      String remedy = "run HAProxy with -W -S <socket>, and name it with master(...)";
      findings.costs(
          RouterGuarantee.RELOAD_SAFE, what, remedy + "; else schedule recover() with REPAIR");
      findings.costs(
          RouterGuarantee.NO_STALE,
          "former workers can't be told of a switch after a reload",
          remedy);
      findings.costs(
          RouterGuarantee.DRAIN_KNOWN, "what former workers still answer can't be seen", remedy);
      return;
    }
    deadly(proxy.api().until(deadline).info().version())
        .ifPresent(warning -> findings.warn(warning.what(), warning.remedy()));
    MasterApi master = proxy.master().get().until(deadline);
    SettledWorkers settled = settled(deadline);
    level(master.worker(settled.pid()), "the master's socket", RAISED);
    if (!proxy.ownMaster(settled, deadline)) {
      throw OpenFindings.refused(
          "the master's socket, "
              + master
              + ", is not proven to be of the HAProxy that the admin socket, "
              + proxy.api()
              + ", reaches: the master's worker "
              + settled.pid()
              + " has another start, and in each container ids are the same ones",
          "name with master(...) the socket behind -S of this very HAProxy, best one that lies"
              + " beside its admin socket");
    }
  }

  /** Returns the workers. A master may tell a socket of the level user nothing of them. */
  private SettledWorkers settled(Deadline deadline) {
    try {
      return proxy.settled(deadline);
    } catch (RuntimeApiException e) {
      if (!e.refusal().equals(Optional.of(Refusal.PERMISSION_DENIED))) {
        throw e;
      }
      throw OpenFindings.refused("the master's socket has the level user", RAISED);
    }
  }

  /**
   * Warns of a master that may die. It was seen in 3.4.0 and 3.5-dev5: a connection is enough, so
   * that asking would kill it, and all of its workers end with it.
   */
  static Optional<Warning> deadly(String version) {
    return DEADLY.matcher(version).lookingAt()
        ? Optional.of(
            new Warning(
                "the master of HAProxy "
                    + ReplyCheck.shown(version)
                    + " dies of the next connection to its socket, and all traffic with it, once it"
                    + " has itself failed to parse a configuration that it was told to reload (an"
                    + " open quote is enough); each switch, status and count connects to it",
                "test each configuration with 'haproxy -c -f <configuration>' before you reload"
                    + " it; or use another version of HAProxy",
                Optional.empty()))
        : Optional.empty();
  }

  private void outOfService(OpenFindings findings, ServersByBackend servers) {
    List<String> out =
        GroupServers.slots(mode).stream()
            .flatMap(slot -> servers.of(mode.target(slot)).stream())
            .filter(server -> !server.inService() && !server.unresolved())
            .map(ServerState::path)
            .toList();
    if (!out.isEmpty()) {
      findings.warn(
          out + " are in maintenance or drain, and get no traffic",
          "make them ready by way of drain, for what goes from maint to ready has traffic before"
              + " any check, or is down for as long as its checks take");
    }
  }

  /** Warns of servers without a health check: they get traffic even when they are dead. */
  private void checked(OpenFindings findings, List<StatRow> rows) {
    Map<String, List<Target>> ours = GroupServers.byBackend(mode);
    List<String> unchecked =
        rows.stream()
            .filter(row -> row.isServer() && row.get("status").equals("no check"))
            .filter(
                row ->
                    ours.getOrDefault(row.proxy(), List.of()).stream()
                        .anyMatch(target -> target.has(row.name())))
            .map(row -> row.proxy() + "/" + row.name())
            .toList();
    if (!unchecked.isEmpty()) {
      findings.warn(
          "HAProxy does not check " + unchecked, "add 'check' to these servers, and an httpchk");
    }
  }
}
