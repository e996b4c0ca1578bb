package io.bluegreen.testing;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A router with a proxy in memory. It keeps every promise of {@link Router}, apart from the faults
 * that it gets by {@link #next}. The proxy outlives {@link #close} and may be shared by several
 * managers, one after another or by {@link #another}. Safe for use by several threads.
 *
 * <pre>{@code
 * FakeRouter router = new FakeRouter(time);
 * router.next(RouterFault.FAIL_AFTER_APPLYING);
 * time.at(Duration.ofMinutes(3), () -> router.switchByHand("web", Color.BLUE, 100));
 * }</pre>
 */
public final class FakeRouter implements Router {
  private final TimeSource time;
  private final FakeProxy proxy;
  private Set<RouterGuarantee> guarantees = EnumSet.allOf(RouterGuarantee.class);
  private Set<TrafficMeter.Measure> measures = EnumSet.allOf(TrafficMeter.Measure.class);
  private Duration takes = Duration.ZERO;
  private boolean leaving;
  private @Nullable Group group;

  /** Creates a router that never hangs, for tests that need no time. */
  public FakeRouter() {
    this(new VirtualTime());
  }

  /**
   * Creates a router in front of a fresh proxy, where nothing was ever assigned.
   *
   * @param time the time source of the manager
   */
  public FakeRouter(TimeSource time) {
    this(time, new FakeProxy());
  }

  private FakeRouter(TimeSource time, FakeProxy proxy) {
    this.time = Objects.requireNonNull(time, "time");
    this.proxy = proxy;
  }

  /** Returns another router in front of the same proxy, as another process would open it. */
  public FakeRouter another() {
    return new FakeRouter(time, proxy);
  }

  /** Takes back some of the guarantees. By default it declares all of them. */
  public FakeRouter without(RouterGuarantee... missing) {
    ArgumentChecks.noNulls("missing", missing);
    guarantees = EnumSet.copyOf(guarantees);
    List.of(missing).forEach(guarantees::remove);
    return this;
  }

  /** Declares that its meter measures only this; by default it measures everything. */
  public FakeRouter measures(TrafficMeter.Measure... told) {
    ArgumentChecks.noNulls("told", told);
    measures = Set.of(told);
    return this;
  }

  /**
   * Lets each switch leave workers behind until {@link #retireFormerWorkers}. They finish their
   * open requests and take no new ones. By default there are none.
   */
  public FakeRouter leavingFormerWorkers() {
    leaving = true;
    return this;
  }

  /** Lets each {@code apply} take some time; by default none. */
  public FakeRouter takes(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    takes = duration;
    return this;
  }

  /** Adds faults: each happens in the next call of its kind, in this order. */
  public FakeRouter next(RouterFault... faults) {
    ArgumentChecks.noNulls("faults", faults);
    proxy.faults.add(List.of(faults));
    return this;
  }

  /**
   * Changes a service's split at the proxy, durably, as an operator does without telling anybody.
   */
  public void switchByHand(String service, Color color, int percent) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    proxy.switchByHand(service, color, percent, true);
  }

  /**
   * Changes the split that runs, but not the one that a cold start would serve, as an operator
   * might.
   */
  public void switchRunningByHand(String service, Color color, int percent) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    proxy.switchByHand(service, color, percent, false);
  }

  /** Starts the proxy again; it then serves its durable split. */
  public void restartCold() {
    proxy.restartCold();
  }

  /**
   * Reloads the proxy, as somebody else might: new workers serve the durable split, and former ones
   * still take requests by the split that ran, until {@link #retireFormerWorkers}.
   */
  public void reload() {
    proxy.reload(opened());
  }

  /** Ends the former workers. */
  public void retireFormerWorkers() {
    proxy.retireFormerWorkers();
  }

  /** Lets the proxy forget everything but the fence, and serve its rendered default. */
  public void loseState() {
    proxy.loseState();
  }

  /** Lets the proxy die: it serves nothing and answers nobody until {@link #restartCold}. */
  public void goDown() {
    proxy.goDown();
  }

  /**
   * Sets whether something listens in a slot before its first switch; by default nothing does, so
   * that a first deployment finds an empty machine.
   *
   * @param instances one answer for each instance, the last one for all that are left
   */
  public void listening(String service, Color color, Listening... instances) {
    String slot = slot(service, color);
    ArgumentChecks.noNulls("instances", instances);
    proxy.set(proxy.listening, slot, List.of(instances));
  }

  /** Sets the requests that a slot is answering; by default none. */
  public void answering(String service, Color color, InFlight inFlight) {
    String slot = slot(service, color);
    Objects.requireNonNull(inFlight, "inFlight");
    proxy.set(proxy.inFlight, slot, inFlight);
  }

  /** Sets the count of a slot since the proxy was started; by default nothing was counted. */
  public void counted(String service, Color color, TrafficMeter.Count count) {
    String slot = slot(service, color);
    Objects.requireNonNull(count, "count");
    proxy.set(proxy.counts, slot, count);
  }

  /** Puts another meter in place of the proxy's, for tests of meters that are wrong. */
  public FakeRouter meteredBy(TrafficMeter meter) {
    Objects.requireNonNull(meter, "meter");
    proxy.meteredBy(meter);
    return this;
  }

  /**
   * Returns the colour that the next request reaches. Any hundred requests in a row are shared
   * exactly.
   *
   * @throws IllegalStateException if the proxy is down
   */
  public Color request(String service) {
    Objects.requireNonNull(service, "service");
    return proxy.answer(service);
  }

  /** Returns every switch that was made at the proxy, in order. */
  public List<Switch> applied() {
    return proxy.applied();
  }

  @Override
  public RouterReport open(Opening opening) {
    Objects.requireNonNull(opening, "opening");
    group = opening.group();
    List<RouterReport.Warning> warnings = new ArrayList<>();
    for (RouterGuarantee missing : EnumSet.allOf(RouterGuarantee.class)) {
      if (!guarantees.contains(missing)) {
        warnings.add(
            new RouterReport.Warning(
                "this fake does not promise " + missing,
                "leave it out of without(...)",
                Optional.of(missing)));
      }
    }
    return new RouterReport(guarantees, warnings);
  }

  @Override
  public RouterTruth current() {
    Optional<RouterFault> fault = proxy.faults.take(RouterFault.OF_CURRENT);
    if (fault.isPresent()) {
      return new FaultyAnswer(time, proxy, fault.get()).current(opened());
    }
    return proxy.current(opened());
  }

  @Override
  public void apply(Switch change) {
    Objects.requireNonNull(change, "change");
    VirtualTime.pause(time, takes);
    Optional<RouterFault> fault = proxy.faults.take(RouterFault.OF_APPLY);
    proxy.admit(change, opened());
    Runnable move = () -> proxy.move(change, true, leaving, opened());
    if (fault.isPresent()) {
      Runnable onlyRunning = () -> proxy.move(change, false, leaving, opened());
      new FaultyAnswer(time, proxy, fault.get()).apply(change, move, onlyRunning);
    } else {
      move.run();
    }
  }

  @Override
  public List<String> plan(Switch change) {
    Objects.requireNonNull(change, "change");
    return proxy.plan(change, opened());
  }

  @Override
  public Listening listens(Instance instance, Duration within) {
    Objects.requireNonNull(instance, "instance");
    Objects.requireNonNull(within, "within");
    return proxy.listens(instance);
  }

  @Override
  public InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return proxy.inFlight(slot);
  }

  @Override
  public int cut(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return proxy.cut(slot);
  }

  @Override
  public Optional<TrafficMeter> meter() {
    return Optional.of(proxy.meter(() -> proxy.read(time.now(), opened())));
  }

  @Override
  public Set<TrafficMeter.Measure> measures() {
    return measures;
  }

  /** Does nothing: the proxy goes on serving. */
  @Override
  public void close() {}

  private static String slot(String service, Color color) {
    return Objects.requireNonNull(service, "service")
        + "/"
        + Objects.requireNonNull(color, "color");
  }

  private Group opened() {
    Group opened = group;
    if (opened == null) {
      throw new IllegalStateException("open() comes before anything else");
    }
    return opened;
  }
}
