package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A client of the master's socket ({@code haproxy -W -S /run/haproxy-master.sock}; management
 * guide, section 9.4). It knows all workers, the former ones included, and reaches each of them.
 * While HAProxy reloads, its master refuses connections up to 3.0, for as long as the configuration
 * takes to load: it then throws a {@link RuntimeApiException} of the kind UNREACHABLE.
 *
 * <p>Test a configuration with {@code haproxy -c} before each reload. A master of 3.4.0 or 3.5-dev5
 * that could not parse a configuration itself dies at the next connection to this socket, with all
 * its workers.
 *
 * <p>The promises of {@link RuntimeApi} about deadlines, replies, interruption and threads hold
 * here, too.
 */
public final class MasterApi {
  private final CommandChannel line;

  MasterApi(CommandChannel line) {
    this.line = line;
  }

  /** Returns a client of a master's unix socket. */
  public static MasterApi unix(Path socket) {
    Objects.requireNonNull(socket, "socket");
    return at(UnixDomainSocketAddress.of(socket), TimeSource.system());
  }

  /**
   * Returns a client of a master's TCP address ({@code -S ipv4@10.0.0.7:9998,level,admin}). Prefer
   * a unix socket: TCP knows no permissions, so everybody who can reach the address is an admin.
   *
   * @throws IllegalArgumentException if the address is not resolved
   */
  public static MasterApi tcp(InetSocketAddress address) {
    return at(HaproxySocket.resolved(address), TimeSource.system());
  }

  static MasterApi at(SocketAddress address, TimeSource time) {
    HaproxySocket wire = new HaproxySocket(address, true, time);
    return new MasterApi(new CommandChannel(wire, "", RuntimeApi.DEFAULT_LIMIT, Optional.empty()));
  }

  /**
   * Returns this client with another limit for each command.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public MasterApi within(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return new MasterApi(line.within(limit));
  }

  MasterApi until(Deadline deadline) {
    return new MasterApi(line.until(deadline));
  }

  /** Returns the master and its workers ({@code show proc}). */
  public HaproxyWorkers workers() {
    return HaproxyWorkers.parse(line.lines("show proc", ReplyLimit.WORKERS));
  }

  /**
   * Returns a client of one worker, which may be a former one.
   *
   * @param pid its process id
   */
  public RuntimeApi worker(long pid) {
    return new RuntimeApi(line.to("@!" + ArgumentChecks.atLeast("pid", 1, pid) + " "));
  }

  /** Returns the address of its socket. */
  @Override
  public String toString() {
    return line.toString();
  }
}
