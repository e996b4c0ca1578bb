package io.bluegreen.engine;

import io.bluegreen.Gate;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One watch over a candidate: looks at it and at the colour to go back to, asks the gates, and ends
 * when the hold is over and all of them have passed.
 */
final class HoldWatch {
  private final OperationRun run;
  private final Phase phase;
  private final Watch watch;
  private final HoldClock clock;
  private final HoldGates gates;

  /** The candidates, and after the handover the background services that go with them. */
  private final List<Slot> watched;

  /** What it holds: the slots that take over, and those to go back to. */
  private final List<Slot> candidates;

  private final List<Slot> live;
  private int down;
  private boolean liveDown;

  HoldWatch(OperationRun run, Phase phase, Watch watch, List<Slot> candidates, List<Slot> live) {
    this.run = run;
    this.phase = phase;
    this.watch = watch;
    this.candidates = candidates;
    this.live = live;
    this.clock = new HoldClock(run.setup.time(), watch);
    this.gates = new HoldGates(run, watch);
    this.watched = new ArrayList<>(candidates);
    if (phase == Phase.BAKE) {
      OpenDeployment open = run.journal.open();
      open.handovers
          .keySet()
          .forEach(
              service ->
                  watched.add(
                      run.setup
                          .group()
                          .slot(service, Objects.requireNonNull(open.candidates.get(service)))));
    }
  }

  /** Says what a watch does, for people. */
  static String describe(Watch watch) {
    return "hold for "
        + Durations.describe(watch.duration())
        + (watch.requests() == 0 ? "" : " and " + watch.requests() + " requests")
        + (watch.gates().isEmpty() ? "" : ", ask " + watch.gates());
  }

  void hold() throws StepNotDone, InterruptedException {
    HoldCounts counts = new HoldCounts(run, watch, candidates);
    counts.enough(); // This notes what was answered before, which does not count.
    if (!watch.gates().isEmpty()) {
      gates.begin(context(counts));
    }
    WaitForPerson pause = new WaitForPerson(run);
    while (true) {
      tellHowLong();
      boolean paused = run.interventions.paused();
      run.sleep(clock.untilNextLook(), () -> run.interventions.paused() == paused);
      Duration sinceLast = clock.look();
      look();
      boolean passed = watch.gates().isEmpty() || gates.allPass(context(counts));
      boolean counted = counts.enough();
      if (pause.stillAsked()) {
        clock.prolong(sinceLast);
      } else if (clock.enough()) {
        boolean allThere = passed && counted;
        if (allThere && down == 0) {
          return;
        }
        // A candidate that is down gets more looks, until it has failed too often in a row.
        if (!allThere && clock.tooLate()) {
          throw StepNotDone.because(
              counted
                  ? "gates "
                      + watch.gates()
                      + " gave no verdict in time: last: "
                      + gates.undecided()
                  : "fewer than "
                      + watch.requests()
                      + " requests were seen at each of "
                      + candidates
                      + " within "
                      + Durations.describe(watch.atMost()));
        }
      }
    }
  }

  private void tellHowLong() {
    Duration left = clock.left();
    run.tell(
        stamp ->
            new TrafficEvent.Waiting(stamp, describe(watch), run.journal.open().percent(), left));
  }

  /** Probes all slots once, so that a sick colour to go back to is known before it is needed. */
  private void look() throws StepNotDone, InterruptedException {
    HealthProofs.Look look = run.proofs.look(watched, live);
    down = look.candidates().isEmpty() ? 0 : down + 1;
    if (down >= run.policy.probing().failures()) {
      throw StepNotDone.because(
          watched
              + " failed "
              + down
              + " probes in a row while the traffic was held: "
              + look.candidates().orElse(""));
    }
    if (look.live().isPresent() && !liveDown) {
      run.events.warn("there is no healthy colour to go back to: " + look.live().get());
    }
    liveDown = look.live().isPresent();
  }

  private Gate.Context context(HoldCounts counts) throws StepNotDone, InterruptedException {
    return new Gate.Context(
        run.id,
        phase,
        run.operation.release(),
        candidates,
        live,
        run.traffic.truth().running(),
        clock.sinceItBegan(),
        counts.meter());
  }
}
