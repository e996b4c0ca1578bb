package io.bluegreen.testing;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a fake router, which outlives the router as a real proxy does. Guarded by itself.
 */
final class FakeProxy {
  final Map<String, Integer> running = new TreeMap<>();
  final Map<String, Integer> durable = new TreeMap<>();

  /** The splits by which former workers still take new requests. */
  final List<TrafficSplit> formerWorkers = new ArrayList<>();

  /** The splits by which former workers finish their open requests. */
  final List<TrafficSplit> finishing = new ArrayList<>();

  final Map<String, InFlight> inFlight = new HashMap<>();
  final Map<String, List<Listening>> listening = new HashMap<>();
  final Map<String, TrafficMeter.Count> counts = new HashMap<>();
  final List<Switch> applied = new ArrayList<>();
  final Faults<RouterFault> faults = new Faults<>();
  private final Map<String, Integer> credit = new HashMap<>();
  long generation;
  long fence;
  boolean down;
  boolean stateLost;
  @Nullable TrafficMeter meter;

  /**
   * Returns the split; a service that was never assigned is served by blue, the rendered default.
   */
  TrafficSplit split(Map<String, Integer> truth, Set<String> services) {
    Map<String, Integer> green = new TreeMap<>();
    services.forEach(service -> green.put(service, truth.getOrDefault(service, 0)));
    return new TrafficSplit(green);
  }

  RouterTruth.Known truth(Group group) {
    Set<String> services = TrafficSplit.all(group, Color.BLUE).services();
    Set<String> unassigned = new TreeSet<>(services);
    unassigned.removeAll(running.keySet());
    TrafficSplit runs = split(running, services);
    TrafficSplit lasts = split(durable, services);
    List<Drift> drift = new ArrayList<>();
    if (stateLost) {
      drift.add(new Drift(Drift.Kind.STATE_LOST, "the proxy serves its rendered default"));
    }
    if (!runs.equals(lasts)) {
      drift.add(new Drift(Drift.Kind.DURABLE_DIFFERS, "a cold start would serve " + lasts));
    }
    if (formerWorkers.stream().anyMatch(former -> !former.equals(runs))) {
      drift.add(new Drift(Drift.Kind.FORMER_WORKERS, "former workers serve " + formerWorkers));
    }
    List<TrafficSplit> former = new ArrayList<>(formerWorkers);
    former.addAll(finishing);
    return new RouterTruth.Known(runs, lasts, former, generation, fence, unassigned, drift);
  }

  /** Sets what is told of a slot. */
  synchronized <V> void set(Map<String, V> what, String slot, V value) {
    what.put(slot, value);
  }

  synchronized void goDown() {
    down = true;
  }

  synchronized List<Switch> applied() {
    return List.copyOf(applied);
  }

  synchronized List<String> plan(Switch change, Group group) {
    checkUp();
    return List.of("change " + truth(group).running() + " to " + change.to());
  }

  synchronized InFlight inFlight(Slot slot) {
    checkUp();
    return inFlight.getOrDefault(slot.toString(), InFlight.NONE);
  }

  synchronized Listening listens(Instance instance) {
    List<Listening> told =
        listening.getOrDefault(instance.service() + "/" + instance.color(), List.of(Listening.NO));
    return told.get(Math.min(instance.index(), told.size() - 1));
  }

  synchronized RouterTruth current(Group group) {
    return down ? new RouterTruth.Unreachable("the proxy is down") : truth(group);
  }

  void checkUp() {
    if (down) {
      throw new RouterException("the proxy is down", Effect.UNKNOWN);
    }
  }

  /** Refuses a switch that may not begin, and remembers the fence of one that may. */
  synchronized void admit(Switch change, Group group) {
    checkUp();
    change.admit(truth(group));
    fence = change.fence();
  }

  /**
   * Moves the traffic.
   *
   * @param durably whether a cold start would serve the new split, too
   * @param leaving whether workers stay behind that finish their open requests
   */
  synchronized void move(Switch change, boolean durably, boolean leaving, Group group) {
    if (leaving) {
      finishing.add(truth(group).running());
    }
    running.putAll(change.to().green());
    if (durably) {
      durable.putAll(change.to().green());
      formerWorkers.clear();
      stateLost = false;
    }
    generation = change.generation();
    applied.add(change);
  }

  synchronized void switchByHand(String service, Color color, int percent, boolean durably) {
    running.put(service, color == Color.GREEN ? percent : 100 - percent);
    if (durably) {
      durable.put(service, running.get(service));
    }
  }

  synchronized void restartCold() {
    running.clear();
    running.putAll(durable);
    retireFormerWorkers();
    down = false;
  }

  synchronized void reload(Group group) {
    TrafficSplit ran = truth(group).running();
    restartCold();
    formerWorkers.add(ran);
  }

  synchronized void retireFormerWorkers() {
    formerWorkers.clear();
    finishing.clear();
  }

  synchronized void loseState() {
    running.clear();
    durable.clear();
    retireFormerWorkers();
    generation = 0;
    stateLost = true;
  }

  synchronized int cut(Slot slot) {
    checkUp();
    InFlight was = inFlight.put(slot.toString(), InFlight.NONE);
    return was == null ? 0 : was.count().orElse(0);
  }

  /** Returns the colour that answers the next request. Any hundred in a row are shared exactly. */
  synchronized Color answer(String service) {
    if (down) {
      throw new IllegalStateException("connection refused: the proxy is down");
    }
    int green = running.getOrDefault(service, 0);
    int sum = credit.merge(service, green, Integer::sum);
    if (sum >= 100) {
      credit.put(service, sum - 100);
      return Color.GREEN;
    }
    return Color.BLUE;
  }

  synchronized void meteredBy(TrafficMeter other) {
    meter = other;
  }

  synchronized TrafficMeter meter(TrafficMeter own) {
    return meter == null ? own : meter;
  }

  synchronized TrafficMeter.Reading read(Instant now, Group group) {
    checkUp();
    return new TrafficMeter.Reading(now, counts(group));
  }

  private Map<Slot, TrafficMeter.Count> counts(Group group) {
    Map<Slot, TrafficMeter.Count> all = new HashMap<>();
    group
        .routed()
        .forEach(
            service -> {
              for (Color color : Color.values()) {
                Slot slot = group.slot(service.name(), color);
                all.put(slot, counts.getOrDefault(slot.toString(), TrafficMeter.Count.ZERO));
              }
            });
    return all;
  }
}
