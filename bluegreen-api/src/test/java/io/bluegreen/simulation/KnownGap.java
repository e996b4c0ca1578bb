package io.bluegreen.simulation;

import java.util.Optional;

/**
 * What the engine is known not to hold yet. A run that breaks nothing else is let through, but it
 * is counted by the name of its gap, and the long run prints how often.
 */
enum KnownGap {
  /**
   * A handover goes back while the disk is full, so that what runs was never recorded; then a
   * person settles the deployment by ADOPT, and the process under the token of the way back is
   * forgotten.
   */
  HANDOVER_UNDONE_WITHOUT_A_RECORD {
    @Override
    boolean explains(World world, Violation violation) {
      return world.script.shape() == Shape.BOT
          && world.undoneWithoutRecord
          && violation.detail().contains("bot/");
    }
  },

  /**
   * A handover can't go back (the launcher does not stop the candidate, or the engine's thread is
   * interrupted), which the result says; the next handover takes the slot over on record and
   * forgets the process that is still there.
   */
  HANDOVER_THAT_COULD_NOT_BE_STOPPED {
    @Override
    boolean explains(World world, Violation violation) {
      return world.script.shape() == Shape.BOT
          && (world.struck.containsKey(Fault.INTERRUPTED)
              || world.struck.containsKey(Fault.STOP_REFUSED)
              || world.struck.containsKey(Fault.STOP_HANGS)
              || world.struck.containsKey(Fault.STATE_UNKNOWN)
              || world.struck.containsKey(Fault.STATE_HANGS))
          && violation.detail().contains("bot/");
    }
  },

  /**
   * A recovery goes back for the second time while the record can't be written: the generation that
   * was set aside for the way back is used up, and the next one is not on record. If it is killed
   * directly after, the router is ahead of the record, and the group is on hold for a person.
   */
  WAY_BACK_AGAIN_WITHOUT_A_RECORD {
    @Override
    boolean explains(World world, Violation violation) {
      return world.undoneWithoutRecord
          && violation.check().equals("a switch whose generation is not on record");
    }
  };

  abstract boolean explains(World world, Violation violation);

  static Optional<KnownGap> of(World world, Violation violation) {
    for (KnownGap gap : values()) {
      if (gap.explains(world, violation)) {
        return Optional.of(gap);
      }
    }
    return Optional.empty();
  }
}
