package io.bluegreen.embedded;

import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Failures;
import io.bluegreen.support.OptionalLibrary;
import io.bluegreen.support.TrustedProxies;
import io.undertow.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 reverse proxy inside this JVM, for machines where no proxy is installed: single
 * hosts, tests, demos, small installations. It stops serving when this JVM ends, until the next one
 * opens it; where that matters, use nginx or HAProxy.
 *
 * <p>What it does with a request and an answer, with its limits, stands at the top of {@linkplain
 * io.bluegreen.embedded this package}.
 *
 * <p>From {@link #serve} to {@link #close} it listens on each routed service's {@linkplain
 * Service#frontDoor(String) front door} and hands each request to an instance of the colour that
 * the split says, by turns where a slot has several. What it routes by is one value that is
 * replaced as a whole, so that all services of a group move at one instant.
 *
 * <pre>{@code
 * Router router = EmbeddedRouter.create().stickyCookie("cohort").preview("X-Preview", "127.0.0.1");
 * }</pre>
 *
 * <p><b>After a crash</b> nothing is left of the split in this class. The next one starts with the
 * split that was acknowledged last, which the manager hands to {@link #serve}. A switch that was
 * made and not acknowledged is undone by a crash.
 *
 * <p>Undertow logs through JBoss Logging, which finds Logback or Log4j by itself; for any other
 * SLF4J backend start the JVM with {@code -Dorg.jboss.logging.provider=slf4j}.
 *
 * <p>Safe for use by several threads. Its threads are daemons and end with {@link #close}.
 */
public final class EmbeddedRouter implements Router {
  private static final Duration CUT_LIMIT = Duration.ofSeconds(5);

  private final EmbeddedSettings settings;
  private volatile @Nullable OpenFrontDoors doors;
  private volatile @Nullable Opening opened;
  private volatile boolean closed;
  private volatile long highestFence;

  private EmbeddedRouter(EmbeddedSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns a router that shares requests at random, one by one, and obeys no preview header. The
   * methods that change that return a changed copy, and leave this one as it is.
   *
   * @throws IllegalStateException if Undertow is not on the class path; the message names what to
   *     add
   */
  public static EmbeddedRouter create() {
    OptionalLibrary.UNDERTOW.require(EmbeddedRouter.class);
    return new EmbeddedRouter(EmbeddedSettings.defaults());
  }

  /**
   * Returns a router that keeps a user on one colour while the share of green rises: a user without
   * this cookie is given a random one (for the session, {@code Path=/; HttpOnly; SameSite=Lax}),
   * which puts them into one of a hundred cohorts, the same for all services. Off by default. It is
   * no access control: anyone who forges the cookie chooses a cohort.
   *
   * @param name 1 to 64 of letters, digits, {@code _} and {@code -}
   * @throws IllegalArgumentException if the name has anything else
   */
  public EmbeddedRouter stickyCookie(String name) {
    Objects.requireNonNull(name, "name");
    return new EmbeddedRouter(settings.with(new StickyCookie(name)));
  }

  /**
   * Returns a router that obeys a request header with the value {@code blue} or {@code green}, so
   * that the idle colour can be reached through the front door. Off by default. The header counts
   * only on a connection from one of the addresses (what {@code X-Forwarded-For} says is not looked
   * at); from anywhere else, and with any other value, it is ignored. It never reaches the
   * application. The {@link #meter} does not count such a request, because no split sent it.
   *
   * @param header its name: 1 to 64 of letters, digits and {@code -}
   * @param trusted at least one literal address or block, such as {@code 127.0.0.1}, {@code ::1},
   *     {@code 10.0.0.0/8}; behind another proxy this would be everybody's
   * @throws IllegalArgumentException if the name or an address is malformed, or there is none
   */
  public EmbeddedRouter preview(String header, String... trusted) {
    Objects.requireNonNull(header, "header");
    ArgumentChecks.noNulls("trusted", trusted);
    return new EmbeddedRouter(settings.with(PreviewHeader.of(header, trusted)));
  }

  /**
   * Returns a router behind proxies that are believed where a request came from, as {@link
   * io.bluegreen.support.ForwardedHeaders} says; by default none is.
   */
  public EmbeddedRouter trustedProxies(String... networks) {
    return new EmbeddedRouter(settings.with(TrustedProxies.of(networks)));
  }

  /**
   * Returns a router that measures and waits by this time, which its owner closes; by default by
   * real time.
   */
  public EmbeddedRouter time(TimeSource time) {
    Objects.requireNonNull(time, "time");
    return new EmbeddedRouter(settings.with(time));
  }

  /**
   * Looks whether it can serve this group; listens on nothing yet.
   *
   * @throws RouterException if a routed service has no front door, an address is not plain http, or
   *     Undertow is older than 2.3.18; a version that this router was not tested with is a warning
   * @throws IllegalStateException if it was opened or closed before
   */
  @Override
  public synchronized RouterReport open(Opening opening) {
    Objects.requireNonNull(opening, "opening");
    if (opened != null || closed) {
      throw new IllegalStateException(
          "an embedded router is opened once; create another one for another manager");
    }
    OpenFrontDoors.check(opening.group());
    List<RouterReport.Warning> warnings = new ArrayList<>();
    warnings.add(
        new RouterReport.Warning(
            "the embedded router serves only while this JVM runs",
            "use NginxRouter or HaproxyRouter where traffic must outlive it",
            Optional.empty()));
    UndertowVersion.judge(Version.getVersionString()).ifPresent(warnings::add);
    opened = opening;
    return new RouterReport(EnumSet.allOf(RouterGuarantee.class), warnings);
  }

  /**
   * Starts to listen, with the split that was acknowledged last. A service that is not in that
   * split is unassigned: its requests go to blue, as by any proxy's default.
   *
   * @throws RouterException if a front door can't be listened on; then it listens on none
   * @throws IllegalStateException if it is closed, or was not opened
   */
  @Override
  public synchronized void serve(Opening opening) {
    Objects.requireNonNull(opening, "opening");
    if (opened == null || closed) {
      throw new IllegalStateException("an embedded router serves from open() to close()");
    }
    if (doors == null) {
      doors = OpenFrontDoors.open(opening.group(), RoutingTable.initial(opening), settings);
    }
  }

  /**
   * Returns what this serves. Where it does not serve yet it says whether somebody listens at its
   * front doors, which may be another process with a router of this group.
   */
  @Override
  public RouterTruth current() {
    OpenFrontDoors open = doors;
    if (open != null && !closed) {
      return open.table().truth(highestFence);
    }
    Opening known = opened;
    if (known == null || closed) {
      return new RouterTruth.Unreachable("the embedded router is not open");
    }
    return new RouterTruth.NotServing(
        known.start(),
        "the embedded router does not serve in this process; "
            + FrontDoorCheck.at(known.group())
            + "; recover() or the next operation starts to serve");
  }

  /**
   * Routes by the new split from the moment on in which this returns, which is at once. Requests
   * that are being answered, and WebSockets that are open, stay where they are.
   *
   * @throws RouterException if {@link Switch#admit(RouterTruth.Known)} refuses the switch; its
   *     fence is compared with the highest that this object has seen
   */
  @Override
  public synchronized void apply(Switch change) {
    Objects.requireNonNull(change, "change");
    OpenFrontDoors open = serving();
    change.admit(open.table().truth(highestFence));
    highestFence = change.fence();
    open.route(open.table().after(change));
  }

  @Override
  public List<String> plan(Switch change) {
    Objects.requireNonNull(change, "change");
    OpenFrontDoors open = doors;
    RoutingTable table = open == null ? new RoutingTable(change.from(), 0, Set.of()) : open.table();
    return table.plan(change);
  }

  /**
   * Returns the exact number of requests and open WebSockets; 0 while the slot's share is 0 means
   * that none can follow, apart from those that ask for it by the preview header.
   */
  @Override
  public InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    SlotTraffic traffic = serving().traffic(slot);
    return traffic == null ? InFlight.NONE : traffic.inFlight();
  }

  /** Closes the connections on both sides of everything that the slot is answering. */
  @Override
  public int cut(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    SlotTraffic traffic = serving().traffic(slot);
    List<ProxiedRequest> requests = traffic == null ? List.of() : traffic.requests();
    CompletableFuture<?> all =
        CompletableFuture.allOf(
            requests.stream().map(ProxiedRequest::cut).toArray(CompletableFuture<?>[]::new));
    try {
      settings.time().await(CUT_LIMIT, all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notCut(slot, e);
    } catch (Exception e) {
      throw notCut(slot, e);
    }
    return requests.size();
  }

  /**
   * Counts every request that the split sent to a slot, not those by the preview header. An answer
   * that this router gave in place of the application (503) counts as one of the slot that was
   * chosen; a client that went away before the answer counts as a client error; an answer that
   * broke off counts by its status. Latency is the time until the first byte of an answer.
   */
  @Override
  public Optional<TrafficMeter> meter() {
    return Optional.of(() -> serving().meter().read());
  }

  @Override
  public Set<TrafficMeter.Measure> measures() {
    return EnumSet.allOf(TrafficMeter.Measure.class);
  }

  /**
   * Stops listening, breaks off what is being answered, and ends its threads; when it returns the
   * ports are free. It does so in an interrupted thread, too, which stays interrupted. After a
   * failure another call ends the rest.
   */
  @Override
  public synchronized void close() {
    closed = true;
    OpenFrontDoors open = doors;
    try {
      if (open != null) {
        open.close();
        doors = null;
      }
    } finally {
      if (!settings.lentTime()) {
        settings.time().close();
      }
    }
  }

  private OpenFrontDoors serving() {
    OpenFrontDoors open = doors;
    if (open == null) {
      throw new RouterException("the embedded router serves nothing here", Effect.UNKNOWN);
    }
    return open;
  }

  private static RouterException notCut(Slot slot, Exception e) {
    return new RouterException(
        "it is not certain that what " + slot + " still answers was cut: " + Failures.reason(e),
        Effect.UNCHANGED,
        e);
  }
}
