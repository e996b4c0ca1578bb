package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.Slot;
import io.bluegreen.TimeLimits;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Watch;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Holds the traffic where it is: for a time, while gates judge, or until a person approves. A hold
 * changes nothing, so that another process can carry it on. That process starts the hold again,
 * because nobody watched meanwhile; only the time in which a person has to approve goes on.
 *
 * @param split the split that the traffic is held at
 * @param live the slots that were live, where something was
 */
record HoldStep(
    Phase phase, Watch watch, TrafficSplit split, List<Slot> candidates, List<Slot> live)
    implements Step {
  /** Returns the watch that a policy has for the holds of a phase. */
  static Watch watch(Phase phase, DeploymentPolicy policy) {
    return switch (phase) {
      case SHIFT -> policy.hold();
      case BAKE -> policy.bake();
      default -> Watch.NONE;
    };
  }

  @Override
  public StepKind kind() {
    return StepKind.HOLD;
  }

  @Override
  public String what() {
    if (phase == Phase.APPROVE) {
      return "wait for approval";
    }
    return HoldWatch.describe(watch);
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return phase == Phase.APPROVE ? policy.limits().approval() : watch.atMost();
  }

  @Override
  public List<String> details(DeploymentPolicy policy) {
    return detection(watch, policy.probing(), policy.limits()).stream()
        .map(
            bound ->
                "a candidate that turns bad is off the traffic within "
                    + Durations.describe(bound)
                    + (watch.gates().isEmpty()
                        ? ""
                        : "; where a gate judges counters, the proxy's delay in telling them and"
                            + " the time to its smallest sample come on top"))
        .toList();
  }

  /**
   * Returns how soon, at most, a candidate that turns bad is off the traffic again; empty if
   * nothing looks. If it takes n failures, that is the time of n + 1 looks, of n answers, of what
   * the colour to go back to lacks of its proof, and of the switch. The proof lacks one probe if n
   * looks have seen that colour up often enough. More time comes on top if asking all gates takes
   * longer than one interval, and, for gates that judge counters, the proxy's delay in telling them
   * and the time to the gate's smallest sample.
   */
  static Optional<Duration> detection(Watch watch, Probing probing, TimeLimits limits) {
    if (watch.isNone()) {
      return Optional.empty();
    }
    boolean judged = !watch.gates().isEmpty();
    boolean counted = watch.requests() > 0;
    int failures = Math.max(probing.failures(), judged ? watch.failuresInARow() : 0);
    Duration timeout = probing.timeout();
    Duration asking = timeout.multipliedBy(watch.gates().size() + (counted ? 1L : 0L));
    Duration first = asking.plus(judged || counted ? timeout : Duration.ZERO);
    int lacking = Math.max(1, probing.passes() - failures);
    return Optional.of(
        watch
            .every()
            .multipliedBy(failures)
            .plus(watch.every().compareTo(first) > 0 ? watch.every() : first)
            .plus(timeout.plus(asking).multipliedBy(failures))
            .plus(probing.interval().plus(timeout).multipliedBy(lacking - 1L))
            .plus(timeout)
            .plus(limits.move()));
  }

  @Override
  public RecordedStep line() {
    return new RecordedStep(kind(), phase, subject(), split);
  }

  @Override
  public JournalEntry entry(OperationRun run) {
    if (phase == Phase.APPROVE) {
      new WaitForPerson(run).notYetApproved();
    }
    return intent(run, split, null);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    run.interventions.waiting(true);
    try {
      if (phase == Phase.APPROVE) {
        new WaitForPerson(run).untilApproved();
      } else {
        new HoldWatch(run, phase, watch, candidates, live).hold();
      }
    } finally {
      run.interventions.waiting(false);
    }
  }
}
