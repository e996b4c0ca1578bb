package io.bluegreen.engine;

import io.bluegreen.Deadline;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.SlotEvent;
import io.bluegreen.Switch;
import io.bluegreen.TrafficEvent;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the router and moves its traffic, for one run. The router is asked before and after
 * everything, never remembered.
 */
final class TrafficControl {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration LOOKED_EVERY = Duration.ofMillis(100);

  private final RunContext run;

  /** What the router has said last; only for what people are told. */
  private RouterTruth.@Nullable Known seen;

  /** When this run last moved the traffic, by a clock that does not jump. */
  private Optional<Duration> moved = Optional.empty();

  /** The highest fence that the router has told; it only grows. */
  private long fence;

  TrafficControl(RunContext run) {
    this.run = run;
  }

  /**
   * Returns what the router serves, or fails the step if it can't be asked. If the router does not
   * serve here yet, a caller that only looks gets what it would start with, and a warning says so.
   */
  RouterTruth.Known truth() throws StepNotDone, InterruptedException {
    RouterTruth truth = run.within(ANSWER, "asking the router", () -> run.setup.router().current());
    if (truth instanceof RouterTruth.Known known) {
      fence = Math.max(fence, known.fence());
      seen = known;
      return known;
    }
    if (truth instanceof RouterTruth.NotServing not && !run.journal.acts()) {
      RouterTruth.NotServing now =
          new RouterTruth.NotServing(run.state().opening(run.setup.group()).start(), not.reason());
      run.events.warn(now.describe());
      return now.once();
    }
    throw StepNotDone.because("the router can't be asked what it serves: " + why(truth));
  }

  /** Returns the services for which nothing is live, by the last look at the router. */
  Set<String> nothingYet() {
    RouterTruth.Known last = seen;
    return last == null ? run.state().untouched : run.state().unassigned(last);
  }

  private static String why(RouterTruth truth) {
    return truth instanceof RouterTruth.Unreachable unreachable
        ? unreachable.reason()
        : ((RouterTruth.NotServing) truth).describe();
  }

  /**
   * Makes sure that no request can reach a slot that is about to be launched, stopped or replaced.
   */
  void requireIdle(Slot slot) throws StepNotDone, InterruptedException {
    if (!slot.service().routed()) {
      return;
    }
    RouterTruth.Known truth = truth();
    if (truth.mayReach(slot.service().name(), slot.color())) {
      throw StepNotDone.because(
          slot
              + " gets traffic, so that it is not touched; the router serves "
              + run.state().serving(truth));
    }
  }

  /** Makes one switch and reads it back; its intent is journaled already. */
  void move(TrafficSplit from, TrafficSplit to, long generation)
      throws StepNotDone, InterruptedException {
    Duration limit = run.policy.limits().move();
    Duration began = run.setup.time().elapsed();
    moved = Optional.of(began);
    Set<String> nothing = nothingYet();
    if (fence > run.state().epoch) { // The record is an older copy, though of this generation.
      run.journal.outbid(fence);
    }
    Switch change = new Switch(from, to, generation, run.id, run.state().epoch, limit);
    StepNotDone failure = null;
    run.journal.requireLease();
    try {
      // The router keeps to the limit itself; the second one is for a router that does not.
      run.within(
          limit.plusSeconds(2),
          "moving the traffic",
          () -> {
            run.setup.router().apply(change);
            return true;
          });
    } catch (StepNotDone e) {
      failure = e;
    }
    moved = Optional.of(run.setup.time().elapsed()); // It may have been made at the last moment.
    RouterTruth.Known now = truth();
    if (run.state().open != null) {
      run.state().open.seen(now);
    }
    // A router without this generation would still make a late switch of an earlier one.
    boolean carried = now.generation() >= generation;
    if (!now.running().equals(to) || !now.durable().equals(to) || !carried) {
      throw failure != null
          ? failure
          : StepNotDone.because(
              "the router said that it had moved the traffic, but it serves "
                  + now.running()
                  + " and would serve "
                  + now.durable()
                  + " after a restart, as switch "
                  + now.generation()
                  + ", not "
                  + to
                  + " as switch "
                  + generation);
    }
    if (failure != null) {
      run.events.warn(failure.reason() + "; yet the router serves " + to);
    }
    StateDocument state = run.state();
    state.acknowledged = to;
    state.lastSwitch = new LastSwitch(run.setup.time().now(), from, to, run.id);
    Duration took = run.setup.time().elapsed().minus(began);
    run.tell(stamp -> new TrafficEvent.TrafficMoved(stamp, from, to, nothing, generation, took));
  }

  /**
   * Makes a switch to the split that is served already, so that a switch that is still on its way
   * loses to it.
   */
  void outdateWhatIsOnItsWay(RouterTruth.Known truth) throws StepNotDone, InterruptedException {
    move(truth.running(), truth.running(), run.journal.ownGeneration());
  }

  /** Waits until nothing is in flight at a slot, or the deadline is over, and says what is left. */
  void drain(Slot slot) throws StepNotDone, InterruptedException {
    Router router = run.setup.router();
    Deadline end = run.setup.time().deadline(run.policy.limits().drain());
    InFlight left = run.within(ANSWER, "asking the router", () -> router.inFlight(slot));
    // If the router can't know, the time since the last switch counts as waiting.
    boolean waited = left.count().isEmpty() && longSinceSwitched();
    while (!left.isNone() && !waited && !end.over()) {
      run.sleep(end.left(LOOKED_EVERY));
      left = run.within(ANSWER, "asking the router", () -> router.inFlight(slot));
    }
    int cut = 0;
    if (!left.isNone() && run.policy.has(DeploymentPolicy.Option.CUT_AFTER_DRAIN)) {
      requireIdle(slot);
      run.journal.requireLease();
      cut = run.within(ANSWER, "cutting what " + slot + " answers", () -> router.cut(slot));
    }
    InFlight inFlight = left;
    int ended = cut;
    run.tell(stamp -> new SlotEvent.Drained(stamp, slot, inFlight, ended));
    if (!inFlight.isNone() && !waited) {
      run.events.warn(
          "the drain of "
              + slot
              + " was not proven within "
              + Durations.describe(run.policy.limits().drain())
              + " (in flight: "
              + inFlight
              + "); when it is stopped, answers may be cut");
    }
  }

  /**
   * Returns whether the last switch, of this run or an earlier one, is at least the limit of a
   * drain ago.
   */
  private boolean longSinceSwitched() {
    Duration drain = run.policy.limits().drain();
    if (moved.isPresent()) {
      return run.setup.time().elapsed().minus(moved.get()).compareTo(drain) >= 0;
    }
    LastSwitch last = run.state().lastSwitch;
    return last == null || !last.at().plus(drain).isAfter(run.setup.time().now());
  }
}
