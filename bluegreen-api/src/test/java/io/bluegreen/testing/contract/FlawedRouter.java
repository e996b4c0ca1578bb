package io.bluegreen.testing.contract;

import io.bluegreen.InFlight;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Passes everything on to a router that is right. */
class FlawedRouter implements Router {
  final Router right;

  FlawedRouter(Router right) {
    this.right = right;
  }

  @Override
  public RouterReport open(Opening opening) {
    return right.open(opening);
  }

  @Override
  public void serve(Opening opening) {
    right.serve(opening);
  }

  @Override
  public RouterTruth current() {
    return right.current();
  }

  @Override
  public void apply(Switch change) {
    right.apply(change);
  }

  @Override
  public List<String> plan(Switch change) {
    return right.plan(change);
  }

  @Override
  public Listening listens(Instance instance, Duration within) {
    return right.listens(instance, within);
  }

  @Override
  public InFlight inFlight(Slot slot) {
    return right.inFlight(slot);
  }

  @Override
  public int cut(Slot slot) {
    return right.cut(slot);
  }

  @Override
  public Optional<TrafficMeter> meter() {
    return right.meter();
  }

  @Override
  public Set<TrafficMeter.Measure> measures() {
    return right.measures();
  }

  @Override
  public void close() {
    right.close();
  }
}
