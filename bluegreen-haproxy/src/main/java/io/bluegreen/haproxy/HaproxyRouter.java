package io.bluegreen.haproxy;

import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves the traffic of a group in HAProxy, 2.4 to 3.4, through its runtime API: no reload, and no
 * request is lost.
 *
 * <pre>{@code
 * HaproxyRouter router = HaproxyRouter.map(
 *         Path.of("/etc/haproxy/maps/shop.map"),
 *         RuntimeApi.unix(Path.of("/run/haproxy/admin.sock")))
 *     .master(MasterApi.unix(Path.of("/run/haproxy-master.sock")));
 * }</pre>
 *
 * <p>{@link #renderConfig} gives a configuration and the first map to start from.
 *
 * <p>With the master's socket a switch survives a reload, a restart and a crash of HAProxy, and of
 * this process, at any moment: the map file is replaced durably first, the running map is set and
 * read back, former workers are told, and the master confirms that no reload came in between. The
 * worst that a crash leaves behind is a file that is one switch ahead of what runs; {@link
 * #current} shows it as a difference of durable truth, and the next {@link #apply} makes both
 * equal. Without the master's socket {@link #open} does not promise that. Nor does it for a HAProxy
 * that is reached over TCP, unless it is proven that this HAProxy loads this very file: {@link
 * #current} then says that nobody knows what the next reload would serve.
 *
 * <p>A reload that overtakes a switch brings a worker that has read the former file. Until {@link
 * #apply} has switched that one, too, and returned, a client may see services in both colours.
 *
 * <p>It is not proven that HAProxy's frontends look up the map as those of {@link #renderConfig}
 * do: HAProxy can't be asked for its rules.
 *
 * <p>Until {@link #open} a router is an immutable description, and each method that sets something
 * returns a changed copy. An open router is safe for use by several threads, as {@link Router}
 * says.
 */
public final class HaproxyRouter implements Router {
  private final HaproxySettings settings;
  private volatile @Nullable OpenHaproxy opened;
  private volatile long acknowledged;

  private HaproxyRouter(HaproxySettings settings) {
    this.settings = settings;
  }

  /**
   * Returns a router in map mode, which has two backends per service and one map with each
   * service's split. All services of a group are switched at one instant.
   *
   * @param map the file of the map: an absolute path, spelled as in HAProxy's configuration. This
   *     process replaces the file and keeps a lock file beside it, so that it has to be able to
   *     write in the directory
   * @param admin HAProxy's own socket, of {@code level admin}
   * @throws IllegalArgumentException if the path has characters that HAProxy's commands can't take,
   *     which are all but {@code A-Z a-z 0-9 _ . / : -}
   */
  public static HaproxyRouter map(Path map, RuntimeApi admin) {
    Objects.requireNonNull(map, "map");
    Objects.requireNonNull(admin, "admin");
    CommandWord.file("map", map);
    return new HaproxyRouter(new HaproxySettings(map, admin, false));
  }

  /**
   * Returns a router in server mode, for existing configurations: each service is a backend of its
   * own name, and each of its servers has a name that starts with blue or green. The split is made
   * of weights, so that services are switched one after the other, and {@link
   * io.bluegreen.RouterGuarantee#ATOMIC_GROUP} and {@link io.bluegreen.RouterGuarantee#NO_STALE}
   * are not promised.
   *
   * <p>The configured weights have to give everything to one colour, blue or green, and the backend
   * must have no other servers. Before the first switch that colour serves, in the running process
   * and after a start. Nothing else may set weights: an agent ({@code agent-check}) or SRV records
   * are refused by {@link #open}, and an agent by each switch, too.
   *
   * <p>After a reload with another configured weight, HAProxy ignores the recorded one. {@link
   * #current} tells that, and the next switch mends it. If the configured address is changed, the
   * file overrides it for as long as the server has the same name (configuration manual, section
   * 3.1, "server-state-file"): {@link #open} refuses that, and names the lines to write, with
   * another name. HAProxy loads one such file, so only one group of a HAProxy can be in this mode.
   *
   * @param stateFile the group's server-state file, an absolute path; this process replaces the
   *     file and keeps a lock file beside it
   * @param admin HAProxy's own socket, of {@code level admin}
   * @throws IllegalArgumentException as for {@link #map}
   */
  public static HaproxyRouter server(Path stateFile, RuntimeApi admin) {
    Objects.requireNonNull(stateFile, "stateFile");
    Objects.requireNonNull(admin, "admin");
    CommandWord.file("stateFile", stateFile);
    return new HaproxyRouter(new HaproxySettings(stateFile, admin, true));
  }

  /**
   * Returns this router with HAProxy's configuration, which {@link #open} reads. In server mode it
   * shows whether HAProxy loads the state file; if not, a switch does not survive a reload. In
   * either mode it shows what HAProxy can't be asked for: rules that send requests past the split,
   * and options by which something else takes servers out; each finding names its line. If the
   * configuration has several files, name the one with the group's backends.
   */
  public HaproxyRouter configuration(Path haproxyCfg) {
    Objects.requireNonNull(haproxyCfg, "haproxyCfg");
    return new HaproxyRouter(settings.configuration(haproxyCfg));
  }

  /**
   * Returns this router with the master's socket ({@code haproxy -W -S}; Debian's unit has it).
   * Without it a switch can't be made safe against a reload, and former workers can't be seen.
   */
  public HaproxyRouter master(MasterApi masterApi) {
    Objects.requireNonNull(masterApi, "masterApi");
    return new HaproxyRouter(settings.master(masterApi));
  }

  /**
   * Returns this router for a HAProxy in a container of this machine. The map or state file, the
   * sockets and the configuration are named as this program sees them; what HAProxy calls them, and
   * the addresses of the group, is told by the view. No process of HAProxy is looked up here: a
   * worker is known by its start, and {@link #open} refuses a master whose worker has another start
   * than the one that the admin socket reaches.
   *
   * <p>A file that is mounted by itself stays the same there when it is replaced here. So {@link
   * io.bluegreen.RouterGuarantee#RELOAD_SAFE} is promised only if HAProxy tells that it has made
   * the admin socket in the very folder of the file and, in server mode, has loaded the {@link
   * #configuration} from that folder. Two things are not seen: a socket in that folder that leads
   * to a HAProxy elsewhere, as {@code ssh -L} makes one; and a file that is mounted over the
   * folder's own one. Linux removes such a mount when a switch replaces the file.
   *
   * @throws IllegalArgumentException if the file is in none of the view's folders, or commands
   *     can't take its path there, as for {@link #map}
   */
  public HaproxyRouter inContainer(ContainerView view) {
    Objects.requireNonNull(view, "view");
    HaproxySettings contained = settings.inContainer(view);
    CommandWord.file("view", contained.file().loaded());
    return new HaproxyRouter(contained);
  }

  /**
   * Returns this router with another source of time, which the caller closes; by default real time.
   */
  public HaproxyRouter time(TimeSource time) {
    Objects.requireNonNull(time, "time");
    return new HaproxyRouter(settings.time(time));
  }

  /**
   * Renders a configuration and a first map for this router, with every routed service.
   *
   * @throws IllegalArgumentException if a service has no front door or is not spoken to by plain
   *     http, its name could be that of a part of another service ({@code web_blue}), the router
   *     does not use a unix socket, or a container does not see the socket or an address
   */
  public RenderedHaproxy renderConfig(Group group) {
    Objects.requireNonNull(group, "group");
    return renderConfig(group, RenderOptions.defaults());
  }

  /** Does the same as {@link #renderConfig(Group)}, with a preview route, direct ports and more. */
  public RenderedHaproxy renderConfig(Group group, RenderOptions options) {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(options, "options");
    group.routed().forEach(HaproxyRouter::requireOwnNames);
    return settings.byServers()
        ? new ServerConfigText(group, settings, options).render()
        : new ConfigText(group, settings, options).render();
  }

  /**
   * Refuses a name that HAProxy's names for another service could have: backends and the frontends
   * of direct ports are named after the service and its colours.
   */
  private static void requireOwnNames(Service service) {
    if (service.name().matches("direct_.*|front_.*|.*_(blue|green|asked)")) {
      throw new IllegalArgumentException(
          "service: HAProxy's names for the colours of another service could be "
              + service
              + "; expected a name that does not begin with direct_ or front_, and does not end"
              + " with _blue, _green or _asked");
    }
  }

  @Override
  public RouterReport open(Opening opening) {
    Objects.requireNonNull(opening, "opening");
    OpenHaproxy haproxy = OpenHaproxy.open(settings, opening.group());
    acknowledged = opening.generation();
    opened = haproxy;
    return haproxy.report();
  }

  @Override
  public RouterTruth current() {
    return new TruthReader(opened().proxy(), opened().mode(), acknowledged > 0).read();
  }

  /**
   * Makes a switch, as {@link io.bluegreen.Router#apply} promises it.
   *
   * <p>In either mode the switch holds a lock of the operating system on an empty file beside the
   * one that it replaces ({@code .shop.map.lock} for {@code shop.map}), from before its first look
   * until it is proven or undone. While another router, in this JVM or in another one of this
   * machine, switches by the same file, it changes nothing, whatever the stores say, and waits for
   * half of the switch's limit. A JVM that is suspended in a switch keeps the others out until it
   * has ended or was killed. The lock file stays; don't delete it while somebody may switch. Only
   * this user can open it, and the directory's group if that may write in the directory.
   *
   * @throws RouterException also if somebody else is switching, or the lock can't be taken, with
   *     {@link Effect#UNCHANGED}
   */
  @Override
  public void apply(Switch change) {
    Objects.requireNonNull(change, "change");
    new SwitchRun(opened().proxy(), opened().mode(), change).apply();
    acknowledged = change.generation();
  }

  @Override
  public List<String> plan(Switch change) {
    Objects.requireNonNull(change, "change");
    return SwitchRun.plan(opened().proxy(), opened().mode(), change);
  }

  @Override
  public InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return asked(
        () -> new InFlightSessions(opened().proxy()).inFlight(opened().mode().target(slot)));
  }

  /**
   * Ends the sessions of a slot in all workers ({@code shutdown sessions server}): requests in
   * flight get no answer or a 502, WebSockets are closed.
   */
  @Override
  public int cut(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return asked(() -> new InFlightSessions(opened().proxy()).cut(opened().mode().target(slot)));
  }

  @Override
  public Optional<TrafficMeter> meter() {
    OpenHaproxy now = opened;
    return now == null ? Optional.empty() : Optional.of(now.counters());
  }

  /** Returns counts, errors and the mean of latencies: HAProxy's statistics have no quantiles. */
  @Override
  public Set<TrafficMeter.Measure> measures() {
    return EnumSet.of(TrafficMeter.Measure.ERRORS, TrafficMeter.Measure.MEAN_LATENCY);
  }

  @Override
  public void close() {
    OpenHaproxy closing = opened;
    opened = null;
    if (closing != null) {
      closing.close();
    }
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeApiException e) {
      throw new RouterException(
          "HAProxy can't be asked: " + e.getMessage(),
          e.mayHaveActed() ? Effect.UNKNOWN : Effect.UNCHANGED,
          e);
    }
  }

  private OpenHaproxy opened() {
    OpenHaproxy now = opened;
    if (now == null) {
      throw new IllegalStateException("open() comes before anything else, close() after it");
    }
    return now;
  }
}
