package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Release;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records that one release took over from another in one service. The router says whether that
 * still holds: it does while {@code to} is live.
 *
 * @param first whether nothing was live before
 * @param was what was live before, where that is known
 * @param to the colour that it made live
 * @param is what it made live, where that is known
 * @param undoneBy the rollback that took it back, if one did; for people only, as {@code undoneAt}
 *     is
 */
record Promotion(
    String deploymentId,
    Instant at,
    boolean first,
    @Nullable Release was,
    Color to,
    @Nullable Release is,
    @Nullable String undoneBy,
    @Nullable Instant undoneAt) {
  /** Returns whether what was live before is live again, if this is what is live now. */
  boolean isTakenBackBy(Color live, @Nullable Release release) {
    return live != to && Objects.equals(was, release);
  }

  /** Returns this promotion, which knows what was live before, if that is what was adopted now. */
  Promotion from(Color adopted, Optional<SlotOccupant> occupant) {
    return first || adopted == to || occupant.isEmpty()
        ? this
        : new Promotion(
            deploymentId, at, first, occupant.get().release(), to, is, undoneBy, undoneAt);
  }

  Promotion undone(@Nullable String by, @Nullable Instant when) {
    return new Promotion(deploymentId, at, first, was, to, is, by, when);
  }
}
