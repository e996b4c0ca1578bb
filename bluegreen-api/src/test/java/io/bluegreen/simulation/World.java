package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The real state, as opposed to what the engine thinks: a proxy, processes, a disk, people, and
 * time.
 */
final class World {
  final Script script;
  final VirtualTime time = new VirtualTime();
  final WorldProxy proxy;
  final WorldProcesses processes = new WorldProcesses();
  final WorldDisk disk = new WorldDisk();
  final WorldFaults faults;
  final Oracle oracle;
  final List<HostLife> lives = new ArrayList<>();
  final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);

  /** The hooks that were started and not undone, as {@code deployment/hook}. */
  final Set<String> hooked = new HashSet<>();

  /** Whether a manager was not given the hook that some deployments have. */
  boolean hookWasMissing;

  /** How often somebody else has changed what the router serves. */
  int foreignChanges;

  /** When somebody else last changed it. */
  Duration foreignAt = Duration.ZERO;

  private final @Nullable List<String> trace;
  private @Nullable Violation violation;

  /** Lets a second manager act. {@link Simulation} sets it. */
  Consumer<PolicyStyle> secondManager = style -> {};

  World(Script script, boolean tracing) {
    this.script = script;
    this.proxy = new WorldProxy(script.shape(), script.linger());
    this.oracle = new Oracle(this);
    this.faults = new WorldFaults(this);
    this.trace = tracing ? new ArrayList<>() : null;
    if (script.serving()) {
      script.shape().slots.stream()
          .filter(slot -> slot.service().routed() && slot.color() == Color.BLUE)
          .forEach(slot -> processes.strangers.add(slot.toString()));
    }
  }

  HostLife newLife() {
    HostLife life = new HostLife(this, lives.size() + 1);
    lives.add(life);
    return life;
  }

  void note(Supplier<String> line) {
    if (trace != null) {
      trace.add(time.elapsed().toMillis() + " ms  " + line.get());
    }
  }

  List<String> trace() {
    return trace == null ? List.of() : trace;
  }

  void broken(int invariant, String check, String detail) {
    if (violation == null) {
      violation = new Violation(invariant, check, detail);
      note(() -> "!!! " + violation);
    }
  }

  Optional<Violation> violation() {
    return Optional.ofNullable(violation);
  }

  /**
   * Notes that somebody else changed what the router serves; no process that looked before that
   * knows it.
   */
  void foreign(String what) {
    note(() -> "*** " + what + ": the proxy serves " + proxy);
    foreignChanges++;
    foreignAt = time.elapsed();
    proxy.noteReach(foreignAt);
    lives.forEach(HostLife::outdated);
  }

  /**
   * Notes that one process changed what the router serves: for all other processes that is foreign.
   */
  void changedBy(HostLife life) {
    lives.stream().filter(other -> other != life).forEach(HostLife::outdated);
  }

  boolean reached(WorldProcesses.Process process) {
    return script.shape().slots.stream()
        .anyMatch(slot -> slot.toString().equals(process.slot) && proxy.reaches(slot));
  }

  void dies(Slot slot) {
    processes
        .running(slot.toString())
        .ifPresent(
            process -> {
              process.runs = false;
              proxy.ended(process.slot);
              oracle.died(process);
              note(() -> "*** died: " + process);
            });
  }

  /** Makes the switch that its process has not waited for, unless a newer one was made. */
  void late(Switch change, Duration delay) {
    time.after(
        delay,
        () -> {
          if (change.generation() > proxy.highest && !proxy.down) {
            TrafficSplit before = proxy.running;
            proxy.make(change);
            oracle.deeds.moves(change, before);
            foreign("late switch to " + change.to() + " #" + change.generation());
            oracle.lateSwitch(change);
          }
        });
  }

  LeaseOwner owner(LeaseOwner asked) {
    return new LeaseOwner(asked.group(), asked.deploymentId(), 1, "here", Instant.EPOCH);
  }

  /** Whether nobody has taken the lease away from its holder. */
  boolean leaseWasLeftAlone() {
    return !struck.containsKey(Fault.TAKEN_OVER) && !struck.containsKey(Fault.LOCK_DELETED);
  }
}
