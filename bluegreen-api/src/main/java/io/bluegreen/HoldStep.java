package io.bluegreen;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Holds the traffic where it is: for a time, while gates judge, or until a person approves. Changes
 * nothing.
 */
record HoldStep(Phase phase, Watch watch, List<Slot> candidates, List<Slot> live) implements Step {
  @Override
  public String what() {
    return phase == Phase.APPROVE
        ? "wait for approval"
        : "hold for "
            + watch.duration()
            + (watch.gates().isEmpty() ? "" : ", ask " + watch.gates());
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return phase == Phase.APPROVE ? policy.limits().approval() : longest();
  }

  @Override
  public void run(Run run) throws StepFailed, InterruptedException {
    if (phase == Phase.APPROVE) {
      new Pause(run).untilApproved();
      return;
    }
    TimeSource time = run.setup.time();
    Duration began = time.elapsed();
    Duration enough = began.plus(watch.duration());
    Duration latest = began.plus(longest());
    run.tell((at, id) -> new DeploymentEvent.Waiting(at, id, what(), watch.duration()));
    int failures = 0;
    while (true) {
      Duration left = enough.minus(time.elapsed());
      Duration next = left.compareTo(watch.every()) < 0 ? left : watch.every();
      run.sleep(next.isNegative() || next.isZero() ? lookAgain(latest, time) : next);
      Optional<String> down = run.proofs.look(candidates);
      failures = down.isEmpty() ? 0 : failures + 1;
      if (failures >= run.policy.probing().failures()) {
        throw StepFailed.because(
            candidates
                + " failed "
                + failures
                + " probes in a row while the traffic was held: "
                + down.orElse(""));
      }
      boolean passed = judged(run, time.elapsed().minus(began));
      if (time.elapsed().compareTo(enough) >= 0) {
        if (passed) {
          return;
        }
        if (time.elapsed().compareTo(latest) >= 0) {
          throw StepFailed.because("gates " + watch.gates() + " gave no verdict in time");
        }
      }
    }
  }

  /** Twice the hold, or ten looks if that is more: as long as a gate may stay inconclusive. */
  private Duration longest() {
    Duration looks = watch.every().multipliedBy(10);
    Duration twice = watch.duration().multipliedBy(2);
    return watch.gates().isEmpty() ? watch.duration() : looks.compareTo(twice) > 0 ? looks : twice;
  }

  private Duration lookAgain(Duration latest, TimeSource time) {
    Duration left = latest.minus(time.elapsed());
    return left.isNegative()
        ? Duration.ZERO
        : left.compareTo(watch.every()) < 0 ? left : watch.every();
  }

  /** Asks every gate once; returns whether all passed. */
  private boolean judged(Run run, Duration held) throws StepFailed, InterruptedException {
    if (watch.gates().isEmpty()) {
      return true;
    }
    Gate.Context context =
        new Gate.Context(
            run.id,
            run.operation.release(),
            candidates,
            live,
            run.traffic.truth().running(),
            held,
            meter(run));
    boolean passed = true;
    for (String name : watch.gates()) {
      Verdict verdict = judge(run, name, context);
      run.tell((at, id) -> new DeploymentEvent.GateJudged(at, id, name, verdict));
      if (verdict.kind() == Verdict.Kind.FAILED) {
        throw StepFailed.because("gate " + name + " failed: " + verdict.reason());
      }
      passed &= verdict.kind() == Verdict.Kind.PASSED;
    }
    return passed;
  }

  /** Without a meter a gate that needs one is inconclusive, which is never a pass. */
  private static Optional<TrafficMeter> meter(Run run) throws InterruptedException {
    try {
      return run.within(
          run.policy.probing().timeout(),
          "asking the router for its meter",
          run.setup.router()::meter);
    } catch (StepFailed e) {
      run.events.warn(e.reason(), e);
      return Optional.empty();
    }
  }

  private static Verdict judge(Run run, String name, Gate.Context context)
      throws InterruptedException {
    Duration limit = run.policy.probing().timeout();
    try {
      Verdict verdict = run.setup.time().within(limit, () -> run.setup.gate(name).judge(context));
      return verdict == null ? Verdict.inconclusive("the gate answered null") : verdict;
    } catch (TimeoutException e) {
      return Verdict.inconclusive("no answer within " + limit.toMillis() + " ms");
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return Verdict.inconclusive("the gate failed: " + e);
    }
  }
}
