package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Slot;

/** The part of the oracle that looks at the world whenever nobody acts. */
final class QuietOracle {
  private final World world;

  QuietOracle(World world) {
    this.world = world;
  }

  /**
   * Checks that nobody holds the lease, that nothing runs twice, and that everything that runs is
   * on record.
   */
  void look() {
    WorldDisk.Holder holder = world.disk.holder;
    if (holder != null) {
      world.broken(6, "the lease is held, and nobody acts", holder.toString());
    }
    if (world.oracle.stored().open().isEmpty() && !world.disk.replaced) {
      for (WorldProcesses.Process process : world.processes.running()) {
        if (!process.forgotten && !world.oracle.stored().knows(process.token)) {
          world.broken(6, "a process was left running that nobody knows of", process.toString());
        }
      }
    }
    for (Slot slot : world.script.shape().slots) {
      boolean both =
          !slot.service().routed()
              && !world.disk.replaced
              && slot.color() == Color.BLUE
              && running(slot)
              && running(slot.other());
      if (both) {
        world.broken(8, "both colours of a background service run", slot.toString());
      }
    }
  }

  private boolean running(Slot slot) {
    return world.processes.running(slot.toString()).filter(p -> !p.forgotten).isPresent();
  }
}
