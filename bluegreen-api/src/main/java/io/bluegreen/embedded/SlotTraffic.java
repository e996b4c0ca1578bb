package io.bluegreen.embedded;

import io.bluegreen.InFlight;
import io.bluegreen.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What one slot is answering, counted from {@link ServiceSlots#enter} to {@link #end}. */
final class SlotTraffic {
  private final Slot slot;
  private final EmbeddedMeter.Counter counter;
  private final List<Upstream> instances;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Set<ProxiedRequest> requests = ConcurrentHashMap.newKeySet();

  SlotTraffic(Slot slot, EmbeddedMeter.Counter counter, List<Upstream> instances) {
    this.slot = slot;
    this.counter = counter;
    this.instances = List.copyOf(instances);
  }

  Slot slot() {
    return slot;
  }

  EmbeddedMeter.Counter counter() {
    return counter;
  }

  void enter() {
    inFlight.incrementAndGet();
  }

  void leave() {
    inFlight.decrementAndGet();
  }

  /** Is called with a request that has entered and stays, so that it can be cut. */
  void add(ProxiedRequest request) {
    requests.add(request);
  }

  void end(ProxiedRequest request) {
    requests.remove(request);
    leave();
  }

  InFlight inFlight() {
    return InFlight.some(inFlight.get());
  }

  List<ProxiedRequest> requests() {
    return List.copyOf(requests);
  }

  /** Returns the instances in the order in which the next request is to try them. */
  List<Upstream> nextTurn() {
    if (instances.size() == 1) {
      return instances;
    }
    List<Upstream> order = new ArrayList<>(instances);
    Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
    return order;
  }
}
