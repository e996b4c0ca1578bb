package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Signal;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
  final Oracle oracle;
  final List<HostLife> lives = new ArrayList<>();
  final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);

  /** Hooks that were begun and not undone, as {@code deployment/hook}. */
  final Set<String> hooked = new HashSet<>();

  /** A manager was not given the hook that some deployments have. */
  boolean hookWasMissing;

  /** How often somebody else has changed what the router serves. */
  int foreignChanges;

  /** When that was last so. */
  Duration foreignAt = Duration.ZERO;

  private final @Nullable List<String> trace;
  private @Nullable Violation violation;

  /** How a second manager acts, which needs the whole simulation. */
  Consumer<PolicyStyle> secondManager = style -> {};

  World(Script script, boolean tracing) {
    this.script = script;
    this.proxy = new WorldProxy(script.shape(), script.linger());
    this.oracle = new Oracle(this);
    this.trace = tracing ? new ArrayList<>() : null;
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
   * Notes that somebody else changed what the router serves, which no process that looked before
   * knows.
   */
  void foreign(String what) {
    note(() -> "*** " + what + ": the proxy serves " + proxy);
    foreignChanges++;
    foreignAt = time.elapsed();
    proxy.noteReach(foreignAt);
    lives.forEach(HostLife::outdated);
  }

  /** For everybody else, what one process does is foreign, too. */
  void changedBy(HostLife life) {
    lives.stream().filter(other -> other != life).forEach(HostLife::outdated);
  }

  /** Does what a fault does to the world, at the call of a life that it hits. */
  void strike(PlannedFault planned, HostLife life) {
    try {
      strikes(planned, life);
    } finally {
      if (disk.holder == null || disk.holder.life() != life) {
        life.leaseGone();
      }
    }
  }

  private void strikes(PlannedFault planned, HostLife life) {
    int which = planned.detail();
    struck.merge(planned.fault(), 1, Integer::sum);
    life.cell.ifPresent(RecoveryCell::disturbed);
    note(() -> "*** " + planned.fault());
    switch (planned.fault()) {
      case INTERRUPTED -> Thread.currentThread().interrupt();
      case RELOADED -> {
        proxy.reload();
        foreign("reloaded");
        time.after(Duration.ofSeconds(1 + which % 90), this::formerWorkersEnd);
      }
      case RESTARTED_COLD -> {
        proxy.restartCold();
        foreign("restarted");
      }
      case FORMER_WORKERS_END -> formerWorkersEnd();
      case DURABLE_CHANGED_BY_HAND -> {
        String service = script.shape().routed(which).name();
        int green = 100 - proxy.durable.share(service, Color.GREEN);
        proxy.durable = proxy.durable.with(service, Color.GREEN, green);
        foreign("durable part changed by hand");
      }
      case SWITCHED_BY_HAND -> {
        String service = script.shape().routed(which).name();
        int green =
            List.of(0, 100, 50, 100 - proxy.running.share(service, Color.GREEN)).get(which / 2 % 4);
        proxy.byHand(service, green, which % 3 > 0);
        foreign("switched by hand");
      }
      case PROXY_DOWN -> {
        proxy.down = true;
        foreign("down");
        time.after(
            Duration.ofSeconds(1 + which % 60),
            () -> {
              if (proxy.down) {
                proxy.restartCold();
                foreign("up again");
              }
            });
      }
      case PROXY_FORGETS -> {
        proxy.forget(script.shape());
        foreign("forgot everything");
      }
      case LIVE_DIES -> liveSlot(which).ifPresent(this::dies);
      case CANDIDATE_DIES -> liveSlot(which).map(Slot::other).ifPresent(this::dies);
      case PID_REUSED ->
          liveSlot(which)
              .map(slot -> which % 2 == 0 ? slot : slot.other())
              .ifPresent(
                  slot -> {
                    dies(slot);
                    processes.strangers.add(slot.toString());
                  });
      case STRANGER_ON_PORT ->
          script.shape().slots.stream()
              .filter(slot -> slot.service().routed())
              .filter(slot -> processes.running(slot.toString()).isEmpty())
              .findFirst()
              .ifPresent(slot -> processes.strangers.add(slot.toString()));
      case UNRECORDED_FOR_LAUNCHER -> byHand(which, true);
      case UNRECORDED_FOR_CHECK -> byHand(which, false);
      case SICK_FOR_A_MINUTE -> {
        Slot slot = script.shape().slots.get(which % script.shape().slots.size());
        processes.sick.add(slot.toString());
        time.after(Duration.ofSeconds(60), () -> processes.sick.remove(slot.toString()));
      }
      case DISK_FULL -> {
        disk.full = true;
        time.after(Duration.ofSeconds(1 + which % 30), () -> disk.full = false);
      }
      case DISK_FULL_FOR_GOOD -> disk.full = true;
      case OLD_BACKUP -> {
        if (!disk.backups.isEmpty()) {
          replaceRecord(disk.backups.get(disk.backups.size() - 1 - which % disk.backups.size()));
        }
      }
      case RECORD_DELETED -> replaceRecord(null);
      case LOCK_DELETED -> disk.holder = null;
      case ABORT -> signal(Signal.Kind.ABORT);
      case APPROVE -> signal(Signal.Kind.APPROVE);
      case PAUSE -> signal(Signal.Kind.PAUSE);
      case RESUME -> signal(Signal.Kind.RESUME);
      case CLOSED -> {
        life.closed = true;
        beside(life, life.close);
      }
      case SECOND_MANAGER -> beside(life, () -> secondManager.accept(PolicyStyle.PLAIN));
      case SUPERSEDED -> beside(life, () -> secondManager.accept(PolicyStyle.SUPERSEDING));
      case TAKEN_OVER -> {
        disk.holder = null;
        beside(life, () -> secondManager.accept(PolicyStyle.PLAIN));
      }
      case CLOCK_FORWARD -> time.jump(Duration.ofHours(2));
      case CLOCK_BACK -> time.jump(Duration.ofHours(-2));
      default -> {} // Faults of the call itself.
    }
  }

  boolean reached(WorldProcesses.Process process) {
    return script.shape().slots.stream()
        .anyMatch(slot -> slot.toString().equals(process.slot) && proxy.reaches(slot));
  }

  private void formerWorkersEnd() {
    if (!proxy.former.isEmpty()) {
      proxy.former.clear();
      note(() -> "*** former workers ended");
    }
  }

  private Optional<Slot> liveSlot(int which) {
    String service = script.shape().routed(which).name();
    Color live = proxy.running.share(service, Color.GREEN) > 0 ? Color.GREEN : Color.BLUE;
    return Optional.of(script.shape().slot(service, live));
  }

  /** Somebody starts a slot by hand, where ours has ended or never ran. */
  private void byHand(int which, boolean launcherSees) {
    Slot slot = script.shape().slots.get(which % script.shape().slots.size());
    dies(slot);
    processes.strangers.remove(slot.toString());
    WorldProcesses.Unrecorded started = processes.startByHand(slot, launcherSees);
    note(() -> "*** " + started);
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

  private void replaceRecord(byte @Nullable [] document) {
    if (Arrays.equals(document, disk.document)) {
      return;
    }
    disk.document = document;
    disk.replaced = true;
    lives.forEach(HostLife::recordReplaced);
    StoredDocument stored = StoredDocument.of(document);
    processes.running().stream()
        .filter(process -> !stored.knows(process.token))
        .forEach(process -> process.forgotten = true);
  }

  private void signal(Signal.Kind kind) {
    WorldDisk.Holder holder = disk.holder;
    if (holder != null) {
      disk.signals.add(
          new Signal(holder.owner().deploymentId(), kind, "ann", "told to", time.now()));
    }
  }

  /** Runs something as if on another thread, while the process that makes the call stands still. */
  private void beside(HostLife life, Runnable work) {
    Duration began = time.elapsed();
    time.after(Duration.ZERO, work);
    time.pass(Duration.ZERO);
    life.stalled = life.stalled.plus(time.elapsed()).minus(began);
  }

  /** Makes the switch that its process has not waited for, unless a newer one was made. */
  void late(Switch change, Duration delay) {
    time.after(
        delay,
        () -> {
          if (change.generation() > proxy.highest && !proxy.down) {
            TrafficSplit before = proxy.running;
            proxy.make(change);
            oracle.moves(change, before);
            foreign("late switch to " + change.to() + " #" + change.generation());
            oracle.lateSwitch(change);
          }
        });
  }

  LeaseOwner owner(LeaseOwner asked) {
    return new LeaseOwner(asked.group(), asked.deploymentId(), 1, "here", Instant.EPOCH);
  }
}
