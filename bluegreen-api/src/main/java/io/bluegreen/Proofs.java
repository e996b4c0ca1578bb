package io.bluegreen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Which slots were proved healthy in this run, and when. */
final class Proofs {
  private final Run run;
  private final Probing probing;
  private final Prober prober;
  private final Random jitter;
  private final Map<Slot, Duration> lastPass = new HashMap<>();

  Proofs(Run run) {
    this.run = run;
    this.probing = run.policy.probing();
    this.prober = new Prober(run.setup, probing.timeout());
    this.jitter = new Random(run.id.hashCode());
  }

  void forget(Slot slot) {
    lastPass.remove(slot);
  }

  /**
   * Proves slots together: so many rounds in a row in which every instance is up and every process
   * lives.
   */
  void prove(List<Slot> slots) throws StepFailed, InterruptedException {
    run.sleep(probing.initialDelay());
    prove(slots, slots, probing.passes(), probing.deadline());
  }

  /** Proves the services at their front doors, which is where the candidates must answer now. */
  void confirm(List<Slot> slots) throws StepFailed, InterruptedException {
    List<Instance> doors = new ArrayList<>();
    for (Slot slot : slots) {
      slot.service()
          .frontDoor()
          .ifPresent(
              door ->
                  doors.add(
                      new Instance(slot.service().name(), slot.color(), 0, Optional.of(door))));
    }
    rounds(slots, doors, 1, probing.deadline());
  }

  /** Makes sure that the last pass of each slot began at most one interval ago. */
  void refresh(List<Slot> slots) throws StepFailed, InterruptedException {
    Duration earliest = run.setup.time().elapsed().minus(probing.interval());
    List<Slot> stale = new ArrayList<>();
    for (Slot slot : slots) {
      Duration pass = lastPass.get(slot);
      if (pass == null) {
        throw StepFailed.because(slot + " was not proved in this deployment");
      }
      if (pass.compareTo(earliest) < 0) {
        stale.add(slot);
      }
    }
    if (!stale.isEmpty()) {
      prove(slots, stale, 1, patience(1));
    }
  }

  /** Probes slots once; returns what is down, if something is. Fails if a process has ended. */
  Optional<String> look(List<Slot> slots) throws StepFailed, InterruptedException {
    requireAlive(slots);
    List<Instance> instances = slots.stream().flatMap(slot -> slot.instances().stream()).toList();
    Round round = new Round(prober.probe(instances));
    int pass = round.passed() ? 1 : 0;
    run.tell(
        (at, id) ->
            new DeploymentEvent.Probed(
                at, id, slots, round.up(), instances.size(), pass, 1, round.detail()));
    return round.passed() ? Optional.empty() : Optional.of(round.detail());
  }

  /**
   * Proves slots that are to take the traffic back, with as much patience as the thresholds ask
   * for.
   */
  void proveForReturn(List<Slot> slots) throws StepFailed, InterruptedException {
    prove(slots, slots, probing.passes(), patience(probing.passes()));
  }

  private Duration patience(int passes) {
    return probing.interval().plus(probing.timeout()).multipliedBy(passes + probing.failures());
  }

  private void prove(List<Slot> all, List<Slot> slots, int passes, Duration deadline)
      throws StepFailed, InterruptedException {
    List<Instance> instances = slots.stream().flatMap(slot -> slot.instances().stream()).toList();
    Duration began = rounds(all, instances, passes, deadline);
    String check = passes + " passes in a row at " + run.setup.time().now();
    for (Slot slot : slots) {
      lastPass.put(slot, began);
      run.state().slots.computeIfPresent(slot.toString(), (key, at) -> at.checked(check));
    }
  }

  /** Returns when the last passing round began. */
  private Duration rounds(List<Slot> slots, List<Instance> instances, int needed, Duration deadline)
      throws StepFailed, InterruptedException {
    TimeSource time = run.setup.time();
    Duration end = time.elapsed().plus(deadline);
    int passes = 0;
    int failures = 0;
    boolean everUp = false;
    while (true) {
      run.wishes.heed();
      Duration began = time.elapsed();
      requireAlive(slots);
      Round round = new Round(prober.probe(instances));
      passes = round.passed() ? passes + 1 : 0;
      failures = round.passed() ? 0 : failures + 1;
      everUp |= round.passed();
      int pass = passes;
      run.tell(
          (at, id) ->
              new DeploymentEvent.Probed(
                  at, id, slots, round.up(), instances.size(), pass, needed, round.detail()));
      if (passes >= needed) {
        requireAlive(slots);
        return began;
      }
      if (everUp && failures >= probing.failures()) {
        throw unhealthy(slots, round, failures + " probes in a row failed after it had been up");
      }
      Duration pause = pause(time.elapsed().minus(began));
      if (time.elapsed().plus(pause).compareTo(end) >= 0) {
        throw unhealthy(slots, round, "not proved within " + deadline.toMillis() + " ms");
      }
      run.sleep(pause);
    }
  }

  private void requireAlive(List<Slot> slots) throws StepFailed, InterruptedException {
    for (Slot slot : slots) {
      LaunchState state = run.launchState(slot);
      if (!state.alive()) {
        throw StepFailed.unhealthy(
            slot + " is not running: " + state, state.toString(), state.lastOutput());
      }
    }
  }

  private StepFailed unhealthy(List<Slot> slots, Round round, String reason)
      throws InterruptedException {
    StringBuilder output = new StringBuilder();
    for (Slot slot : slots) {
      output.append(run.launchState(slot).lastOutput());
    }
    return StepFailed.unhealthy(
        slots + " unhealthy: " + reason + "; " + round.detail(), round.detail(), output.toString());
  }

  private Duration pause(Duration spent) {
    double factor = 1 + probing.jitter() * (2 * jitter.nextDouble() - 1);
    Duration pause = Duration.ofNanos((long) (probing.interval().toNanos() * factor)).minus(spent);
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  /** The answers of one round. */
  private record Round(Map<Instance, Health> healths) {
    boolean passed() {
      return up() == healths.size();
    }

    int up() {
      return (int) healths.values().stream().filter(Health::up).count();
    }

    /** Returns the first answer that is DOWN, else the first. */
    String detail() {
      return healths.entrySet().stream()
          .filter(entry -> !entry.getValue().up())
          .findFirst()
          .or(() -> healths.entrySet().stream().findFirst())
          .map(entry -> entry.getKey() + " " + entry.getValue())
          .orElse("nothing to probe");
    }
  }
}
