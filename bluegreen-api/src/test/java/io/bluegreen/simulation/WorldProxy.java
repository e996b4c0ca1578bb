package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A proxy with all that a real one has: the split that runs, the one that a cold start would serve,
 * and those that former workers serve.
 */
final class WorldProxy {
  TrafficSplit running;
  TrafficSplit durable;

  /** The splits by which former workers still take new requests. */
  final List<TrafficSplit> former = new ArrayList<>();

  /**
   * The splits by which former workers only finish what they have; a WebSocket keeps them for a
   * long time.
   */
  private final List<TrafficSplit> finishing = new ArrayList<>();

  final Set<String> assigned = new TreeSet<>();
  long generation;
  long durableGeneration;
  long fence;

  /** The highest generation. The adapter keeps it, also when the proxy forgets it. */
  long highest;

  boolean down;
  boolean forgot;

  private final List<Slot> slots;
  private final Set<String> serving = new HashSet<>();

  /** When a slot lost its last request. */
  private final Map<String, Duration> lostAt = new HashMap<>();

  /** How long the last requests take. */
  private final Duration linger;

  WorldProxy(GroupShape shape, Duration linger) {
    this.slots = shape.slots;
    this.linger = linger;
    running = durable = shape.everything(Color.BLUE);
  }

  /** Whether a request can reach a slot, now or after the next restart. */
  boolean reaches(Slot slot) {
    return serves(slot)
        || slot.service().routed() && durable.share(slot.service().name(), slot.color()) > 0;
  }

  private boolean serves(Slot slot) {
    String service = slot.service().name();
    return slot.service().routed()
        && (running.share(service, slot.color()) > 0
            || former.stream().anyMatch(split -> split.share(service, slot.color()) > 0));
  }

  /** Notes which slots have lost their traffic. It has to be called after each change. */
  void noteReach(Duration now) {
    for (Slot slot : slots) {
      if (serves(slot)) {
        serving.add(slot.toString());
      } else if (serving.remove(slot.toString())) {
        lostAt.put(slot.toString(), now);
      }
    }
  }

  /** How many requests a slot answers at this moment. */
  int inFlight(Slot slot, Duration now) {
    return serves(slot)
        ? 5
        : sinceLost(slot, now).filter(since -> since.compareTo(linger) < 0).isPresent() ? 2 : 0;
  }

  Optional<Duration> sinceLost(Slot slot, Duration now) {
    return Optional.ofNullable(lostAt.get(slot.toString())).map(now::minus);
  }

  /** Notes that a slot answers nothing any more. */
  void ended(String slot) {
    lostAt.remove(slot);
  }

  void make(Switch change) {
    finishing.clear();
    finishing.add(running);
    makeRunning(change);
    durable = change.to();
    durableGeneration = change.generation();
    former.clear();
    forgot = false;
  }

  void makeRunning(Switch change) {
    running = change.to();
    generation = change.generation();
    highest = Math.max(highest, generation);
    assigned.addAll(change.to().services());
  }

  void byHand(String service, int green, boolean durably) {
    running = running.with(service, Color.GREEN, green);
    assigned.add(service);
    if (durably) {
      durable = durable.with(service, Color.GREEN, green);
    }
  }

  void restartCold() {
    running = durable;
    generation = durableGeneration;
    former.clear();
    down = false;
  }

  void reload() {
    TrafficSplit ran = running;
    restartCold();
    former.add(ran);
  }

  void forget(GroupShape shape) {
    running = durable = shape.everything(Color.BLUE);
    former.clear();
    assigned.clear();
    generation = durableGeneration = 0;
    forgot = true;
  }

  /** Returns what an honest adapter reads from this proxy. */
  RouterTruth truth() {
    if (down) {
      return new RouterTruth.Unreachable("the proxy is down");
    }
    Set<String> unassigned = new TreeSet<>(running.services());
    unassigned.removeAll(assigned);
    List<Drift> drift = new ArrayList<>();
    if (forgot) {
      drift.add(new Drift(Drift.Kind.STATE_LOST, "the rendered default"));
    }
    if (former.stream().anyMatch(split -> !split.equals(running))) {
      drift.add(new Drift(Drift.Kind.FORMER_WORKERS, "former workers serve " + former));
    }
    List<TrafficSplit> all = new ArrayList<>(former);
    all.addAll(finishing);
    return new RouterTruth.Known(running, durable, all, generation, fence, unassigned, drift);
  }

  @Override
  public String toString() {
    return down
        ? "down"
        : running
            + (durable.equals(running) ? "" : " (durably " + durable + ")")
            + (former.isEmpty() ? "" : " (former workers " + former + ")")
            + " #"
            + generation;
  }
}
