package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Phase;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;

/** Tells one hold from another: a deployment holds the traffic at one split, in one phase. */
record HoldId(String deploymentId, Phase phase, TrafficSplit split) {
  static HoldId of(Gate.Context context) {
    return new HoldId(context.deploymentId(), context.phase(), context.split());
  }

  /** Returns whether a slot's colour gets requests. */
  boolean hasTraffic(Slot slot) {
    String service = slot.service().name();
    return split.services().contains(service) && split.share(service, slot.color()) > 0;
  }
}
