package io.bluegreen.simulation;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The processes of the machine, and the ports that they listen on. */
final class WorldProcesses {
  /** One launch of a slot, with all its instances. */
  static final class Process {
    final String slot;
    final Release release;
    final String token;
    final boolean background;
    boolean runs = true;
    Duration upAt;

    /**
     * Whether the record that knew of it was lost, or its launcher was no longer allowed to start
     * it.
     */
    boolean forgotten;

    Process(Slot slot, Release release, String token, Duration upAt) {
      this.slot = slot.toString();
      this.background = !slot.service().routed();
      this.release = release;
      this.token = token;
      this.upAt = upAt;
    }

    boolean upAt(Duration now) {
      return runs && now.compareTo(upAt) >= 0;
    }

    @Override
    public String toString() {
      return slot + " " + release + " (" + token.substring(0, Math.min(4, token.length())) + ")";
    }
  }

  /** A process that somebody has started by hand in a slot, and nobody has recorded. */
  static final class Unrecorded {
    final Slot slot;

    /** Whether the launcher sees it; if not, only a check that asks it does. */
    final boolean launcherSees;

    /** Whether a manager asked for it and a fault gave another answer. */
    boolean denied;

    Unrecorded(Slot slot, boolean launcherSees) {
      this.slot = slot;
      this.launcherSees = launcherSees;
    }

    @Override
    public String toString() {
      return "by hand on " + slot + (launcherSees ? ", for the launcher" : ", for the check");
    }
  }

  private final Map<String, Unrecorded> unrecorded = new TreeMap<>();
  private final Map<String, Process> byToken = new LinkedHashMap<>();
  private final Set<String> stopped = new HashSet<>();

  /** The slots whose port a stranger has, which answers every probe. */
  final Set<String> strangers = new HashSet<>();

  /** What was taken over of the strangers, by slot: known by a token since then. */
  private final Map<String, Process> takenOver = new TreeMap<>();

  /** The slots that are sick for now. */
  final Set<String> sick = new HashSet<>();

  Process start(Slot slot, Release release, String token, Duration upAt) {
    Process known = byToken.get(token);
    if (known != null) {
      return known;
    }
    if (stopped.contains(token)) {
      throw new LaunchException(slot + " was stopped before it was started", Effect.UNCHANGED);
    }
    boolean held = unrecorded(slot).isPresent() && slot.service().routed();
    if (held || strangers.contains(slot.toString()) || running(slot.toString()).isPresent()) {
      throw new LaunchException(slot + " is taken", Effect.UNCHANGED);
    }
    Process process = new Process(slot, release, token, upAt);
    byToken.put(token, process);
    return process;
  }

  /** Returns what holds a slot, unless it is about to be stopped. */
  List<LaunchFinding> whatIsInTheWay(Slot slot, Optional<String> occupant) {
    Optional<String> holder =
        running(slot.toString())
            .map(process -> process.token)
            .or(
                () ->
                    strangers.contains(slot.toString()) && !isTakenOverBy(slot, occupant)
                        ? Optional.of("a stranger")
                        : Optional.empty());
    return holder.isEmpty() || holder.equals(occupant)
        ? List.of()
        : List.of(LaunchFinding.taken(slot + " is taken by " + holder.get()));
  }

  /** Lets somebody start by hand a slot in which nothing runs. */
  Unrecorded startByHand(Slot slot, boolean launcherSees) {
    Unrecorded started = new Unrecorded(slot, launcherSees);
    unrecorded.put(slot.toString(), started);
    return started;
  }

  Optional<Unrecorded> unrecorded(Slot slot) {
    return Optional.ofNullable(unrecorded.get(slot.toString()));
  }

  /** Returns the processes that were started by hand. */
  List<Unrecorded> unrecorded() {
    return List.copyOf(unrecorded.values());
  }

  /** Ends a process that was started by hand, no matter who asked. */
  void end(Unrecorded started) {
    unrecorded.remove(started.slot.toString());
  }

  /** Lets a person stop all processes that were started by hand. */
  void stopByHand() {
    unrecorded.clear();
  }

  /** Makes a stranger known by a token; an adoption that was given up is forgotten. */
  void takeOver(Slot slot, Release release, String token) {
    if (!strangers.contains(slot.toString())) {
      throw new LaunchException("nothing runs on " + slot, Effect.UNCHANGED);
    }
    takenOver.put(slot.toString(), new Process(slot, release, token, Duration.ZERO));
  }

  /** Ends the stranger of a slot, taken over or not. */
  void endStranger(Slot slot) {
    strangers.remove(slot.toString());
    Process known = takenOver.get(slot.toString());
    if (known != null) {
      known.runs = false;
    }
  }

  /** Ends the strangers but for those that were taken over, by a token that is on record. */
  void endStrangers(Predicate<String> known) {
    takenOver.values().removeIf(process -> !process.runs || !known.test(process.token));
    strangers.retainAll(takenOver.keySet());
  }

  void stop(String token) {
    stopped.add(token);
    byToken.remove(token);
    takenOver.values().stream()
        .filter(process -> process.token.equals(token))
        .map(process -> process.slot)
        .findFirst()
        .ifPresent(
            slot -> {
              takenOver.remove(slot);
              strangers.remove(slot);
            });
  }

  Optional<Process> find(String token) {
    return Optional.ofNullable(byToken.get(token))
        .or(
            () ->
                takenOver.values().stream()
                    .filter(process -> process.token.equals(token))
                    .findFirst());
  }

  private boolean isTakenOverBy(Slot slot, Optional<String> token) {
    return Optional.ofNullable(takenOver.get(slot.toString()))
        .filter(process -> token.equals(Optional.of(process.token)))
        .isPresent();
  }

  Optional<Process> running(String slot) {
    return byToken.values().stream().filter(p -> p.runs && p.slot.equals(slot)).findFirst();
  }

  List<Process> running() {
    return new ArrayList<>(byToken.values().stream().filter(p -> p.runs).toList());
  }

  /** Returns whether anything accepts connections on the port of an instance, healthy or not. */
  boolean listens(Instance instance) {
    String key = instance.service() + "/" + instance.color();
    return running(key).isPresent() || strangers.contains(key) || unrecorded.containsKey(key);
  }

  /** Returns what answers on the ports of a slot: a token, {@code stranger}, or empty. */
  Optional<String> listening(Slot slot, Duration now) {
    String key = slot.toString();
    if (sick.contains(key)) {
      return Optional.empty();
    }
    return running(key)
        .filter(process -> process.upAt(now))
        .map(process -> process.token)
        .or(
            () ->
                strangers.contains(key) || unrecorded.containsKey(key)
                    ? Optional.of(
                        takenOver.containsKey(key) ? takenOver.get(key).token : "stranger")
                    : Optional.empty());
  }
}
