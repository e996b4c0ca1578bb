package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Drift.Kind;
import io.bluegreen.InFlight;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What workers of earlier generations still do. A worker that shuts down takes nothing new and ends
 * with its last connection, which may be a WebSocket of hours: until then it is in flight. The
 * generated file says which split it serves, because the next switch has noted it there. A worker
 * that is not noted came by a reload of somebody else, and may serve any of the splits.
 */
final class FormerWorkers {
  private final TrafficSplit running;
  private final List<FormerSplit> noted;
  private final List<NginxWorkers.Worker> all;
  private final boolean visible;
  private final boolean current;

  /**
   * Looks once.
   *
   * @param workers of this nginx, where they can be seen
   * @param file as it is
   * @param running as nginx answers
   */
  FormerWorkers(Optional<NginxWorkers> workers, GeneratedFile file, GenerationStatus running) {
    this.running = running.split();
    this.noted = file.former();
    this.visible = workers.isPresent();
    this.all = workers.map(NginxWorkers::list).orElse(List.of());
    this.current = file.durable().generation() == running.generation();
  }

  /** Returns the splits that they serve; none where they can't be seen. */
  List<TrafficSplit> splits() {
    return all.stream().flatMap(worker -> serves(worker).stream()).distinct().toList();
  }

  /** Returns those that still take new requests, though the last switch should have ended that. */
  Optional<Drift> drift() {
    List<Long> pids =
        all.stream().filter(this::wronglyAccepts).map(NginxWorkers.Worker::pid).sorted().toList();
    return pids.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Drift(
                Kind.FORMER_WORKERS,
                "nginx's workers "
                    + pids
                    + " are from before the last switch and still take new requests; REPAIR"
                    + " reloads nginx, which tells them to quit"));
  }

  /**
   * Returns how many of them may still answer for a slot, each with at least one connection; and
   * one more where the slot has a share of what runs.
   */
  InFlight inFlight(Slot slot) {
    if (!visible) {
      return InFlight.UNKNOWN;
    }
    return InFlight.some(count(slot) + (gives(running, slot) ? 1 : 0));
  }

  /**
   * Returns how many of them may still answer for a slot. Also one that answers nothing just now
   * does: the first request on a connection that was opened before the reload comes to it.
   */
  int count(Slot slot) {
    return (int) all.stream().filter(worker -> mayAnswer(worker, slot)).count();
  }

  /** Returns whether a worker may, as a former one, still answer for a slot. */
  boolean mayAnswer(NginxWorkers.Worker worker, Slot slot) {
    return serves(worker).stream().anyMatch(split -> gives(split, slot));
  }

  private static boolean gives(TrafficSplit split, Slot slot) {
    return split.services().contains(slot.service().name())
        && split.share(slot.service().name(), slot.color()) > 0;
  }

  /** Returns what the next switch has to note: the former workers, and those that run now. */
  List<FormerSplit> afterNextSwitch() {
    if (!visible) {
      Map<TrafficSplit, FormerSplit> known = new LinkedHashMap<>();
      noted.forEach(former -> known.put(former.split(), former));
      known.putIfAbsent(running, new FormerSplit(running, Set.of()));
      return List.copyOf(known.values());
    }
    Map<TrafficSplit, Set<String>> next = new LinkedHashMap<>();
    for (NginxWorkers.Worker worker : all) {
      if (!worker.quitting()) {
        next.computeIfAbsent(running, split -> new TreeSet<>()).add(worker.id());
      }
      serves(worker)
          .forEach(split -> next.computeIfAbsent(split, its -> new TreeSet<>()).add(worker.id()));
    }
    next.computeIfAbsent(running, split -> new TreeSet<>());
    return next.entrySet().stream()
        .map(one -> new FormerSplit(one.getKey(), one.getValue()))
        .toList();
  }

  /** Returns what a worker may serve as a former one; nothing if it is none. */
  private Set<TrafficSplit> serves(NginxWorkers.Worker worker) {
    if (isNoted(worker)) {
      return worker.quitting() || wronglyAccepts(worker)
          ? splits(former -> former.workers().contains(worker.id()))
          : Set.of();
    }
    if (!worker.quitting()) {
      return Set.of();
    }
    Set<TrafficSplit> any = new LinkedHashSet<>(splits(former -> true));
    any.add(running);
    return any;
  }

  private boolean isNoted(NginxWorkers.Worker worker) {
    return noted.stream().anyMatch(former -> former.workers().contains(worker.id()));
  }

  /** Before nginx has read the file, the workers that it names are the ones that run. */
  private boolean wronglyAccepts(NginxWorkers.Worker worker) {
    return current && !worker.quitting() && isNoted(worker);
  }

  private Set<TrafficSplit> splits(Predicate<FormerSplit> which) {
    return noted.stream().filter(which).map(FormerSplit::split).collect(Collectors.toSet());
  }
}
