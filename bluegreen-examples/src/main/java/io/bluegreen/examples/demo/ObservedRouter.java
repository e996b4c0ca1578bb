package io.bluegreen.examples.demo;

import io.bluegreen.InFlight;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A router that tells the judge of requests of every switch, at the moment at which the switch
 * returns.
 */
public final class ObservedRouter implements Router {
  private final Router router;
  private final RequestJudge ledger;
  private final TimeSource time;
  private final List<Duration> switches = new ArrayList<>();

  /** Wraps a router; the judge is told of each switch. */
  public ObservedRouter(Router router, RequestJudge ledger, TimeSource time) {
    this.router = router;
    this.ledger = ledger;
    this.time = time;
  }

  /** Returns how long each switch took until it was proven. */
  synchronized List<Duration> switches() {
    return List.copyOf(switches);
  }

  @Override
  public void apply(Switch change) {
    ledger.switching(change.from(), change.to());
    Duration start = time.elapsed();
    router.apply(change);
    ledger.switched(change.to());
    Duration took = time.elapsed().minus(start);
    if (!change.from().equals(change.to())) {
      noted(took);
    }
  }

  private synchronized void noted(Duration took) {
    switches.add(took);
  }

  @Override
  public RouterReport open(Opening opening) {
    return router.open(opening);
  }

  @Override
  public void serve(Opening opening) {
    router.serve(opening);
  }

  @Override
  public RouterTruth current() {
    return router.current();
  }

  @Override
  public List<String> plan(Switch change) {
    return router.plan(change);
  }

  @Override
  public Listening listens(Instance instance, Duration within) {
    return router.listens(instance, within);
  }

  @Override
  public InFlight inFlight(Slot slot) {
    return router.inFlight(slot);
  }

  @Override
  public int cut(Slot slot) {
    return router.cut(slot);
  }

  @Override
  public Optional<TrafficMeter> meter() {
    return router.meter();
  }

  @Override
  public Set<TrafficMeter.Measure> measures() {
    return router.measures();
  }

  @Override
  public void close() {
    router.close();
  }
}
