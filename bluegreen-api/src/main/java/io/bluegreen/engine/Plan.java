package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an operation would do as things are now.
 *
 * @param candidates the colour that is to be live, or that is started or stopped, by service
 * @param unassigned all services of the group for which nothing was ever assigned
 * @param foundLive services that are live without a switch of ours
 * @param handovers the handovers of background services, by service
 * @param reason why there is nothing to do; empty if there are steps
 */
record Plan(
    TrafficSplit from,
    TrafficSplit to,
    Map<String, Color> candidates,
    Set<String> unassigned,
    Set<String> foundLive,
    Map<String, Handover> handovers,
    List<Step> steps,
    String reason) {

  /** Returns how many steps there are before those that only retire the former live colour. */
  int decisive() {
    return (int) steps.stream().takeWhile(step -> !isFinishing(step)).count();
  }

  /** Returns how many hooks come before everything else. */
  int hooksAhead() {
    return (int) steps.stream().takeWhile(HookStep.class::isInstance).count();
  }

  /** Returns the version that an operation is about, if that is one for all services. */
  Optional<String> version(Operation operation, StateDocument state) {
    if (operation.release().isPresent()) {
      return operation.release().map(Release::version);
    }
    Set<String> versions = new HashSet<>();
    candidates.forEach(
        (service, color) -> {
          Handover handover = handovers.get(service);
          SlotOccupant occupant = state.slots.get(service + "/" + color);
          versions.add(
              handover != null
                  ? handover.release().version()
                  : occupant == null ? "" : occupant.release().version());
        });
    return versions.size() == 1
        ? versions.stream().filter(version -> !version.isEmpty()).findFirst()
        : Optional.empty();
  }

  /** Returns what is to be launched, and where. */
  Map<Slot, Release> launches() {
    Map<Slot, Release> launches = new LinkedHashMap<>();
    for (Step step : steps) {
      if (step instanceof LaunchStep launch) {
        launches.put(launch.slot(), launch.release());
      } else if (step instanceof HandoverStep handover) {
        launches.put(handover.candidate(), handover.handover().release());
      }
    }
    return launches;
  }

  /** Returns which ways back the plan ends, a line each, by what is on record now. */
  Set<String> waysBackEnded(StateDocument state) {
    Set<String> ended = new LinkedHashSet<>();
    for (Step step : steps) {
      Optional<Slot> slot =
          step instanceof StopStep stop
              ? Optional.of(stop.slot())
              : step instanceof LaunchStep launch ? Optional.of(launch.slot()) : Optional.empty();
      slot.map(changed -> isFinishing(step) ? state.asFormer(changed) : state.standing(changed))
          .flatMap(standing -> standing.wayBackEnds(slot.get()))
          .ifPresent(ended::add);
    }
    return ended;
  }

  /** Returns whether the plan moves anything that is live. */
  boolean moves() {
    return steps.stream()
        .anyMatch(step -> step instanceof MoveStep || step instanceof HandoverStep);
  }

  private boolean isFinishing(Step step) {
    return moves()
        && (step instanceof DrainStep || step instanceof StopStep)
        && step.phase().compareTo(Phase.DRAIN) >= 0;
  }
}
