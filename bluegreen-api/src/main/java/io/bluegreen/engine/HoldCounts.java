package io.bluegreen.engine;

import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Watch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests that the candidates answer in one watch, as the router's meter tells them. */
final class HoldCounts {
  private final RunContext run;
  private final Watch watch;
  private final List<Slot> candidates;
  private final Optional<TrafficMeter> meter;

  /** The count of each candidate when it was first seen, or when it started again. */
  private final Map<Slot, Long> atFirst = new HashMap<>();

  HoldCounts(RunContext run, Watch watch, List<Slot> candidates) throws InterruptedException {
    this.run = run;
    this.watch = watch;
    this.candidates = candidates;
    this.meter = find();
  }

  /** Returns the meter; empty where nothing of this watch needs it, or the router has none. */
  Optional<TrafficMeter> meter() {
    return meter;
  }

  /** Without a meter a gate that needs one is inconclusive, which is never a pass. */
  private Optional<TrafficMeter> find() throws InterruptedException {
    if (watch.gates().isEmpty() && watch.requests() == 0) {
      return Optional.empty();
    }
    try {
      return run.within(
          run.policy.probing().timeout(),
          "asking the router for its meter",
          () -> Objects.requireNonNull(run.setup.router().meter(), "the router answered null"));
    } catch (StepNotDone e) {
      run.events.warn(e.reason(), e);
      return Optional.empty();
    }
  }

  /** Returns whether every candidate has answered as many requests as the policy asks for. */
  boolean enough() throws InterruptedException {
    if (watch.requests() == 0) {
      return true;
    }
    if (meter.isEmpty()) {
      return false;
    }
    try {
      TrafficMeter.Reading now =
          run.within(
              run.policy.probing().timeout(),
              "reading the router's meter",
              () -> Objects.requireNonNull(meter.get().read(), "the meter answered null"));
      boolean enoughOfAll = true;
      for (Slot slot : candidates) {
        enoughOfAll &= counted(slot, now.slots().get(slot));
      }
      return enoughOfAll;
    } catch (StepNotDone e) {
      run.events.warn(e.reason(), e);
      return false;
    }
  }

  /**
   * Counts only growth that was seen: not what a meter leaves out, takes back, or gives below 0.
   */
  private boolean counted(Slot slot, TrafficMeter.@Nullable Count count) {
    if (count == null || count.requests() < 0) {
      return false;
    }
    long first = Math.min(atFirst.getOrDefault(slot, count.requests()), count.requests());
    atFirst.put(slot, first);
    return count.requests() - first >= watch.requests();
  }
}
