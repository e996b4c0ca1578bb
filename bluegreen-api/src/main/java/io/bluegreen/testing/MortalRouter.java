package io.bluegreen.testing;

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

/** A router as one {@link Incarnation} of the process sees it. */
final class MortalRouter implements Router {
  private final Incarnation life;
  private final Router router;

  MortalRouter(Incarnation life, Router router) {
    this.life = life;
    this.router = router;
  }

  @Override
  public RouterReport open(Opening opening) {
    return life.ask(() -> router.open(opening));
  }

  @Override
  public void serve(Opening opening) {
    life.ask(
        () -> {
          router.serve(opening);
          return true;
        });
  }

  @Override
  public RouterTruth current() {
    return life.ask(router::current);
  }

  @Override
  public void apply(Switch change) {
    life.effect("apply " + change.to(), () -> router.apply(change));
  }

  @Override
  public List<String> plan(Switch change) {
    return life.ask(() -> router.plan(change));
  }

  @Override
  public Listening listens(Instance instance, Duration within) {
    return life.ask(() -> router.listens(instance, within));
  }

  @Override
  public InFlight inFlight(Slot slot) {
    return life.ask(() -> router.inFlight(slot));
  }

  @Override
  public int cut(Slot slot) {
    return life.effect("cut " + slot, () -> router.cut(slot));
  }

  @Override
  public Optional<TrafficMeter> meter() {
    return life.ask(router::meter).map(meter -> () -> life.ask(meter::read));
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
