package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A client of HAProxy's runtime API (management guide, section 9.3), for 2.4 to 3.4. It can be used
 * without a router:
 *
 * <pre>{@code
 * RuntimeApi api = RuntimeApi.unix(Path.of("/run/haproxy/admin.sock"));
 * api.setWeight("shop", "green", 10);
 * api.stats("shop").forEach(row -> System.out.println(row.name() + " " + row.get("status")));
 * }</pre>
 *
 * <p>Each command has a connection of its own and one deadline for connecting, writing and reading
 * ({@link #DEFAULT_LIMIT} unless told). A method returns only when HAProxy has acknowledged the
 * command in the exact form of its success; otherwise it throws a {@link RuntimeApiException} that
 * says whether the command may have taken effect. A missing, cut or late reply is never a success.
 * A command that can't have acted is tried up to three times within the deadline; one that may have
 * acted is never sent again.
 *
 * <p>Names, keys, values and paths are validated before a byte is sent: a text that could become a
 * second command is refused with an {@link IllegalArgumentException}.
 *
 * <p>Immutable, and safe for use by several threads. Interruption ends a call at once, with the
 * flag set. It holds neither threads nor connections, so there is nothing to close.
 */
public final class RuntimeApi {
  /** How long one command may take by default. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(5);

  /**
   * The most bytes that are read of the longest reply, a table of all servers; it has room for
   * 30,000. Other replies have lower bounds, such as 64 KiB for a reply of a few words.
   */
  public static final int LARGEST_REPLY = 16 * 1024 * 1024;

  private static final Pattern CREATED = Pattern.compile("New version created: (\\d{1,9})\n");
  private static final Pattern WEIGHT = Pattern.compile("(\\d{1,3}) \\(initial (\\d{1,3})\\)\n");

  private final CommandChannel line;

  RuntimeApi(CommandChannel line) {
    this.line = line;
  }

  /**
   * Returns a client of a unix socket ({@code stats socket /run/haproxy/admin.sock level admin}).
   *
   * @throws IllegalArgumentException if the path is longer than the system allows (108 bytes)
   */
  public static RuntimeApi unix(Path socket) {
    Objects.requireNonNull(socket, "socket");
    if (socket.toString().length() > 107) {
      throw new IllegalArgumentException(
          "socket: the path of a unix socket has at most 107 bytes, but was " + socket);
    }
    return at(UnixDomainSocketAddress.of(socket), TimeSource.system());
  }

  /**
   * Returns a client of a TCP address ({@code stats socket ipv4@127.0.0.1:9999 level admin}).
   * Prefer a unix socket: TCP knows no permissions, so everybody on the machine is an admin.
   *
   * @throws IllegalArgumentException if the address is not resolved
   */
  public static RuntimeApi tcp(InetSocketAddress address) {
    return at(HaproxySocket.resolved(address), TimeSource.system());
  }

  static RuntimeApi at(SocketAddress address, TimeSource time) {
    HaproxySocket wire = new HaproxySocket(address, false, time);
    return new RuntimeApi(new CommandChannel(wire, "", DEFAULT_LIMIT, Optional.empty()));
  }

  /**
   * Returns this client with another limit for each command.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public RuntimeApi within(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return new RuntimeApi(line.within(limit));
  }

  /** Returns this client bound to a deadline that covers all its commands together. */
  RuntimeApi until(Deadline deadline) {
    return new RuntimeApi(line.until(deadline));
  }

  /** Returns the information that the process gives of itself ({@code show info float}). */
  public ProcessInfo info() {
    return ProcessInfo.parse(line.lines("show info float", ReplyLimit.WORDS));
  }

  /** Returns the level of this socket: {@code user}, {@code operator} or {@code admin}. */
  public String level() {
    return line.ask("show cli level").strip();
  }

  /**
   * Returns the maps that the running configuration uses ({@code show map}). HAProxy omits a map
   * whose places of use, some hundred of them, do not fit into one buffer.
   */
  public List<LoadedMap> maps() {
    return LoadedMap.parse(line.lines("show map", ReplyLimit.MAP));
  }

  /**
   * Returns the entries that lookups see now, in order; the first of several with one key wins.
   *
   * @param file the path of the map, as the configuration spells it
   * @throws RuntimeApiException with {@link Refusal#UNKNOWN_MAP} if the configuration uses no such
   *     map
   */
  public List<MapEntry> map(Path file) {
    return MapEntry.parse(line.lines("show map " + CommandWord.file("file", file), ReplyLimit.MAP));
  }

  /** Returns the entries of a prepared version that is not committed yet. */
  public List<MapEntry> map(Path file, int version) {
    return MapEntry.parse(
        line.lines(
            "show map " + MapWords.version(version) + CommandWord.file("file", file),
            ReplyLimit.MAP));
  }

  /** Returns what a lookup of the key finds, or empty if it finds nothing ({@code get map}). */
  public Optional<String> mapValue(Path file, String key) {
    String command =
        "get map " + CommandWord.file("file", file) + " " + CommandWord.name("key", key);
    return MapEntry.found(command, key, line.ask(command));
  }

  /**
   * Gives an existing key another value, in place and atomically ({@code set map}). HAProxy does
   * not check the value: it takes the name of a missing backend, too. If a key stands more than
   * once, 3.4.0 changes only the last entry and other versions change all: a transaction ({@link
   * #prepareMap}) leaves no doubt.
   *
   * @throws RuntimeApiException with {@link Refusal#ENTRY_NOT_FOUND} if there is no such key
   */
  public void setMap(Path file, String key, String value) {
    line.act("set map " + CommandWord.file("file", file) + MapWords.entry(key, value));
  }

  /** Adds a key, after an equal one if there is one ({@code add map}). */
  public void addMap(Path file, String key, String value) {
    line.act("add map " + CommandWord.file("file", file) + MapWords.entry(key, value));
  }

  /**
   * Adds keys to a prepared version, in as few commands as their size allows.
   *
   * @param version the number that {@link #prepareMap} returned
   */
  public void addMap(Path file, int version, Map<String, String> entries) {
    String command = "add map " + MapWords.version(version) + CommandWord.file("file", file);
    ArgumentChecks.noNulls("entries", entries);
    MapWords.payloads(entries).forEach(payload -> line.act(command + " <<\n" + payload));
  }

  /** Starts a transaction and returns the number of its version ({@code prepare map}). */
  public int prepareMap(Path file) {
    String command = "prepare map " + CommandWord.file("file", file);
    return ReplyCheck.number(CREATED, command, line.askActing(command), true);
  }

  /**
   * Makes a prepared version the one that lookups see: all its keys at one instant, and no others.
   * A version to which nothing was added empties the map.
   */
  public void commitMap(Path file, int version) {
    line.act("commit map " + MapWords.version(version) + CommandWord.file("file", file));
  }

  /** Returns the servers of all backends ({@code show servers state}). */
  public List<ServerState> servers() {
    return ServerState.parse(line.lines("show servers state", ReplyLimit.TABLE));
  }

  /** Returns the servers of one backend. */
  public List<ServerState> servers(String backend) {
    return ServerState.parse(
        line.lines("show servers state " + CommandWord.name("backend", backend), ReplyLimit.ROWS));
  }

  /** Returns the current weight of a server, 0 to 256 ({@code get weight}). */
  public int weight(String backend, String server) {
    String command = "get weight " + CommandWord.server(backend, server);
    return ReplyCheck.number(WEIGHT, command, line.ask(command), false);
  }

  /**
   * Gives a server a weight ({@code set server B/S weight}).
   *
   * @param weight 0 to 256; 0 takes no new requests, apart from those that a cookie binds
   * @throws RuntimeApiException with {@link Refusal#STATIC_BALANCING} if the backend's algorithm
   *     takes no weights
   */
  public void setWeight(String backend, String server, int weight) {
    ArgumentChecks.between("weight", 0, 256, weight);
    line.act("set server " + CommandWord.server(backend, server) + " weight " + weight);
  }

  /**
   * Makes a server ready, drains it, or takes it out ({@code set server B/S state}). A server that
   * goes from maint to ready has traffic at once, before any check: go by drain, and wait for its
   * checks there.
   */
  public void setState(String backend, String server, AdminState state) {
    Objects.requireNonNull(state, "state");
    line.act("set server " + CommandWord.server(backend, server) + " state " + state.word());
  }

  /** Returns the streams that this process serves now ({@code show sess}). */
  public List<SessionEntry> sessions() {
    return SessionEntry.parse(line.lines("show sess", ReplyLimit.TABLE));
  }

  /**
   * Ends one session ({@code shutdown session}).
   *
   * @param id the id of one of {@link #sessions}
   * @throws RuntimeApiException with {@link Refusal#NO_SUCH_SESSION} if it has ended by itself; 2.4
   *     does not say so
   */
  public void shutdownSession(String id) {
    line.act("shutdown session " + CommandWord.session("id", id));
  }

  /**
   * Ends every session of a server ({@code shutdown sessions server}).
   *
   * @throws RuntimeApiException with {@link Refusal#PROXY_DISABLED} by a former worker: end its
   *     sessions one by one
   */
  public void shutdownSessions(String backend, String server) {
    line.act("shutdown sessions server " + CommandWord.server(backend, server));
  }

  /** Returns the rows of all frontends, backends and servers ({@code show stat}). */
  public List<StatRow> stats() {
    return StatRow.parse(line.lines("show stat", ReplyLimit.TABLE));
  }

  /** Returns the rows of all backends without their servers. */
  public List<StatRow> backendStats() {
    return StatRow.parse(line.lines("show stat -1 2 -1", ReplyLimit.TABLE));
  }

  /**
   * Returns the rows of one proxy and its servers.
   *
   * @throws RuntimeApiException with {@link Refusal#NO_SUCH_PROXY} if there is none
   */
  public List<StatRow> stats(String proxy) {
    String command = "show stat " + CommandWord.name("proxy", proxy) + " 7 -1";
    List<StatRow> rows = StatRow.parse(line.lines(command, ReplyLimit.ROWS));
    // HAProxy takes an unknown name that starts with digits for the id of another proxy.
    if (rows.isEmpty() || rows.stream().anyMatch(row -> !row.proxy().equals(proxy))) {
      throw RuntimeApiException.refused(
          Refusal.NO_SUCH_PROXY, "HAProxy has no proxy of the name " + proxy);
    }
    return rows;
  }

  /** Returns the queries for the paths that it has itself. */
  PathQueries paths() {
    return new PathQueries(line);
  }

  /** Returns the queries for the rows of some backends only. */
  BackendQueries queries() {
    return new BackendQueries(line);
  }

  /** Returns the socket by which it reaches HAProxy. */
  HaproxySocket wire() {
    return line.wire();
  }

  /** Returns the address of its socket. */
  @Override
  public String toString() {
    return line.toString();
  }
}
