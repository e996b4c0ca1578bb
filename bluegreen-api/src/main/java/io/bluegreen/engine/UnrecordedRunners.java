package io.bluegreen.engine;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.LaunchState;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.Slot;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks, before a slot is launched, for something that runs though nothing of it is on record: that
 * is never started twice, and never stopped. Asks the launcher, and for a background service the
 * check of both colours, too; touches nothing.
 */
final class UnrecordedRunners {
  private final OperationRun run;
  private final Slot candidate;
  private final Slot other;

  UnrecordedRunners(OperationRun run, Slot candidate) {
    this.run = run;
    this.candidate = candidate;
    this.other = candidate.other();
  }

  /** Fails if something runs that the launch would start a second time. */
  void requireNone() throws StepNotDone, InterruptedException {
    Optional<String> found = candidate.service().routed() ? onItsPorts() : inBackground();
    if (found.isEmpty()) {
      return;
    }
    String why = found.get() + ", and nothing of that is on record";
    if (run.operation.force().isPresent()) {
      run.events.warn(why + "; " + candidate + " is launched all the same, by force");
    } else {
      throw StepNotDone.because(
          why
              + ": "
              + candidate
              + " is not launched, because it would run twice. Stop what runs there and ask again,"
              + " or take it over with run("
              + (candidate.service().routed()
                  ? LeftRunning.adopting(candidate)
                  : "Operation.adopt(release).service(\"" + candidate.service().name() + "\")")
              + "); where the check or the launcher is wrong, mend it: both must tell the two"
              + " colours apart; or launch it all the same with run(operation.force(why)), if its"
              + " launcher does that");
    }
  }

  /** Fails if the launcher sees something: its answer is fresh, but that of a check may be old. */
  void requireNoneSeenByLauncher() throws StepNotDone, InterruptedException {
    Optional<String> seen = seenByLauncher();
    if (seen.isPresent()) {
      throw StepNotDone.because(
          seen.get()
              + ", and nothing of that is on record: "
              + candidate
              + " is not started, because it would run twice");
    }
  }

  /**
   * Fails if something still runs after the live colour was stopped. Before that the check may have
   * seen the live colour. A check that can't tell the colours apart, or is late to see an end, gets
   * the time of a proof. A check alone never stops a rollback.
   */
  void requireNoneLeft() throws StepNotDone, InterruptedException {
    if (run.operation.force().isPresent()) {
      return;
    }
    requireNoneSeenByLauncher();
    if (run.operation.kind() == Operation.Kind.ROLLBACK || isExternal()) {
      return;
    }
    if (isOurs(candidate)) {
      return; // A process that was killed has launched it, and this one carries that on.
    }
    Duration limit = run.policy.probing().deadline();
    Duration end = run.setup.time().elapsed().plus(limit);
    Optional<String> still = up(candidate);
    while (still.isPresent()) {
      if (run.setup.time().elapsed().compareTo(end) >= 0) {
        throw StepNotDone.because(
            "the check of "
                + candidate
                + " still says that it runs, "
                + Durations.describe(limit)
                + " after "
                + other
                + " was stopped: "
                + still.get()
                + ", and nothing of that is on record: "
                + candidate
                + " is not launched, because it would run twice. Stop what runs there and ask"
                + " again; where the check is wrong, let it tell the two colours apart, and see"
                + " within the policy's deadline for a proof that one has ended");
      }
      run.sleep(run.policy.probing().interval());
      still = up(candidate);
    }
  }

  private Optional<String> onItsPorts() throws InterruptedException {
    if (run.state().occupant(candidate).isPresent()) {
      return launcherSees(candidate);
    }
    LaunchState state = unrecorded(candidate);
    if (state.kind() == LaunchState.Kind.RUNNING || state.kind() == LaunchState.Kind.EXTERNAL) {
      return seen(candidate, state);
    }
    for (Instance instance : candidate.instances()) {
      if (run.listening(instance) == Listening.YES) {
        return Optional.of(instance + " accepts connections");
      }
    }
    return Optional.empty();
  }

  private Optional<String> seenByLauncher() throws InterruptedException {
    Optional<String> seen = launcherSees(other);
    return seen.isPresent() ? seen : launcherSees(candidate);
  }

  private Optional<String> inBackground() throws InterruptedException {
    Optional<String> seen = seenByLauncher();
    return seen.isPresent() ? seen : seenByChecks();
  }

  /** Returns what the launcher says of a slot in which no launch of ours runs. */
  private Optional<String> launcherSees(Slot slot) throws InterruptedException {
    return isOurs(slot) ? Optional.empty() : seen(slot, unrecorded(slot));
  }

  /** Asks the launcher about a launch that it can't know. */
  private LaunchState unrecorded(Slot slot) throws InterruptedException {
    return run.launchState(slot, run.setup.randomName(32));
  }

  private static Optional<String> seen(Slot slot, LaunchState state) {
    return state.kind() == LaunchState.Kind.RUNNING
        ? Optional.of("the launcher says of " + slot + " " + state)
        : Optional.empty();
  }

  private boolean isOurs(Slot slot) throws InterruptedException {
    if (run.state().occupant(slot).isEmpty()) {
      return false;
    }
    return switch (run.launchState(slot).kind()) {
      case RUNNING, EXTERNAL, UNKNOWN -> true;
      case EXITED, ABSENT -> false;
    };
  }

  private Optional<String> seenByChecks() throws InterruptedException {
    boolean external = isExternal();
    boolean live = isOurs(other);
    if (external && live) {
      return Optional.empty(); // Somebody else runs it, as it should be.
    }
    boolean recorded = run.state().occupant(candidate).isPresent();
    Optional<String> here = recorded ? Optional.empty() : up(candidate);
    Optional<String> there = up(other);
    if (here.isPresent() && there.isPresent()) {
      return unclear(
          live || external,
          "the check of "
              + candidate.service()
              + " is up for both colours, so that it can't tell which of them runs: "
              + there.get());
    }
    if (here.isPresent() && !external) {
      // What we have stopped may have left a heartbeat that still counts.
      boolean stale = live && run.state().stopped.contains(candidate.toString());
      return unclear(stale, "the check of " + candidate + " says that it runs: " + here.get());
    }
    return there
        .filter(answer -> !live)
        .map(answer -> "the check of " + other + " says that it runs: " + answer);
  }

  private boolean isExternal() throws InterruptedException {
    return run.isExternal(candidate);
  }

  /** Warns only, if something that is known to run, or to have run, explains what was seen. */
  private Optional<String> unclear(boolean explained, String seen) {
    if (explained) {
      run.events.warn(seen);
    }
    return Optional.of(seen).filter(what -> !explained);
  }

  /** Returns the answer of an instance of the slot that is up; empty if all are down. */
  private Optional<String> up(Slot slot) throws InterruptedException {
    List<Instance> instances = slot.instances();
    Map<Instance, Health> healths = run.setup.probe(instances, run.policy.probing().timeout());
    return healths.entrySet().stream()
        .filter(entry -> entry.getValue().up())
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .findFirst();
  }
}
