package io.bluegreen.engine;

import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the record says of one slot, so that it can be put back.
 *
 * @param former whether it was live before and may be gone back to, together with {@code
 *     formerBackground}
 */
record SlotRecord(
    @Nullable SlotOccupant occupant,
    boolean stopped,
    boolean former,
    Map<String, Release> formerBackground) {
  /** Says which way back ends when the slot changes; empty if none does. */
  Optional<String> wayBackEnds(Slot slot) {
    String version = occupant == null ? "what runs" : occupant.release().version();
    return former
        ? Optional.of("ends the way back to " + version + " on " + slot)
        : Optional.empty();
  }
}
