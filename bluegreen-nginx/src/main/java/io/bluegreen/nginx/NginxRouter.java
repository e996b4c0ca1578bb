package io.bluegreen.nginx;

import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Moves the traffic of one group in one nginx of this machine: in live mode ({@link #live}, the
 * recommended one) by renaming a link, without a reload; in reload mode ({@link #reload}) by a
 * generated file and a reload. What each mode does to requests under way, to failing instances and
 * to the disk stands at the top of {@linkplain io.bluegreen.nginx this package}.
 *
 * <p>Start with the configuration that {@link #renderConfig} renders, and let nginx run with it. A
 * later change of the group's services or addresses needs it rendered again, and one reload.
 *
 * <p>Until {@link #open} it is a description: immutable, each of the naming methods returns a
 * changed copy. It refuses at once, with an {@link IllegalArgumentException}, an argument that is
 * not as the method says. A path stands in nginx's configuration, so that it may have nothing but
 * {@code A-Za-z0-9/._-}, and a command has at least one word. An opened router is safe for use by
 * several threads as {@link Router} says. After a crash at any moment nginx serves the split from
 * before or the new one, whole.
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
   */
  public static NginxRouter live(Path stateDirectory) {
    return new NginxRouter(NginxSettings.live(stateDirectory));
  }

  /**
   * Returns a router that replaces one generated file and reloads nginx, where live mode can't be
   * used. The user's nginx.conf includes that file by name (no glob) in its http block. {@link
   * io.bluegreen.RouterGuarantee#NO_STALE} is never promised.
   *
   * @param generatedFile that the library owns, and must be allowed to replace. Anyone who may
   *     write it has the rights of nginx's master
   */
  public static NginxRouter reload(Path generatedFile) {
    return new NginxRouter(NginxSettings.reload(generatedFile));
  }

  /**
   * Returns this router with nginx's private door at a loopback address, such as {@code
   * http://127.0.0.1:8099}, instead of the unix socket {@code status.sock} in its directory.
   */
  public NginxRouter status(String url) {
    return new NginxRouter(settings.status(url));
  }

  /** Returns this router with nginx's private door at another unix socket. */
  public NginxRouter statusSocket(Path socket) {
    return new NginxRouter(settings.statusSocket(socket));
  }

  /**
   * Returns this router with another access log than {@code access.log} in its directory, in the
   * format that {@link #renderConfig} renders. A {@code buffer} is flushed at least each second.
   */
  public NginxRouter accessLog(Path log) {
    return new NginxRouter(settings.accessLog(log));
  }

  /** Returns this router with another error log than {@code error.log} in the state directory. */
  public NginxRouter errorLog(Path log) {
    return new NginxRouter(settings.errorLog(log));
  }

  /** Returns this router with another pid file than {@code nginx.pid} in its directory. */
  public NginxRouter pidFile(Path file) {
    return new NginxRouter(settings.pidFile(file));
  }

  /** Returns this router with the user of the workers where root starts nginx, as rendered. */
  public NginxRouter workerUser(String user) {
    return new NginxRouter(settings.workerUser(user));
  }

  /**
   * Returns this router with another name of the cookie by which a client keeps its colour while
   * both get a share; by default {@code bgkey}. nginx gives the cookie to a client without one.
   *
   * @param name 1 to 32 of {@code a-z}, {@code 0-9} and {@code _}, starting with a letter
   */
  public NginxRouter stickyCookie(String name) {
    return new NginxRouter(settings.stickyCookie(name));
  }

  /** Returns this router without that cookie: the colour of each request is chosen by itself. */
  public NginxRouter notSticky() {
    return new NginxRouter(settings.notSticky());
  }

  /**
   * Returns this router with a header by which some clients choose the colour of a request: {@code
   * blue} or {@code green}; anything else is ignored. By default there is none.
   *
   * @param header its name
   * @param networks that may use it, such as {@code 10.0.0.0/8}; at least one
   */
  public NginxRouter preview(String header, String... networks) {
    return new NginxRouter(settings.preview(header, networks));
  }

  /**
   * Returns this router behind proxies that are believed where a request came from, as {@link
   * io.bluegreen.support.ForwardedHeaders} says; by default none is.
   */
  public NginxRouter trustedProxies(String... networks) {
    return new NginxRouter(settings.trustedProxies(networks));
  }

  /** Returns this router with two loopback ports at which a service's colours answer. */
  public NginxRouter directPorts(String service, int blue, int green) {
    return new NginxRouter(settings.directPorts(service, blue, green));
  }

  /**
   * Returns this router with a counter of what a slot is still answering, which then decides alone;
   * it is asked from any thread. By default nginx counts it by {@code limit_conn}
   * (ngx_http_limit_conn_module), WebSockets included; {@link #open} proves that, or says why not.
   */
  public NginxRouter inFlight(Function<Slot, InFlight> counter) {
    return new NginxRouter(settings.inFlight(counter));
  }

  /**
   * Returns this router with another command than {@code nginx} to add {@code -t} and {@code -s
   * reload} to in reload mode, and {@code -V} in both; such as {@link RenderedNginx#startCommand}.
   */
  public NginxRouter nginxCommand(List<String> argv) {
    return new NginxRouter(settings.nginxCommand(argv));
  }

  /** Returns this router with another command that judges the configuration; no shell reads it. */
  public NginxRouter testCommand(String... argv) {
    return new NginxRouter(settings.testCommand(argv));
  }

  /** Returns this router with another command that tells nginx to reload; no shell reads it. */
  public NginxRouter reloadCommand(String... argv) {
    return new NginxRouter(settings.reloadCommand(argv));
  }

  /** Returns this router with another proof of a reload than {@link ReloadProof#AUTOMATIC}. */
  public NginxRouter proof(ReloadProof proof) {
    return new NginxRouter(settings.proof(proof));
  }

  /**
   * Returns this router with the {@code keepalive_min_timeout} that nginx (1.27.4 or later) has;
   * the rendered nginx.conf gets it, too. A former worker then keeps a connection until it was idle
   * for so long, and answers one more request on it. From 1 s on {@link
   * io.bluegreen.RouterGuarantee#LOSSLESS} is promised for clients that pause less; one that pauses
   * for about as long can lose a request.
   *
   * @param limit 1 ms to one minute; a switch waits for so long if former workers do not end sooner
   */
  public NginxRouter keepaliveMinTimeout(Duration limit) {
    return new NginxRouter(settings.keepaliveMinTimeout(limit));
  }

  /**
   * Returns this router for an nginx in a container of this machine, as the end of {@linkplain
   * io.bluegreen.nginx this package's page} says. All paths are given as this program sees them;
   * nginx's configuration gets them as nginx does.
   */
  public NginxRouter inContainer(ContainerView view) {
    return new NginxRouter(settings.inContainer(view));
  }

  /** Returns this router with another source of time than real time; the caller closes it. */
  public NginxRouter time(TimeSource time) {
    return new NginxRouter(settings.time(time));
  }

  /** Returns this router with a checkpoint: it is told of each point between write and proof. */
  NginxRouter checkpoint(Checkpoint checkpoint) {
    return new NginxRouter(settings.checkpoint(checkpoint));
  }

  /**
   * Renders a complete, working configuration of nginx for a group. Host names of endpoints are
   * resolved now, because nginx does not start when it can't resolve one; {@code nginx -V} is
   * asked, so that nginx gets nothing that it does not know. See {@link RenderedNginx#write}.
   *
   * @throws IllegalArgumentException if a service has no front door, an address is not http or
   *     can't be resolved, or a name can't be rendered
   */
  public RenderedNginx renderConfig(Group group) {
    return RenderedNginx.of(Objects.requireNonNull(group, "group"), settings);
  }

  /**
   * Looks at nginx and says what can be promised with it. At nginx's private door it asks each
   * service's own server for a page that nginx has to log within 2 s, without which there is no
   * {@link #meter}, and, unless a counter was named, with a request that nginx has to count and
   * that is given up before anything of it is passed on; for that it reads nginx's configuration,
   * too. Whether nginx sees the directory (live mode, or a container) it asks by a file of a random
   * name, which it deletes at once. A warning says what is wrong.
   */
  @Override
  public RouterReport open(Opening opening) {
    opened = OpenNginx.open(settings, Objects.requireNonNull(opening, "opening"));
    return opened().report();
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

  /**
   * Returns what nginx counts for a slot; UNKNOWN where it is not proven that it counts each
   * request. In reload mode a former worker counts as one at least, until it has ended.
   */
  @Override
  public InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return opened().mode().inFlight(slot);
  }

  /** Throws: nginx can't end the requests of one slot and leave the others alone. */
  @Override
  public int cut(Slot slot) {
    throw new RouterException(
        "nginx can't end what %s still answers: it ends by itself, or with its process"
            .formatted(Objects.requireNonNull(slot, "slot")),
        RouterException.Effect.UNCHANGED);
  }

  /**
   * Returns counts from nginx's access log, to which nginx writes a request when it is over. {@link
   * #open} proves that what the services answer gets there, and a reading proves it again after a
   * minute; where it does not, it says why and how to mend it. What came while nobody read it is
   * passed over up to this call if it is more than 16 MB.
   */
  @Override
  public Optional<TrafficMeter> meter() {
    return Optional.of(opened().meter().meter());
  }

  /** Returns all of them: the access log has each request. */
  @Override
  public Set<TrafficMeter.Measure> measures() {
    return Set.of(TrafficMeter.Measure.values());
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
}
