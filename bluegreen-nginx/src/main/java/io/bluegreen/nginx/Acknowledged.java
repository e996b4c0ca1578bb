package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Router;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.Optional;

/** The last switch that was acknowledged, to compare with what nginx serves. Safe for threads. */
final class Acknowledged {
  private volatile Optional<Last> last;

  Acknowledged(Router.Opening opening) {
    last = opening.acknowledged().map(split -> new Last(split, opening.generation()));
  }

  void note(Switch change) {
    last = Optional.of(new Last(change.to(), change.generation()));
  }

  /** Returns how what runs differs from it, if it does. */
  Optional<Drift> compare(TrafficSplit running, long generation) {
    Optional<Last> expected = last;
    if (expected.isEmpty()) {
      return Optional.empty();
    }
    Last it = expected.get();
    if (it.generation() == generation && it.split().equals(running)) {
      return Optional.empty();
    }
    boolean lost = generation == 0;
    return Optional.of(
        new Drift(
            lost ? Drift.Kind.STATE_LOST : Drift.Kind.RUNNING_DIFFERS,
            "acknowledged was generation "
                + it.generation()
                + " ("
                + it.split()
                + "), but nginx serves "
                + (lost ? "its rendered default" : "generation " + generation)
                + " ("
                + running
                + ")"));
  }

  private record Last(TrafficSplit split, long generation) {}
}
