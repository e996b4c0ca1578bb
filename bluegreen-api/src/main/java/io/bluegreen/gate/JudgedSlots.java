package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which slots a counter gate judges, and what counts as their errors. */
record JudgedSlots(CounterGate.Judged judged, Set<String> services, boolean clientErrorsToo) {
  static final JudgedSlots DEFAULT = new JudgedSlots(CounterGate.Judged.CANDIDATE, Set.of(), false);

  List<Slot> slots(Gate.Context context) {
    List<Slot> slots = new ArrayList<>();
    if (judged != CounterGate.Judged.LIVE) {
      slots.addAll(context.candidates());
    }
    if (judged == CounterGate.Judged.LIVE) {
      slots.addAll(context.live());
    } else if (judged == CounterGate.Judged.BOTH) {
      context.live().stream().filter(HoldId.of(context)::hasTraffic).forEach(slots::add);
    }
    slots.removeIf(slot -> !services.isEmpty() && !services.contains(slot.service().name()));
    return slots;
  }
}
