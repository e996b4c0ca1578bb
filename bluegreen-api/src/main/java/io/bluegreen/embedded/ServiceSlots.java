package io.bluegreen.embedded;

import io.bluegreen.Color;
import java.util.Optional;

/** Both slots of a service. */
record ServiceSlots(SlotTraffic blue, SlotTraffic green) {
  SlotTraffic of(Color color) {
    return color == Color.BLUE ? blue : green;
  }

  /**
   * Chooses the slot of one request and counts it there.
   *
   * <p>Counts first and looks again afterwards, so that a slot with share 0 and nothing in flight
   * is drained for certain: a request that was routed by the former table, and not counted when its
   * slot was looked at, sees after counting that the table was replaced.
   *
   * @param asked what the preview header says
   * @param cohort of the request, 0 to 99
   */
  SlotTraffic enter(
      RoutingTable.InForce routing, String service, Optional<Color> asked, int cohort) {
    while (true) {
      RoutingTable table = routing.get();
      SlotTraffic slot = of(asked.orElse(cohort < table.green(service) ? Color.GREEN : Color.BLUE));
      slot.enter();
      if (routing.is(table)) {
        return slot;
      }
      slot.leave();
    }
  }
}
