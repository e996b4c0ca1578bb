package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Moves the traffic of one group in one nginx of this machine.
 *
 * <p>In live mode ({@link #live}, the recommended one) nginx is never reloaded: for each request it
 * asks the file system which colour a client goes to (directive {@code if (-f ...)} of
 * ngx_http_rewrite_module), and a switch renames one link. Nothing that nginx is doing is
 * disturbed: keep-alive connections, WebSockets and downloads go on. Sticky by a cookie, in steps
 * of one percent; all services of the group move at one instant.
 *
 * <p>In reload mode ({@link #reload}) a switch replaces one generated file and reloads nginx, and
 * returns when it is proven that no former worker accepts any more ({@link ReloadProof}); see
 * "Controlling nginx" in nginx's manual. A reload closes idle connections, which can lose a request
 * of a client that keeps its connection: {@link #open} says so. A WebSocket or a download keeps its
 * former worker alive until it ends (or {@code worker_shutdown_timeout}, 1 h as rendered, is over):
 * that is in flight, and stands in the way of no later switch. Some 4 MB of memory go with each
 * such worker.
 *
 * <p>nginx has no opinion of its own on the health of an instance: the rendered upstreams are never
 * marked ({@code max_fails=0}). Where an instance refuses a connection, does not take it within 2
 * s, or ends it before the first byte of an answer, the next one of the same colour is asked: three
 * in all at most, no later than 10 s after the first; a request that must not be made twice (POST,
 * PATCH, LOCK) only where nothing of it was sent ({@code proxy_next_upstream} of
 * ngx_http_proxy_module).
 *
 * <p>The access log gets a line of some 86 bytes for each request: 7.4 GB a day at 1,000 requests a
 * second. Let logrotate (or anything that renames it and then has nginx open it again, {@code nginx
 * -s reopen}) rotate it; the {@link #meter} follows that, and keeps no file open.
 *
 * <p>Start with the configuration that {@link #renderConfig} renders, and let nginx run with it; a
 * later change of the group's services or addresses needs it rendered again, and one reload.
 *
 * <p>Until {@link #open} it is a description: immutable, each of the naming methods returns a
 * changed copy. An opened one is safe for use by several threads as {@link Router} says. After a
 * crash at any moment nginx serves the split from before or the new one, whole.
 */
public final class NginxRouter implements Router {
  private final NginxSettings settings;
  private volatile @Nullable OpenNginx opened;

  private NginxRouter(NginxSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns a router that switches without a reload.
   *
   * @param stateDirectory what nginx asks: on a local disk, searchable by nginx's workers, and not
   *     under {@code /tmp} where systemd gives a service a {@code /tmp} of its own
   * @throws IllegalArgumentException if the path has anything but {@code A-Za-z0-9/._-}
   */
  public static NginxRouter live(Path stateDirectory) {
    Objects.requireNonNull(stateDirectory, "stateDirectory");
    return new NginxRouter(new NginxSettings(stateDirectory));
  }

  /**
   * Returns a router that replaces one generated file and reloads nginx, where live mode can't be
   * used. The user's nginx.conf includes that file by name (no glob) in its http block.
   *
   * <p>{@link io.bluegreen.RouterGuarantee#NO_STALE} is never promised: a connection that a client
   * opened before a reload, as browsers do ahead of time, and on which it asks its first request
   * after it, is answered by the former colour, for up to {@code client_header_timeout} (60 s
   * unless set). Such a connection counts as in flight, so that no slot is stopped under it before
   * a drain's deadline.
   *
   * <p>Beside it, under names that start with a dot, lie a lock, the number of the last generation,
   * and the file from before the last switch ({@code .NAME.prev}), for a person. While another
   * process holds the lock, which only this user can open (and the directory's group where that may
   * write the directory), a switch waits for it for half of its limit.
   *
   * @param generatedFile that the library owns; the programs that switch must be allowed to replace
   *     it. Who may write it has the rights of nginx's master
   * @throws IllegalArgumentException if the path has anything but {@code A-Za-z0-9/._-}
   */
  public static NginxRouter reload(Path generatedFile) {
    Objects.requireNonNull(generatedFile, "generatedFile");
    Path file = SafeText.path("generated file", generatedFile);
    Path directory = file.getParent();
    if (directory == null) {
      throw new IllegalArgumentException("generated file: expected a file in a directory");
    }
    return new NginxRouter(
        new NginxSettings(directory).with(copy -> copy.generated = Optional.of(file)));
  }

  /**
   * Returns this router with nginx's private door at a loopback address instead of the unix socket
   * {@code status.sock} in the state directory.
   *
   * @param url such as {@code http://127.0.0.1:8099}
   * @throws IllegalArgumentException if it is anything else
   */
  public NginxRouter status(String url) {
    Objects.requireNonNull(url, "url");
    StatusAddress door = StatusAddress.loopback(url);
    return with(settings.with(copy -> copy.door = Optional.of(door)));
  }

  /**
   * Returns this router with nginx's private door at another unix socket.
   *
   * @throws IllegalArgumentException if the path is not one that nginx takes, or too long
   */
  public NginxRouter statusSocket(Path socket) {
    Objects.requireNonNull(socket, "socket");
    StatusAddress door = StatusAddress.socket(socket);
    return with(settings.with(copy -> copy.door = Optional.of(door)));
  }

  /**
   * Returns this router with another access log, in the format that {@link #renderConfig} renders;
   * by default {@code access.log} in the state directory. The {@link #meter} reads it. It has no
   * {@code buffer}, or one that is flushed at least each second.
   *
   * @throws IllegalArgumentException if the path is not one that nginx takes
   */
  public NginxRouter accessLog(Path log) {
    Objects.requireNonNull(log, "log");
    Path path = SafeText.path("access log", log);
    return with(settings.with(copy -> copy.accessLog = path));
  }

  /**
   * Returns this router with another error log; by default {@code error.log} in the state
   * directory.
   *
   * @throws IllegalArgumentException if the path is not one that nginx takes
   */
  public NginxRouter errorLog(Path log) {
    Objects.requireNonNull(log, "log");
    Path path = SafeText.path("error log", log);
    return with(settings.with(copy -> copy.errorLog = path));
  }

  /**
   * Returns this router with another pid file; by default {@code nginx.pid} in the state directory.
   *
   * @throws IllegalArgumentException if the path is not one that nginx takes
   */
  public NginxRouter pidFile(Path file) {
    Objects.requireNonNull(file, "file");
    Path path = SafeText.path("pid file", file);
    return with(settings.with(copy -> copy.pidFile = path));
  }

  /**
   * Returns this router with the user that {@link #renderConfig} lets nginx's workers run as; by
   * default nginx's own. It only matters for an nginx that root starts.
   *
   * @throws IllegalArgumentException if it is no user name
   */
  public NginxRouter workerUser(String user) {
    Objects.requireNonNull(user, "user");
    String name = SafeText.user(user);
    return with(settings.with(copy -> copy.workerUser = Optional.of(name)));
  }

  /**
   * Returns this router with another name of the cookie by which a client keeps its colour while
   * both get a share; by default {@code bgkey}. nginx gives a client without it one.
   *
   * @param name 1 to 32 of {@code a-z}, {@code 0-9} and {@code _}, starting with a letter
   * @throws IllegalArgumentException if it is anything else
   */
  public NginxRouter stickyCookie(String name) {
    Objects.requireNonNull(name, "name");
    String cookie = SafeText.cookie(name);
    return with(settings.with(copy -> copy.cookie = Optional.of(cookie)));
  }

  /** Returns this router without that cookie: each request is shared out by itself. */
  public NginxRouter notSticky() {
    return with(settings.with(copy -> copy.cookie = Optional.empty()));
  }

  /**
   * Returns this router with a header by which some clients choose the colour of a request: {@code
   * blue} or {@code green}; anything else is ignored. By default there is none.
   *
   * @param header its name
   * @param networks that may use it, as addresses or networks such as {@code 10.0.0.0/8}; at least
   *     one
   * @throws IllegalArgumentException if the name or a network is malformed, or there is none
   */
  public NginxRouter preview(String header, String... networks) {
    Objects.requireNonNull(header, "header");
    ArgumentChecks.noNulls("networks", networks);
    Preview preview = new Preview(header, List.of(networks));
    return with(settings.with(copy -> copy.preview = Optional.of(preview)));
  }

  /**
   * Returns this router with two loopback ports at which each colour of a service answers, whatever
   * the split is. By default there are none.
   *
   * @throws IllegalArgumentException if a port is outside 1 to 65535, or both are the same
   */
  public NginxRouter directPorts(String service, int blue, int green) {
    Objects.requireNonNull(service, "service");
    return with(settings.withDirect(service, new DirectPorts(blue, green)));
  }

  /**
   * Returns this router with somebody who knows what a slot is still answering: the application
   * itself. By default the answer is unknown in live mode; in reload mode it is how many former
   * workers may still answer for the slot, each of which has one connection at least.
   *
   * @param counter asked by {@link #inFlight}, from any thread
   */
  public NginxRouter inFlight(Function<Slot, InFlight> counter) {
    Objects.requireNonNull(counter, "counter");
    return with(settings.with(copy -> copy.counter = Optional.of(counter)));
  }

  /**
   * Returns this router with the command that {@code -t} and {@code -s reload} are added to in
   * reload mode; by default {@code nginx}. {@link RenderedNginx#startCommand} is one.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public NginxRouter nginxCommand(List<String> argv) {
    ArgumentChecks.noNulls("argv", argv);
    List<String> command = SafeText.command(argv);
    return with(settings.with(copy -> copy.nginx = command));
  }

  /**
   * Returns this router with another command that judges the configuration in reload mode, such as
   * {@code sudo -n nginx -t}; no shell reads it.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public NginxRouter testCommand(String... argv) {
    ArgumentChecks.noNulls("argv", argv);
    List<String> command = SafeText.command(List.of(argv));
    return with(settings.with(copy -> copy.test = Optional.of(command)));
  }

  /**
   * Returns this router with another command that tells nginx to reload, such as {@code sudo -n
   * systemctl reload nginx}; no shell reads it.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public NginxRouter reloadCommand(String... argv) {
    ArgumentChecks.noNulls("argv", argv);
    List<String> command = SafeText.command(List.of(argv));
    return with(settings.with(copy -> copy.reload = Optional.of(command)));
  }

  /**
   * Returns this router with another proof of a reload; by default {@link ReloadProof#AUTOMATIC}.
   */
  public NginxRouter proof(ReloadProof proof) {
    Objects.requireNonNull(proof, "proof");
    return with(settings.with(copy -> copy.proof = proof));
  }

  /**
   * Returns this router with the {@code keepalive_min_timeout} that nginx (1.27.4 or later) has;
   * the rendered nginx.conf gets it, too. A former worker then keeps a connection until it was idle
   * for so long, and answers one more request on it, so that a reload loses no request of a client
   * that pauses less. From 1 s on {@link io.bluegreen.RouterGuarantee#LOSSLESS} is promised for
   * those clients; one that pauses for about as long can lose a request.
   *
   * <p>A switch waits until every former worker has ended, or this time has passed since they were
   * told to. That is no proof that none takes a request any more: where an answer was under way at
   * the reload, its connection is kept for this time from the answer's end on. So {@link
   * io.bluegreen.RouterGuarantee#NO_STALE} is not promised, as it is not without this setting.
   *
   * @throws IllegalArgumentException if it is not between 1 ms and one minute
   */
  public NginxRouter keepaliveMinTimeout(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "keepaliveMinTimeout: expected 1 ms to one minute, but was " + Durations.describe(limit));
    }
    return with(settings.with(copy -> copy.minTimeout = Optional.of(limit)));
  }

  /**
   * Returns this router with another source of time, which the caller closes; by default real time.
   */
  public NginxRouter time(TimeSource time) {
    Objects.requireNonNull(time, "time");
    return with(settings.with(copy -> copy.time = Optional.of(time)));
  }

  /** Returns this router with somebody who is told of each point between writing and proving. */
  NginxRouter checkpoint(Checkpoint checkpoint) {
    return with(settings.with(copy -> copy.checkpoint = checkpoint));
  }

  /**
   * Renders a complete, working configuration of nginx for a group, so that names and ports are
   * told once. Host names of endpoints are resolved now, because nginx does not start when it can't
   * resolve one. Touches nothing; see {@link RenderedNginx#write}.
   *
   * @throws IllegalArgumentException if a service has no front door, an address is not http or
   *     can't be resolved, or a name can't be rendered
   */
  public RenderedNginx renderConfig(Group group) {
    Objects.requireNonNull(group, "group");
    return RenderedNginx.of(group, settings);
  }

  /**
   * Looks at nginx and says what can be promised with it.
   *
   * <p>It asks each service's own server, at nginx's private door, for a page that nginx answers
   * itself, and looks for it in the access log for at most 2 s; where it is not there, a warning
   * says why there is no {@link #meter}.
   *
   * <p>In live mode it asks nginx with real requests whether it sees the state directory. For that
   * a file of a random name is created and deleted there at once; nothing that nginx serves depends
   * on it.
   */
  @Override
  public RouterReport open(Opening opening) {
    Objects.requireNonNull(opening, "opening");
    OpenNginx nginx = OpenNginx.open(settings, opening);
    opened = nginx;
    return nginx.report();
  }

  @Override
  public RouterTruth current() {
    return opened().mode().current();
  }

  @Override
  public void apply(Switch change) {
    Objects.requireNonNull(change, "change");
    opened().mode().apply(change);
  }

  @Override
  public List<String> plan(Switch change) {
    Objects.requireNonNull(change, "change");
    return opened().mode().plan(change);
  }

  @Override
  public InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return opened().mode().inFlight(slot);
  }

  /**
   * Returns counts from nginx's access log. nginx writes a request there when it is over. That what
   * the services answer gets into it, is proven by {@link #open}, and again by a reading when a
   * minute has passed since, because nginx may have been given another configuration; where it does
   * not, the meter says why and how to mend it each time that it is read, and tries again.
   *
   * <p>What came while nobody has read it is passed over up to this call if it is more than 16 MB.
   * It follows a log that is renamed within its directory, or truncated, if it is read at least
   * once between two times that this happens; it has no file open from one reading to the next.
   */
  @Override
  public Optional<TrafficMeter> meter() {
    return Optional.of(opened().meter().meter());
  }

  /** Returns all of them: the access log has each request. */
  @Override
  public Set<TrafficMeter.Measure> measures() {
    return EnumSet.allOf(TrafficMeter.Measure.class);
  }

  @Override
  public void close() {
    OpenNginx closing = opened;
    opened = null;
    if (closing != null) {
      closing.close();
    }
  }

  private OpenNginx opened() {
    OpenNginx now = opened;
    if (now == null) {
      throw new IllegalStateException("open() comes before anything else, close() after it");
    }
    return now;
  }

  private static NginxRouter with(NginxSettings changed) {
    return new NginxRouter(changed);
  }
}
