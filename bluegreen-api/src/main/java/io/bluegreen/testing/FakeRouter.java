package io.bluegreen.testing;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
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
 * that it was told by {@link #next}. The proxy outlives {@link #close} and may be shared by several
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

  /** Creates one that never hangs, for tests that need no time. */
  public FakeRouter() {
    this(new VirtualTime());
  }

  /**
   * Creates one in front of a fresh proxy, where nothing was ever assigned.
   *
   * @param time that the manager has too
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

  /** Declares no longer some of the guarantees, of which by default it has all. */
  public FakeRouter without(RouterGuarantee... missing) {
    ArgumentChecks.noNulls("missing", missing);
    guarantees = EnumSet.copyOf(guarantees);
    List.of(missing).forEach(guarantees::remove);
    return this;
  }

  /** Declares that its meter tells no more than this; by default it tells everything. */
  public FakeRouter measures(TrafficMeter.Measure... told) {
    ArgumentChecks.noNulls("told", told);
    measures = Set.of(told);
    return this;
  }

  /**
   * Lets each switch leave workers behind that finish what they have and take nothing new, until
   * {@link #retireFormerWorkers}; by default none.
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

  /** Says what goes wrong with the next calls, each with the next call that it is about. */
  public FakeRouter next(RouterFault... faults) {
    ArgumentChecks.noNulls("faults", faults);
    proxy.faults.add(List.of(faults));
    return this;
  }

  /** An operator changes a service's split at the proxy, durably, without telling anybody. */
  public void switchByHand(String service, Color color, int percent) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    synchronized (proxy) {
      switchRunningByHand(service, color, percent);
      proxy.durable.put(service, proxy.running.get(service));
    }
  }

  /** An operator changes what runs, and not what a cold start would serve. */
  public void switchRunningByHand(String service, Color color, int percent) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    synchronized (proxy) {
      proxy.running.put(service, color == Color.GREEN ? percent : 100 - percent);
    }
  }

  /** The proxy is started again, and serves what it has durably. */
  public void restartCold() {
    synchronized (proxy) {
      proxy.running.clear();
      proxy.running.putAll(proxy.durable);
      proxy.formerWorkers.clear();
      proxy.finishing.clear();
      proxy.down = false;
    }
  }

  /**
   * Somebody reloads the proxy: new workers serve what is durable, former ones take requests by
   * what ran, until {@link #retireFormerWorkers}.
   */
  public void reload() {
    synchronized (proxy) {
      TrafficSplit ran = proxy.truth(opened()).running();
      restartCold();
      proxy.formerWorkers.add(ran);
    }
  }

  /** The former workers end. */
  public void retireFormerWorkers() {
    synchronized (proxy) {
      proxy.formerWorkers.clear();
      proxy.finishing.clear();
    }
  }

  /** The proxy forgets everything and serves its rendered default; only the fence is kept. */
  public void loseState() {
    synchronized (proxy) {
      proxy.running.clear();
      proxy.durable.clear();
      proxy.formerWorkers.clear();
      proxy.finishing.clear();
      proxy.generation = 0;
      proxy.stateLost = true;
    }
  }

  /** The proxy dies; it serves nothing and answers nobody until {@link #restartCold}. */
  public void goDown() {
    synchronized (proxy) {
      proxy.down = true;
    }
  }

  /** Says what a slot is answering; by default nothing. */
  public void answering(String service, Color color, InFlight inFlight) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Objects.requireNonNull(inFlight, "inFlight");
    synchronized (proxy) {
      proxy.inFlight.put(service + "/" + color, inFlight);
    }
  }

  /** Says what the proxy has counted for a slot since it was started; by default nothing. */
  public void counted(String service, Color color, TrafficMeter.Count count) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    Objects.requireNonNull(count, "count");
    synchronized (proxy) {
      proxy.counts.put(service + "/" + color, count);
    }
  }

  /** Lets another meter answer for the proxy's, for whatever a meter may do wrong. */
  public FakeRouter meteredBy(TrafficMeter meter) {
    Objects.requireNonNull(meter, "meter");
    synchronized (proxy) {
      proxy.meter = meter;
    }
    return this;
  }

  /**
   * Answers one request as the proxy would: which colour it reaches. Any hundred in a row are
   * shared exactly.
   *
   * @throws IllegalStateException if the proxy is down
   */
  public Color request(String service) {
    Objects.requireNonNull(service, "service");
    synchronized (proxy) {
      if (proxy.down) {
        throw new IllegalStateException("connection refused: the proxy is down");
      }
      return proxy.answer(service);
    }
  }

  /** Returns every switch that was really made, in order. */
  public List<Switch> applied() {
    synchronized (proxy) {
      return List.copyOf(proxy.applied);
    }
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
      switch (fault.get()) {
        case HANG_ON_CURRENT -> VirtualTime.hang(time);
        case THROW_ON_CURRENT -> throw new IllegalStateException("current() throws, as told");
        case LIE -> {
          return lie();
        }
        default -> {
          return new RouterTruth.Unreachable("unreachable, as told");
        }
      }
    }
    synchronized (proxy) {
      return proxy.down ? new RouterTruth.Unreachable("the proxy is down") : proxy.truth(opened());
    }
  }

  @Override
  public void apply(Switch change) {
    Objects.requireNonNull(change, "change");
    VirtualTime.pause(time, takes);
    Optional<RouterFault> fault = proxy.faults.take(RouterFault.OF_APPLY);
    synchronized (proxy) {
      check(change);
    }
    if (fault.isPresent()) {
      fail(change, fault.get());
    } else {
      move(change, true);
    }
  }

  @Override
  public List<String> plan(Switch change) {
    Objects.requireNonNull(change, "change");
    synchronized (proxy) {
      checkUp();
      return List.of("change " + proxy.truth(opened()).running() + " to " + change.to());
    }
  }

  @Override
  public InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    synchronized (proxy) {
      checkUp();
      return proxy.inFlight.getOrDefault(slot.toString(), InFlight.NONE);
    }
  }

  @Override
  public int cut(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    synchronized (proxy) {
      checkUp();
      InFlight was = proxy.inFlight.put(slot.toString(), InFlight.NONE);
      return was == null ? 0 : was.count().orElse(0);
    }
  }

  @Override
  public Optional<TrafficMeter> meter() {
    synchronized (proxy) {
      return Optional.of(proxy.meter == null ? this::read : proxy.meter);
    }
  }

  @Override
  public Set<TrafficMeter.Measure> measures() {
    return measures;
  }

  private TrafficMeter.Reading read() {
    synchronized (proxy) {
      checkUp();
      return new TrafficMeter.Reading(time.now(), proxy.counts(opened()));
    }
  }

  /** Does nothing: the proxy goes on serving. */
  @Override
  public void close() {}

  private void check(Switch change) {
    checkUp();
    change.admit(proxy.truth(opened()));
    proxy.fence = change.fence();
  }

  private void fail(Switch change, RouterFault fault) {
    switch (fault) {
      case FAIL_UNCHANGED -> throw new RouterException("refused, as told", Effect.UNCHANGED);
      case FAIL_AFTER_APPLYING -> {
        move(change, true);
        throw new RouterException("moved, then failed, as told", Effect.CHANGED);
      }
      case FAIL_HALF_WAY -> {
        move(change, false);
        throw new RouterException("failed half-way, as told", Effect.UNKNOWN);
      }
      case HANG -> VirtualTime.hang(time);
      case HANG_AFTER_APPLYING -> {
        move(change, true);
        VirtualTime.hang(time);
      }
      case APPLY_LATE -> {
        later(change);
        VirtualTime.hang(time);
      }
      case CRASH_HALF_WAY -> {
        move(change, false);
        throw new Crash("died half-way in apply, as told");
      }
      default -> {} // PRETEND
    }
  }

  private void later(Switch change) {
    if (!(time instanceof VirtualTime virtual)) {
      throw new IllegalStateException("APPLY_LATE needs a VirtualTime");
    }
    virtual.after(change.within().plusSeconds(1), () -> move(change, true));
  }

  private void move(Switch change, boolean durably) {
    synchronized (proxy) {
      if (leaving) {
        proxy.finishing.add(proxy.truth(opened()).running());
      }
      proxy.move(change, durably);
    }
  }

  /** The same truth with the colours exchanged, and not a trace of doubt. */
  private RouterTruth lie() {
    synchronized (proxy) {
      TrafficSplit split = proxy.truth(opened()).running();
      for (String service : split.services()) {
        split = split.with(service, Color.BLUE, split.share(service, Color.GREEN));
      }
      return RouterTruth.Known.settled(split, proxy.generation, proxy.fence);
    }
  }

  private void checkUp() {
    if (proxy.down) {
      throw new RouterException("the proxy is down", Effect.UNKNOWN);
    }
  }

  private Group opened() {
    Group opened = group;
    if (opened == null) {
      throw new IllegalStateException("open() comes before anything else");
    }
    return opened;
  }
}
