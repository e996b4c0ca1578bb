package io.bluegreen.engine;

import io.bluegreen.Deadline;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.LaunchState;
import io.bluegreen.Probing;
import io.bluegreen.Slot;
import io.bluegreen.SlotEvent;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Proves slots healthy, and knows which of them were proved in this run, and when. */
final class HealthProofs {
  private final RunContext run;
  private final Probing probing;
  private final Random jitter;
  private final Map<Slot, Streak> streaks = new HashMap<>();

  /**
   * Passes of a slot in a row.
   *
   * @param began when the last of them began
   */
  private record Streak(int passes, Duration began) {}

  /** What one look found to be down; empty if all is up. */
  record Look(Optional<String> candidates, Optional<String> live) {}

  HealthProofs(RunContext run) {
    this.run = run;
    this.probing = run.policy.probing();
    this.jitter = new Random(run.id.hashCode());
  }

  void forget(Slot slot) {
    streaks.remove(slot);
  }

  /**
   * Proves slots together: by as many rounds in a row as the policy asks for, in each of which
   * every instance is up and every process lives.
   */
  void prove(List<Slot> slots) throws StepNotDone, InterruptedException {
    run.sleep(probing.initialDelay());
    prove(slots, 0, probing.deadline());
  }

  /** Proves the services at their front doors, which is where the candidates must answer now. */
  void confirm(List<Slot> slots) throws StepNotDone, InterruptedException {
    List<Instance> doors = new ArrayList<>();
    for (Slot slot : slots) {
      Optional<String> version = run.state().version(slot);
      if (version.isEmpty() && slot.service().frontDoorCheck().isPresent()) {
        run.events.warn(
            "the record does not know which version runs on "
                + slot
                + ": the front door is confirmed without it");
      }
      Instance.frontDoor(slot).map(door -> door.running(version)).ifPresent(doors::add);
    }
    rounds(slots, doors, 0, probing.deadline());
  }

  /**
   * Makes sure that each slot was proved in this deployment, and has as many passes in a row as the
   * policy asks for, the last of which began at most one interval ago.
   */
  void refresh(List<Slot> slots) throws StepNotDone, InterruptedException {
    for (Slot slot : slots) {
      if (!streaks.containsKey(slot)) {
        throw StepNotDone.because(slot + " was not proved in this deployment");
      }
    }
    proveForReturn(slots);
  }

  /**
   * Probes all slots once. Fails if the process of a candidate has ended, and tells how the
   * candidates answered. The passes of live slots are only counted, so that those need fewer probes
   * when the traffic has to go back.
   */
  Look look(List<Slot> candidates, List<Slot> live) throws StepNotDone, InterruptedException {
    requireAlive(candidates);
    Duration began = run.setup.time().elapsed();
    List<Slot> all = new ArrayList<>(candidates);
    all.addAll(live);
    Map<Instance, Health> healths = run.setup.probe(instances(all), probing.timeout());
    ProbeRound round = ProbeRound.of(healths, instances(candidates));
    int pass = round.passed() ? 1 : 0;
    run.tell(
        stamp ->
            new SlotEvent.Probed(
                stamp, candidates, false, round.up(), round.of(), pass, 1, round.detail()));
    for (Slot slot : all) {
      count(slot, ProbeRound.of(healths, instances(List.of(slot))).passed(), began);
    }
    ProbeRound other = ProbeRound.of(healths, instances(live));
    return new Look(
        round.passed() ? Optional.empty() : Optional.of(round.detail()),
        other.passed() ? dead(live) : Optional.of(other.detail()));
  }

  private void count(Slot slot, boolean passed, Duration began) {
    Streak before = streaks.getOrDefault(slot, new Streak(0, began));
    streaks.put(slot, passed ? new Streak(before.passes() + 1, began) : new Streak(0, began));
  }

  private Optional<String> dead(List<Slot> slots) throws InterruptedException {
    for (Slot slot : slots) {
      LaunchState state = run.launchState(slot);
      if (!state.alive()) {
        return Optional.of(slot + " is not running: " + state);
      }
    }
    return Optional.empty();
  }

  /**
   * Proves slots that are to take the traffic: by as many probes as they lack, or by one if the
   * last began more than one interval ago. They are probed together, so that the proof of one does
   * not grow old while another is proved.
   */
  void proveForReturn(List<Slot> slots) throws StepNotDone, InterruptedException {
    Duration earliest = run.setup.time().elapsed().minus(probing.interval());
    boolean lacking = false;
    int already = probing.passes();
    for (Slot slot : slots) {
      Streak streak = streaks.getOrDefault(slot, new Streak(0, earliest));
      if (streak.passes() < probing.passes() || streak.began().compareTo(earliest) < 0) {
        lacking = true;
        already = Math.min(already, streak.passes());
      }
    }
    if (lacking) {
      prove(slots, already, timeFor(probing.passes()));
    } else {
      requireAlive(slots);
    }
  }

  private Duration timeFor(int passes) {
    return probing.interval().plus(probing.timeout()).multipliedBy(passes + probing.failures());
  }

  private void prove(List<Slot> slots, int already, Duration deadline)
      throws StepNotDone, InterruptedException {
    Streak streak = rounds(slots, instances(slots), already, deadline);
    String check = streak.passes() + " passes in a row at " + run.setup.time().now();
    for (Slot slot : slots) {
      streaks.put(slot, streak);
      run.state().slots.computeIfPresent(slot.toString(), (key, at) -> at.checked(check));
    }
  }

  /**
   * Probes until there are enough passes in a row; earlier ones count, unless a probe fails now.
   */
  private Streak rounds(List<Slot> slots, List<Instance> instances, int already, Duration deadline)
      throws StepNotDone, InterruptedException {
    int needed = probing.passes();
    TimeSource time = run.setup.time();
    Deadline end = time.deadline(deadline);
    int passes = Math.min(already, needed - 1);
    int failures = 0;
    boolean everUp = already > 0;
    boolean atFrontDoor = instances.stream().anyMatch(Instance::atFrontDoor);
    while (true) {
      run.endIfAsked();
      Duration began = time.elapsed();
      requireAlive(slots);
      ProbeRound round = new ProbeRound(run.setup.probe(instances, probing.timeout()));
      passes = round.passed() ? passes + 1 : 0;
      failures = round.passed() ? 0 : failures + 1;
      everUp |= round.passed();
      int pass = passes;
      run.tell(
          stamp ->
              new SlotEvent.Probed(
                  stamp,
                  slots,
                  atFrontDoor,
                  round.up(),
                  instances.size(),
                  pass,
                  needed,
                  round.detail()));
      if (passes >= needed) {
        requireAlive(slots);
        return new Streak(passes, began);
      }
      if (everUp && failures >= probing.failures()) {
        throw unhealthy(slots, round, failures + " probes in a row failed after it had been up");
      }
      Duration pause = pause(time.elapsed().minus(began));
      if (end.left().compareTo(pause) <= 0) {
        throw unhealthy(slots, round, "not proved within " + Durations.describe(deadline));
      }
      run.sleep(pause);
    }
  }

  private void requireAlive(List<Slot> slots) throws StepNotDone, InterruptedException {
    for (Slot slot : slots) {
      LaunchState state = run.launchState(slot);
      if (!state.alive()) {
        throw StepNotDone.unhealthy(
            slot + " is not running: " + state, state.toString(), state.lastOutput());
      }
    }
  }

  private StepNotDone unhealthy(List<Slot> slots, ProbeRound round, String reason)
      throws InterruptedException {
    StringBuilder output = new StringBuilder();
    for (Slot slot : slots) {
      output.append(run.launchState(slot).lastOutput());
    }
    return StepNotDone.unhealthy(
        round.frontDoors().orElse(slots + " unhealthy") + ": " + reason + "; " + round.detail(),
        round.detail(),
        output.toString());
  }

  private Duration pause(Duration spent) {
    double factor = 1 + probing.jitter() * (2 * jitter.nextDouble() - 1);
    Duration pause = Duration.ofNanos((long) (probing.interval().toNanos() * factor)).minus(spent);
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  private List<Instance> instances(List<Slot> slots) {
    List<Instance> instances = new ArrayList<>();
    for (Slot slot : slots) {
      Optional<String> version = run.state().version(slot);
      slot.instances().forEach(instance -> instances.add(instance.running(version)));
    }
    return instances;
  }
}
