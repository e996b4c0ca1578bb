package io.bluegreen.engine;

import io.bluegreen.Gate;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The gates of one watch: asks them, and counts what they say. */
final class HoldGates {
  private static final int LONGEST_VERDICT = 1_000;

  private final RunContext run;
  private final Watch watch;

  /** Failed verdicts of each gate: in a row, and in all. */
  private final Map<String, Integer> inARow = new HashMap<>();

  private final Map<String, Integer> inAll = new HashMap<>();

  /** What each gate that decides said last. */
  private final Map<String, Verdict> said = new LinkedHashMap<>();

  HoldGates(RunContext run, Watch watch) {
    this.run = run;
    this.watch = watch;
  }

  /**
   * Asks every gate once, so that it can note the figures that it starts from. The answer is no
   * verdict: the past that a gate sees belongs to another split.
   */
  void begin(Gate.Context context) throws InterruptedException {
    for (String name : watch.gates()) {
      judge(name, context);
    }
  }

  /** Asks every gate once; returns whether all that decide have passed. */
  boolean allPass(Gate.Context context) throws StepNotDone, InterruptedException {
    boolean passed = true;
    for (String name : watch.gates()) {
      Verdict verdict = judge(name, context);
      run.tell(stamp -> new TrafficEvent.GateJudged(stamp, name, verdict));
      if (run.setup.gate(name).decides()) {
        said.put(name, verdict);
        count(name, verdict);
        passed &= verdict.kind() == Verdict.Kind.PASSED;
      }
    }
    return passed;
  }

  /** Returns which gates have not passed, why, and on what figures. */
  String undecided() {
    return said.entrySet().stream()
        .filter(last -> last.getValue().kind() != Verdict.Kind.PASSED)
        .map(last -> last.getKey() + " " + said(last.getValue().toString()))
        .collect(Collectors.joining("; "));
  }

  /**
   * Keeps a reason short: it goes into the history of the group, which is written at every step.
   */
  private static String said(String verdict) {
    return Text.clean(verdict, LONGEST_VERDICT);
  }

  /**
   * Counts a failed verdict, and fails the step when there are as many as the policy says. Only a
   * pass ends a row: otherwise a gate that is inconclusive every other time would hide a bad
   * candidate.
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
          run.setup
              .time()
              .within(limit, run.interventions.inside(() -> asked(run.setup.gate(name), context)));
      return verdict == null ? Verdict.inconclusive("the gate answered null") : verdict;
    } catch (TimeoutException e) {
      return Verdict.inconclusive("no answer within " + Durations.describe(limit));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return Verdict.inconclusive("the gate failed: " + StepNotDone.reason(e));
    }
  }

  /**
   * Asks a gate. An interruption comes from the gate itself here: nobody has asked this deployment
   * to end.
   */
  private static Verdict asked(Gate gate, Gate.Context context) throws Exception {
    try {
      return gate.judge(context);
    } catch (InterruptedException e) {
      return Verdict.inconclusive("the gate was interrupted");
    }
  }
}
