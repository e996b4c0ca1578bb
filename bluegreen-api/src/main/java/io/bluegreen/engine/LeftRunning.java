package io.bluegreen.engine;

import io.bluegreen.Slot;
import java.util.Optional;

/**
 * Tells of what runs beside the live colour and is not stopped by anybody here: what was adopted by
 * its version only, and what was live before the first deployment and was never adopted.
 */
final class LeftRunning {
  private final OperationRun run;

  LeftRunning(OperationRun run) {
    this.run = run;
  }

  /** Returns what to tell of a slot; empty if it can be stopped here, or runs no more. */
  Optional<String> told(Slot slot) throws InterruptedException {
    Optional<SlotOccupant> occupant = run.state().occupant(slot);
    boolean unknown =
        occupant.isEmpty() && run.state().former.get(slot.service().name()) == slot.color();
    boolean byName = occupant.filter(SlotOccupant::byName).isPresent();
    if (!slot.service().routed()
        || !(unknown || byName)
        || run.isEnded(slot)
        || run.isExternal(slot)) {
      return Optional.empty();
    }
    return Optional.of(
        byName
            ? slot
                + " runs "
                + occupant.get().release()
                + ", which was adopted by its version only: nothing here can stop it. Stop it by"
                + " its own means when it is no longer needed as the way back"
            : slot
                + " runs what was live before the first deployment, and nothing of it is on record:"
                + " nothing here stops it, and no version can be deployed there. Take it over with"
                + " run("
                + adopting(slot)
                + "), or stop it by its own means when it is no longer needed as the way back");
  }

  /** Returns the call that takes over what runs in a slot. */
  static String adopting(Slot slot) {
    return "Operation.adopt(release).on(Color."
        + slot.color().name()
        + ").service(\""
        + slot.service().name()
        + "\")";
  }
}
