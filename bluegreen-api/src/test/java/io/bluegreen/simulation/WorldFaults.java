package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Signal;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does to the world what planned faults do, but for the faults that happen inside the call itself.
 */
final class WorldFaults {
  private final World world;

  WorldFaults(World world) {
    this.world = world;
  }

  /** Does what a planned fault does to the world when it hits a call of this process. */
  void strike(PlannedFault planned, HostLife life) {
    try {
      strikes(planned, life);
    } finally {
      if (world.disk.holder == null || world.disk.holder.life() != life) {
        life.leaseGone();
      }
    }
  }

  private void strikes(PlannedFault planned, HostLife life) {
    int which = planned.detail();
    world.struck.merge(planned.fault(), 1, Integer::sum);
    life.cell.ifPresent(RecoveryCell::disturbed);
    world.note(() -> "*** " + planned.fault());
    switch (planned.fault()) {
      case INTERRUPTED -> Thread.currentThread().interrupt();
      case RELOADED -> {
        world.proxy.reload();
        world.foreign("reloaded");
        world.time.after(Duration.ofSeconds(1 + which % 90), this::formerWorkersEnd);
      }
      case RESTARTED_COLD -> {
        world.proxy.restartCold();
        world.foreign("restarted");
      }
      case FORMER_WORKERS_END -> formerWorkersEnd();
      case DURABLE_CHANGED_BY_HAND -> {
        String service = world.script.shape().routed(which).name();
        int green = 100 - world.proxy.durable.share(service, Color.GREEN);
        world.proxy.durable = world.proxy.durable.with(service, Color.GREEN, green);
        world.foreign("durable part changed by hand");
      }
      case SWITCHED_BY_HAND -> {
        String service = world.script.shape().routed(which).name();
        int green =
            List.of(0, 100, 50, 100 - world.proxy.running.share(service, Color.GREEN))
                .get(which / 2 % 4);
        world.proxy.byHand(service, green, which % 3 > 0);
        world.foreign("switched by hand");
      }
      case PROXY_DOWN -> {
        world.proxy.down = true;
        world.foreign("down");
        world.time.after(
            Duration.ofSeconds(1 + which % 60),
            () -> {
              if (world.proxy.down) {
                world.proxy.restartCold();
                world.foreign("up again");
              }
            });
      }
      case PROXY_FORGETS -> {
        world.proxy.forget(world.script.shape());
        world.foreign("forgot everything");
      }
      case LIVE_DIES -> liveSlot(which).ifPresent(world::dies);
      case CANDIDATE_DIES -> liveSlot(which).map(Slot::other).ifPresent(world::dies);
      case PID_REUSED ->
          liveSlot(which)
              .map(slot -> which % 2 == 0 ? slot : slot.other())
              .ifPresent(
                  slot -> {
                    world.dies(slot);
                    world.processes.strangers.add(slot.toString());
                  });
      case STRANGER_ON_PORT ->
          world.script.shape().slots.stream()
              .filter(slot -> slot.service().routed())
              .filter(slot -> world.processes.running(slot.toString()).isEmpty())
              .findFirst()
              .ifPresent(slot -> world.processes.strangers.add(slot.toString()));
      case UNRECORDED_FOR_LAUNCHER -> byHand(which, true);
      case UNRECORDED_FOR_CHECK -> byHand(which, false);
      case SICK_FOR_A_MINUTE -> {
        Slot slot = world.script.shape().slots.get(which % world.script.shape().slots.size());
        world.processes.sick.add(slot.toString());
        world.time.after(
            Duration.ofSeconds(60), () -> world.processes.sick.remove(slot.toString()));
      }
      case DISK_FULL -> {
        world.disk.full = true;
        world.time.after(Duration.ofSeconds(1 + which % 30), () -> world.disk.full = false);
      }
      case DISK_FULL_FOR_GOOD -> world.disk.full = true;
      case OLD_BACKUP -> {
        if (!world.disk.backups.isEmpty()) {
          replaceRecord(
              world.disk.backups.get(
                  world.disk.backups.size() - 1 - which % world.disk.backups.size()));
        }
      }
      case RECORD_DELETED -> replaceRecord(null);
      case LOCK_DELETED -> world.disk.holder = null;
      case ABORT -> signal(Signal.Kind.ABORT);
      case APPROVE -> signal(Signal.Kind.APPROVE);
      case PAUSE -> signal(Signal.Kind.PAUSE);
      case RESUME -> signal(Signal.Kind.RESUME);
      case CLOSED -> {
        life.closed = true;
        beside(life, life.close);
      }
      case SECOND_MANAGER -> beside(life, () -> world.secondManager.accept(PolicyStyle.PLAIN));
      case SUPERSEDED -> beside(life, () -> world.secondManager.accept(PolicyStyle.SUPERSEDING));
      case TAKEN_OVER -> {
        world.disk.holder = null;
        beside(life, () -> world.secondManager.accept(PolicyStyle.PLAIN));
      }
      case CLOCK_FORWARD -> world.time.jump(Duration.ofHours(2));
      case CLOCK_BACK -> world.time.jump(Duration.ofHours(-2));
      default -> {} // The call itself does these.
    }
  }

  private void formerWorkersEnd() {
    if (!world.proxy.former.isEmpty()) {
      world.proxy.former.clear();
      world.note(() -> "*** former workers ended");
    }
  }

  private Optional<Slot> liveSlot(int which) {
    String service = world.script.shape().routed(which).name();
    Color live = world.proxy.running.share(service, Color.GREEN) > 0 ? Color.GREEN : Color.BLUE;
    return Optional.of(world.script.shape().slot(service, live));
  }

  /** Lets somebody start a slot by hand in which ours has ended or never ran. */
  private void byHand(int which, boolean launcherSees) {
    Slot slot = world.script.shape().slots.get(which % world.script.shape().slots.size());
    world.dies(slot);
    world.processes.endStranger(slot);
    WorldProcesses.Unrecorded started = world.processes.startByHand(slot, launcherSees);
    world.note(() -> "*** " + started);
  }

  private void replaceRecord(byte @Nullable [] document) {
    if (Arrays.equals(document, world.disk.document)) {
      return;
    }
    world.disk.document = document;
    world.disk.replaced = true;
    world.lives.forEach(HostLife::recordReplaced);
    StoredDocument stored = StoredDocument.of(document);
    world.processes.running().stream()
        .filter(process -> !stored.knows(process.token))
        .forEach(process -> process.forgotten = true);
  }

  private void signal(Signal.Kind kind) {
    WorldDisk.Holder holder = world.disk.holder;
    if (holder != null) {
      world.disk.signals.add(
          new Signal(holder.owner().deploymentId(), kind, "ann", "told to", world.time.now()));
    }
  }

  /** Runs work as if on another thread, while the process that makes the call stands still. */
  private void beside(HostLife life, Runnable work) {
    Duration began = world.time.elapsed();
    world.time.after(Duration.ZERO, work);
    world.time.pass(Duration.ZERO);
    life.stalled = life.stalled.plus(world.time.elapsed()).minus(began);
  }
}
