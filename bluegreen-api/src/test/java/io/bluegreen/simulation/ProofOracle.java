package io.bluegreen.simulation;

import io.bluegreen.Instance;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of the oracle that knows what a proof is, from the answers that a process got of its
 * checks.
 */
final class ProofOracle {
  private final World world;

  /** The times at which processes died, by token. */
  private final Map<String, Duration> deaths = new HashMap<>();

  ProofOracle(World world) {
    this.world = world;
  }

  void died(WorldProcesses.Process process) {
    deaths.put(process.token, world.time.elapsed());
  }

  /** Checks that only slots which were proved get more traffic than they have. */
  void beforeApply(HostLife life, Switch change, StoredDocument stored, boolean forced) {
    TrafficSplit running = world.proxy.running;
    boolean refused = !running.equals(change.from()) && !running.equals(change.to());
    if (forced || refused || world.proxy.down) {
      return;
    }
    for (Slot slot : gaining(running, change.to())) {
      for (Instance instance : slot.instances()) {
        unproven(life, slot, instance, stored)
            .ifPresent(
                why ->
                    world.broken(
                        3, "traffic to a colour that was not proved", instance + ": " + why));
      }
    }
  }

  private Optional<String> unproven(
      HostLife life, Slot slot, Instance instance, StoredDocument stored) {
    List<HostLife.Probe> all = life.probes.getOrDefault(instance.toString(), List.of());
    int needed = stored.passes();
    if (all.size() < needed) {
      return Optional.of("probed " + all.size() + " times, needed are " + needed);
    }
    List<HostLife.Probe> lately = all.subList(all.size() - needed, all.size());
    HostLife.Probe last = lately.get(needed - 1);
    String by = last.by();
    if (lately.stream().anyMatch(probe -> probe.by().isEmpty() || !probe.by().equals(by))) {
      return Optional.of("not " + needed + " passes in a row by one process: " + lately);
    }
    if (by.equals("stranger")) {
      // We never launched it, and somebody else runs it: only its health counts.
      return stored.launched(slot.toString())
          ? Optional.of("a stranger answered")
          : Optional.empty();
    }
    Duration died = deaths.get(by);
    if (died != null && died.compareTo(last.began()) < 0) {
      return Optional.of("its process was dead when it was probed");
    }
    Optional<WorldProcesses.Process> runs =
        world.processes.running(slot.toString()).or(() -> world.processes.find(by));
    if (died == null && runs.map(process -> !process.token.equals(by)).orElse(true)) {
      return Optional.of("another process was proved than the one that runs: " + runs);
    }
    Duration latest = world.time.elapsed().minus(life.stalled);
    Duration intended = life.lastSaveBegan.compareTo(latest) < 0 ? life.lastSaveBegan : latest;
    Duration earliest = intended.minus(stored.interval());
    return last.began().compareTo(earliest) < 0
        ? Optional.of("its last pass began at " + last.began() + ", the intent " + intended)
        : Optional.empty();
  }

  /** Returns the slots that get a larger share. */
  List<Slot> gaining(TrafficSplit from, TrafficSplit to) {
    return world.script.shape().slots.stream()
        .filter(slot -> slot.service().routed())
        .filter(
            slot ->
                to.share(slot.service().name(), slot.color())
                    > from.share(slot.service().name(), slot.color()))
        .toList();
  }
}
