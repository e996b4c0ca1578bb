package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is on record of a group, the open deployment included, as one document, so that
 * state and journal can't disagree. {@link StateCodec} reads and writes the fields by their names.
 */
final class StateDocument {
  String group = "";

  /** Grows with every holder of the lease; the fence of its switches. */
  long epoch;

  /** Grows with every save. */
  long sequence;

  /** The generation of the last switch that was intended. */
  long generation;

  /** The split of the last proven switch: for comparison only, the router is the truth. */
  @Nullable TrafficSplit acknowledged;

  @Nullable LastSwitch lastSwitch;

  /** What was launched where, by {@code service/colour}. */
  TreeMap<String, SlotOccupant> slots = new TreeMap<>();

  /**
   * Slots that were stopped and not launched since: nothing of ours runs there, whatever answers.
   */
  TreeSet<String> stopped = new TreeSet<>();

  /** The live colour of each background service. */
  TreeMap<String, Color> background = new TreeMap<>();

  /**
   * The colour of a routed service that was live, without a switch of ours, when it was adopted.
   */
  TreeMap<String, Color> adopted = new TreeMap<>();

  /** The colour that was live before, runs still, and may be gone back to, by service. */
  TreeMap<String, Color> former = new TreeMap<>();

  /**
   * Routed services that no switch of ours was about, though the router may count them as assigned.
   */
  TreeSet<String> untouched = new TreeSet<>();

  /** What a background service ran before it was handed over, by service. */
  TreeMap<String, Release> formerBackground = new TreeMap<>();

  /** What took over last, by service: that is what a rollback undoes. */
  TreeMap<String, Promotion> promotions = new TreeMap<>();

  /** The deployment that promoted last, in any service. */
  @Nullable String lastPromotion;

  @Nullable OpenDeployment open;

  List<PastDeployment> history = new ArrayList<>();

  /** Says how the router is ahead of this record, if it is: then this is an older copy. */
  Optional<String> behind(RouterTruth.Known truth) {
    return truth.generation() > generation
        ? Optional.of(
            "the proxy carries generation " + truth.generation() + ", the record " + generation)
        : Optional.empty();
  }

  /**
   * Returns the services for which nothing is live, because nobody ever deployed them. A candidate
   * that gets requests counts as live, also if its move is not known to be done.
   */
  Set<String> unassigned(RouterTruth.Known truth) {
    TreeSet<String> unassigned = new TreeSet<>(truth.unassigned());
    if (generation > 0) { // Before a switch of ours the router alone knows what is assigned.
      unassigned.addAll(untouched);
    }
    TrafficSplit serving = truth.running();
    unassigned.retainAll(serving.services());
    unassigned.removeIf(
        service -> serving.sole(service).filter(live -> live == adopted.get(service)).isPresent());
    if (open != null) {
      unassigned.removeAll(open.foundLive);
      TreeMap<String, Color> candidates = open.candidates;
      unassigned.removeIf(
          service -> {
            Color candidate = candidates.get(service);
            return candidate != null && serving.share(service, candidate) > 0;
          });
    }
    return unassigned;
  }

  /**
   * Returns the services of which it has to be looked whether what serves is live: those for which
   * nothing is on record as live, and those of which no split was acknowledged.
   */
  Set<String> toLookAt(RouterTruth.Known truth) {
    TreeSet<String> unknown = new TreeSet<>(truth.running().services());
    if (acknowledged != null) {
      unknown.removeAll(acknowledged.services());
    }
    unknown.addAll(unassigned(truth));
    return unknown;
  }

  /** Returns what is served, for a person. */
  String serving(RouterTruth.Known truth) {
    return truth.running().describe(unassigned(truth));
  }

  Optional<SlotOccupant> occupant(Slot slot) {
    return Optional.ofNullable(slots.get(slot.toString()));
  }

  /** Returns what is on record of a slot. */
  SlotRecord standing(Slot slot) {
    return new SlotRecord(
        slots.get(slot.toString()),
        stopped.contains(slot.toString()),
        former.get(slot.service().name()) == slot.color(),
        new TreeMap<>(formerBackground));
  }

  /** Returns what will be on record of a slot that is live now, once the traffic has moved away. */
  SlotRecord asFormer(Slot slot) {
    SlotRecord now = standing(slot);
    return new SlotRecord(now.occupant(), now.stopped(), true, now.formerBackground());
  }

  /** Makes the record of a slot what it was. */
  void putBack(Slot slot, SlotRecord before) {
    String key = slot.toString();
    if (before.occupant() == null) {
      slots.remove(key);
    } else {
      slots.put(key, before.occupant());
    }
    if (before.stopped()) {
      stopped.add(key);
    } else {
      stopped.remove(key);
    }
    if (before.former()) {
      former.put(slot.service().name(), slot.color());
      formerBackground.putAll(before.formerBackground());
    }
  }

  /** Returns what can be gone back to now. */
  WaysBack waysBack() {
    return new WaysBack(former, formerBackground, promotions, lastPromotion);
  }

  /** Makes what can be gone back to what it was. */
  void restore(WaysBack before) {
    former.clear();
    former.putAll(before.former());
    formerBackground.clear();
    formerBackground.putAll(before.formerBackground());
    promotions.clear();
    promotions.putAll(before.promotions());
    lastPromotion = before.lastPromotion();
  }

  /** Makes what can be gone back to in one service what it was before a deployment. */
  void restore(String service, WaysBack before, String deploymentId) {
    restore(service, before.former(), former);
    restore(service, before.formerBackground(), formerBackground);
    restore(service, before.promotions(), promotions);
    if (promotions.values().stream().noneMatch(p -> p.deploymentId().equals(deploymentId))) {
      lastPromotion = before.lastPromotion();
    }
  }

  private static <V> void restore(String service, Map<String, V> before, Map<String, V> now) {
    V value = before.get(service);
    if (value == null) {
      now.remove(service);
    } else {
      now.put(service, value);
    }
  }

  /** Returns whether the last generation is set aside for the way back of the open deployment. */
  boolean isReturnReserved() {
    return open != null && open.returnReserved;
  }

  /** Returns what a router is opened with now. */
  Router.Opening opening(Group of) {
    // A generation that is only set aside, for the way back, must still be above what is served.
    return new Router.Opening(
        of, Optional.ofNullable(acknowledged), generation - (isReturnReserved() ? 1 : 0));
  }

  /** Returns the version that was launched there, if the record knows it. */
  Optional<String> version(Slot slot) {
    return occupant(slot).map(occupant -> occupant.release().version());
  }

  /** Notes that a slot that is stopped or replaced is no way back any more. */
  void noLongerFormer(Slot slot) {
    if (former.remove(slot.service().name(), slot.color())) {
      formerBackground.clear(); // A group goes back whole, or not at all.
    }
  }

  /**
   * Notes that a slot with traffic runs, no matter who started it, also if a launch of ours was
   * stopped there before.
   */
  void servedIsNotStopped(TrafficSplit serving, Set<String> unassigned) {
    for (String service : serving.services()) {
      for (Color color : Color.values()) {
        if (!unassigned.contains(service) && serving.share(service, color) > 0) {
          stopped.remove(service + "/" + color);
        }
      }
    }
  }

  /** Accepts what the router serves as what is wanted, no matter who moved it there. */
  void acknowledge(TrafficSplit serving, Instant now, String deploymentId) {
    if (acknowledged != null && !serving.equals(acknowledged)) {
      lastSwitch = new LastSwitch(now, acknowledged, serving, deploymentId);
    }
    acknowledged = serving;
  }

  void remember(PastDeployment past) {
    history.add(0, past);
    while (history.size() > BlueGreenManager.HISTORY) {
      history.remove(history.size() - 1);
    }
  }
}
