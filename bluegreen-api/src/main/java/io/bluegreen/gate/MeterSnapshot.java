package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.support.Failures;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What the slots that a gate judges have answered, at one instant. */
record MeterSnapshot(Instant at, Map<Slot, SlotCounts> slots) {
  /** Reads the meter; where that goes wrong in any way, there is no verdict. */
  static MeterSnapshot read(Gate.Context context, Collection<Slot> wanted, boolean clientErrorsToo)
      throws NoVerdict {
    if (wanted.isEmpty()) {
      throw new NoVerdict("there is no slot to judge");
    }
    TrafficMeter meter =
        context.meter().orElseThrow(() -> new NoVerdict("the router gives no meter to read"));
    try {
      TrafficMeter.Reading reading = meter.read();
      Map<Slot, SlotCounts> slots = new HashMap<>();
      for (Slot slot : wanted) {
        TrafficMeter.Count count = reading.slots().get(slot);
        if (count == null) {
          throw new NoVerdict("the meter tells nothing of " + slot);
        }
        slots.put(slot, SlotCounts.of(slot, count, clientErrorsToo));
      }
      return new MeterSnapshot(Objects.requireNonNull(reading.at()), Map.copyOf(slots));
    } catch (RuntimeException e) {
      throw new NoVerdict("the meter failed: " + Failures.reason(e));
    }
  }

  /** Returns whether this can be a later look at what was seen before. */
  boolean continues(MeterSnapshot earlier) {
    return !at.isBefore(earlier.at)
        && slots.keySet().equals(earlier.slots.keySet())
        && slots.entrySet().stream()
            .allMatch(slot -> slot.getValue().continues(earlier.of(slot.getKey())));
  }

  /** Returns what a slot has answered. */
  SlotCounts of(Slot slot) {
    return Objects.requireNonNull(slots.get(slot));
  }

  /** Returns what a slot has answered since an earlier look that this one continues. */
  SlotCounts since(MeterSnapshot earlier, Slot slot) throws NoVerdict {
    return of(slot).since(earlier.of(slot), slot);
  }
}
