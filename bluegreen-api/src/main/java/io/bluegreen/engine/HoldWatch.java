package io.bluegreen.engine;

import io.bluegreen.DeploymentEvent;
import io.bluegreen.Gate;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One watch over a candidate: looks at it and at the colour to go back to, asks the gates, and ends
 * when the hold is over and all of them have passed.
 */
final class HoldWatch {
  private static final int LONGEST_VERDICT = 1_000;

  private final Run run;
  private final Phase phase;
  private final Watch watch;
  private final TimeSource time;
  private final Duration began;
  private final Duration enough;

  /** Failed verdicts of each gate: in a row, and in all. */
  private final Map<String, Integer> inARow = new HashMap<>();

  private final Map<String, Integer> inAll = new HashMap<>();

  /** What each gate that decides said last. */
  private final Map<String, Verdict> said = new LinkedHashMap<>();

  /** Requests of each candidate when they were first seen, or when its count began anew. */
  private final Map<Slot, Long> atFirst = new HashMap<>();

  /** The candidates, and behind the handover the background services that go with them. */
  private final List<Slot> watched;

  /** What it holds: the slots that take over, and those to go back to. */
  private final List<Slot> candidates;

  private final List<Slot> live;
  private Duration latest;
  private Duration looked;
  private int down;
  private boolean liveDown;

  HoldWatch(Run run, Phase phase, Watch watch, List<Slot> candidates, List<Slot> live) {
    this.run = run;
    this.phase = phase;
    this.watch = watch;
    this.candidates = candidates;
    this.live = live;
    this.time = run.setup.time();
    this.began = time.elapsed();
    this.enough = began.plus(watch.duration());
    this.latest = began.plus(watch.atMost());
    this.looked = began;
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
    Optional<TrafficMeter> meter = meter();
    boolean counted = counted(meter);
    begin(meter);
    WaitForPerson pause = new WaitForPerson(run);
    while (true) {
      tellHowLong();
      boolean paused = run.interventions.paused();
      run.sleep(untilNextLook(), () -> run.interventions.paused() == paused);
      Duration last = looked;
      looked = time.elapsed();
      look();
      boolean passed = judged(meter);
      counted = counted(meter);
      if (pause.stillAsked()) {
        latest = latest.plus(looked.minus(last)); // It waits for a person, not for a verdict.
      } else if (looked.compareTo(enough) >= 0) {
        boolean allThere = passed && counted;
        if (allThere && down == 0) {
          return;
        }
        // One that is down has as many more looks as its failures in a row allow.
        if (!allThere && looked.compareTo(latest) >= 0) {
          throw StepNotDone.because(
              counted
                  ? "gates " + watch.gates() + " gave no verdict in time: last: " + undecided()
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
    Duration left = enough.minus(time.elapsed());
    run.tell(
        stamp ->
            new DeploymentEvent.Waiting(
                stamp,
                describe(watch),
                run.journal.open().percent(),
                left.isNegative() ? latest.minus(time.elapsed()) : left));
  }

  /**
   * From the begin of one look to that of the next, so that a slow gate is not asked less often.
   */
  private Duration untilNextLook() {
    Duration now = time.elapsed();
    Duration next = looked.plus(watch.every());
    for (Duration end : List.of(latest, enough)) {
      if (end.compareTo(now) > 0 && end.compareTo(next) < 0) {
        next = end;
      }
    }
    return next.compareTo(now) > 0 ? next.minus(now) : Duration.ZERO;
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

  /**
   * Shows every gate the moment from which on it counts. What it says of that is no verdict: the
   * past that it sees belongs to another split.
   */
  private void begin(Optional<TrafficMeter> meter) throws StepNotDone, InterruptedException {
    if (!watch.gates().isEmpty()) {
      Gate.Context context = context(meter);
      for (String name : watch.gates()) {
        judge(name, context);
      }
    }
  }

  /** Asks every gate once; returns whether all that decide have passed. */
  private boolean judged(Optional<TrafficMeter> meter) throws StepNotDone, InterruptedException {
    if (watch.gates().isEmpty()) {
      return true;
    }
    Gate.Context context = context(meter);
    boolean passed = true;
    for (String name : watch.gates()) {
      Verdict verdict = judge(name, context);
      run.tell(stamp -> new DeploymentEvent.GateJudged(stamp, name, verdict));
      if (run.setup.gate(name).decides()) {
        said.put(name, verdict);
        count(name, verdict);
        passed &= verdict.kind() == Verdict.Kind.PASSED;
      }
    }
    return passed;
  }

  private Gate.Context context(Optional<TrafficMeter> meter)
      throws StepNotDone, InterruptedException {
    return new Gate.Context(
        run.id,
        phase,
        run.operation.release(),
        candidates,
        live,
        run.traffic.truth().running(),
        time.elapsed().minus(began),
        meter);
  }

  /** Returns which gates have not passed, why, and on what figures. */
  private String undecided() {
    return said.entrySet().stream()
        .filter(last -> last.getValue().kind() != Verdict.Kind.PASSED)
        .map(last -> last.getKey() + " " + said(last.getValue().toString()))
        .collect(Collectors.joining("; "));
  }

  /** A reason is kept in the history of the group, whose document is written at every step. */
  private static String said(String verdict) {
    return Text.clean(verdict, LONGEST_VERDICT);
  }

  /**
   * Counts a failed verdict, and fails the step with the last that the policy allows. Only a pass
   * ends a row: a gate that says nothing every other time would hide a bad candidate otherwise.
   */
  private void count(String name, Verdict verdict) throws StepNotDone {
    if (verdict.kind() != Verdict.Kind.FAILED) {
      if (verdict.kind() == Verdict.Kind.PASSED) {
        inARow.remove(name);
      }
      return;
    }
    int row = inARow.merge(name, 1, Integer::sum);
    int all = inAll.merge(name, 1, Integer::sum);
    boolean tooManyInAll = watch.failuresInAll() > 0 && all >= watch.failuresInAll();
    if (row >= watch.failuresInARow() || tooManyInAll) {
      throw StepNotDone.because(
          "gate "
              + name
              + " failed"
              + (row >= watch.failuresInARow()
                  ? row == 1 ? "" : " " + row + " times in a row"
                  : " " + all + " times in all")
              + ": "
              + said(
                  verdict.reason() + (verdict.figures().isEmpty() ? "" : " " + verdict.figures())));
    }
  }

  private Verdict judge(String name, Gate.Context context) throws InterruptedException {
    Duration limit = run.policy.probing().timeout();
    try {
      Verdict verdict =
          time.within(limit, run.interventions.inside(() -> asked(run.setup.gate(name), context)));
      return verdict == null ? Verdict.inconclusive("the gate answered null") : verdict;
    } catch (TimeoutException e) {
      return Verdict.inconclusive("no answer within " + Durations.describe(limit));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return Verdict.inconclusive("the gate failed: " + StepNotDone.reason(e));
    }
  }

  /** An interruption is the gate's own here: nobody has asked this deployment to end. */
  private static Verdict asked(Gate gate, Gate.Context context) throws Exception {
    try {
      return gate.judge(context);
    } catch (InterruptedException e) {
      return Verdict.inconclusive("the gate was interrupted");
    }
  }

  /** Without a meter a gate that needs one is inconclusive, which is never a pass. */
  private Optional<TrafficMeter> meter() throws InterruptedException {
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
  private boolean counted(Optional<TrafficMeter> meter) throws InterruptedException {
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

  /** Only growth that was seen counts: not what a meter leaves out, takes back, or has below 0. */
  private boolean counted(Slot slot, TrafficMeter.@Nullable Count count) {
    if (count == null || count.requests() < 0) {
      return false;
    }
    long first = Math.min(atFirst.getOrDefault(slot, count.requests()), count.requests());
    atFirst.put(slot, first);
    return count.requests() - first >= watch.requests();
  }
}
