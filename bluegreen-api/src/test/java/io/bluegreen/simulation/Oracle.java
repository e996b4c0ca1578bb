package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Instance;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches every effect at the moment when it happens, and knows the invariants of DESIGN.md by
 * itself: it looks at the world and at what is stored, and never asks the engine or its router.
 */
final class Oracle {
  private final World world;

  /** When processes died, by token. */
  private final Map<String, Duration> deaths = new HashMap<>();

  private final Set<String> diedIn = new HashSet<>();

  /** What the proxy served when a deployment was begun, by its id. */
  private final Map<String, Began> began = new HashMap<>();

  /** Deployments that have really moved traffic. */
  private final Set<String> moved = new HashSet<>();

  /** Deployments with an effect of their own. */
  private final Set<String> begun = new HashSet<>();

  private byte @Nullable [] parsedFrom;
  private Stored parsed = Stored.of(null);

  private record Began(TrafficSplit split, Set<String> fresh, int foreignChanges) {}

  Oracle(World world) {
    this.world = world;
  }

  Stored stored() {
    byte[] document = world.disk.document;
    if (parsedFrom != document) {
      parsed = Stored.of(document);
      parsedFrom = document;
    }
    return parsed;
  }

  void died(Processes.Process process) {
    deaths.put(process.token, world.time.elapsed());
    diedIn.add(process.slot);
  }

  boolean diedIn(Slot slot) {
    return diedIn.contains(slot.toString());
  }

  void started(String deploymentId) {
    Set<String> fresh = new HashSet<>();
    for (String service : world.proxy.running.services()) {
      if (stored().unassigned(service)) {
        fresh.add(service);
      }
    }
    began.put(deploymentId, new Began(world.proxy.running, fresh, world.foreignChanges));
  }

  /**
   * What the proxy is to serve when a deployment has gone back; empty if somebody else changed it
   * since. A service for which nothing was live stays on what it got.
   */
  Optional<TrafficSplit> began(String deploymentId) {
    Began then = began.get(deploymentId);
    if (then == null || then.foreignChanges() != world.foreignChanges) {
      return Optional.empty();
    }
    TrafficSplit back = then.split();
    for (String service : then.fresh()) {
      back = back.with(service, Color.GREEN, world.proxy.running.share(service, Color.GREEN));
    }
    return Optional.of(back);
  }

  void moves(Switch change) {
    if (!change.from().equals(change.to())) {
      moved.add(change.deploymentId());
    }
  }

  boolean hasMoved(String deploymentId) {
    return moved.contains(deploymentId);
  }

  boolean hasBegun(String deploymentId) {
    return begun.contains(deploymentId);
  }

  void beforeApply(Life life, Switch change) {
    if (!acts(life, "apply")) {
      return;
    }
    begun.add(change.deploymentId());
    Stored stored = stored();
    boolean open = stored.open().equals(Optional.of(change.deploymentId()));
    Optional<Stored.Line> last = open ? stored.last() : Optional.empty();
    boolean undoing = last.map(line -> line.mark().startsWith("UNDO")).orElse(false);
    boolean forwards = last.map(line -> line.is("INTENT", "MOVE")).orElse(false);
    if (stored.generation() < change.generation()) {
      world.broken(6, "a switch whose generation is not on record", change.toString());
    }
    TrafficSplit running = world.proxy.running;
    boolean taken = running.equals(change.from()) || running.equals(change.to());
    boolean gains = !gaining(running, change.to()).isEmpty();
    if (open && gains && taken && !life.needsNoRecord()) {
      boolean intended = last.flatMap(Stored.Line::split).equals(Optional.of(change.to()));
      boolean back =
          last.map(line -> line.is("UNDO_INTENT", "MOVE")).orElse(false)
              && !stored.candidates().isEmpty();
      if (!intended && !back) {
        world.broken(6, "a switch whose intent is not on record", change + ", last is " + last);
      }
    }
    proofs(life, change, stored, open && forwards && stored.forced());
    if (open && forwards && !undoing) {
      whole(change, stored);
    }
  }

  /** Only slots that were proved get more traffic than they have. */
  private void proofs(Life life, Switch change, Stored stored, boolean forced) {
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

  private Optional<String> unproven(Life life, Slot slot, Instance instance, Stored stored) {
    List<Life.Probe> all = life.probes.getOrDefault(instance.toString(), List.of());
    int needed = stored.passes();
    if (all.size() < needed) {
      return Optional.of("probed " + all.size() + " times, needed are " + needed);
    }
    List<Life.Probe> lately = all.subList(all.size() - needed, all.size());
    Life.Probe last = lately.get(needed - 1);
    String by = last.by();
    if (lately.stream().anyMatch(probe -> probe.by().isEmpty() || !probe.by().equals(by))) {
      return Optional.of("not " + needed + " passes in a row by one process: " + lately);
    }
    if (by.equals("stranger")) {
      // What we never launched is somebody else's to run: only its health counts.
      return stored.launched(slot.toString())
          ? Optional.of("a stranger answered")
          : Optional.empty();
    }
    Duration died = deaths.get(by);
    if (died != null && died.compareTo(last.began()) < 0) {
      return Optional.of("its process was dead when it was probed");
    }
    Optional<Processes.Process> runs = world.processes.running(slot.toString());
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

  /** A release moves all its services at once, by equal shares. */
  private void whole(Switch change, Stored stored) {
    if (!stored.kind().equals("DEPLOY")) {
      return;
    }
    Set<Integer> shares = new HashSet<>();
    for (String candidate : stored.candidates()) {
      String service = candidate.substring(0, candidate.indexOf('/'));
      Color color = candidate.endsWith("/green") ? Color.GREEN : Color.BLUE;
      if (change.to().services().contains(service) && !stored.unassigned(service)) {
        shares.add(change.to().share(service, color));
      }
    }
    if (shares.size() > 1) {
      world.broken(
          5, "services of a group moved apart", change.to() + " of " + stored.candidates());
    }
  }

  private List<Slot> gaining(TrafficSplit from, TrafficSplit to) {
    return world.script.shape().slots.stream()
        .filter(slot -> slot.service().routed())
        .filter(
            slot ->
                to.share(slot.service().name(), slot.color())
                    > from.share(slot.service().name(), slot.color()))
        .toList();
  }

  void beforeLaunch(Life life, Slot slot, String token) {
    if (!acts(life, "launch")) {
      return;
    }
    idle(life, slot, "launched");
    stored().open().ifPresent(begun::add);
    Optional<Stored.Line> last = stored().last();
    boolean intended =
        last.map(
                line ->
                    line.is("INTENT", "LAUNCH") && line.subject().equals(slot.toString())
                        || line.kind().equals("HANDOVER") && line.mark().endsWith("INTENT"))
            .orElse(false);
    if (!life.needsNoRecord() && (!intended || !stored().knows(token))) {
      world.broken(6, "a launch that is not on record", slot + ", last is " + last);
    }
    if (!slot.service().routed()
        && !world.disk.replaced
        && world.processes.running(slot.other().toString()).filter(p -> !p.forgotten).isPresent()) {
      world.broken(8, "both colours of a background service run", slot.toString());
    }
  }

  void beforeStop(Life life, Slot slot, String token) {
    if (!acts(life, "stop")) {
      return;
    }
    stored().open().ifPresent(begun::add);
    boolean runs = world.processes.find(token).map(process -> process.runs).orElse(false);
    if (runs) {
      idle(life, slot, "stopped");
    }
    List<Stored.Line> lines = stored().lines();
    Optional<Stored.Line> last = stored().last();
    boolean intended =
        last.map(
                line ->
                    line.mark().endsWith("INTENT")
                        && (line.subject().equals(slot.toString())
                            || line.subject().equals(slot.service().name())))
            .orElse(false);
    boolean undoing = life.needsNoRecord() && stored().knows(token);
    if (!intended && !undoing) {
      world.broken(6, "a stop that is not on record", slot + ", last is " + last);
    }
    boolean candidate = stored().candidates().contains(slot.toString());
    boolean finishing = lines.stream().anyMatch(line -> line.is("INTENT", "FINISH"));
    if (slot.service().routed() && !candidate && !finishing && !undoing) {
      world.broken(8, "the former live colour was stopped too early", slot.toString());
    }
  }

  void beforeCut(Life life, Slot slot) {
    if (!acts(life, "cut")) {
      return;
    }
    idle(life, slot, "cut");
  }

  void beforeHook(Life life, String deploymentId, String name) {
    if (!acts(life, "hook")) {
      return;
    }
    begun.add(deploymentId);
    Optional<Stored.Line> last = stored().last();
    if (!last.map(line -> line.is("INTENT", "HOOK") && line.subject().equals(name)).orElse(false)) {
      world.broken(6, "a hook that is not on record", name + ", last is " + last);
    }
  }

  void beforeUndoHook(Life life, String deploymentId, String name) {
    if (!acts(life, "undo of a hook")) {
      return;
    }
    Optional<Stored.Line> last = stored().last();
    boolean intended =
        last.map(line -> line.is("UNDO_INTENT", "HOOK") && line.subject().equals(name))
            .orElse(false);
    if (!intended && !life.needsNoRecord()) {
      world.broken(6, "the undo of a hook that is not on record", name + ", last is " + last);
    }
  }

  void beforeSave(Life life, byte[] document) {
    if (life.replaced && life.readReplaced) {
      world.broken(7, "a record was written over that somebody else had put there", "");
    }
    if (life.leaseLost()) {
      world.broken(7, "a save without the lease", life.toString());
    }
  }

  /**
   * A process that lost the lease notices before its next effect. Returns whether the effect can be
   * judged: not where lease or record were taken away at this very moment.
   */
  private boolean acts(Life life, String what) {
    if (life.fenced()) {
      world.broken(7, "an effect without the lease", life + " " + what);
    }
    return !life.overtaken() && !life.recordGone();
  }

  private void idle(Life life, Slot slot, String what) {
    if (world.proxy.reaches(slot) && !life.blind()) {
      world.broken(
          8, "a slot with traffic was " + what, slot + " while the proxy serves " + world.proxy);
    }
  }

  void lateSwitch(Switch change) {
    Stored stored = stored();
    Optional<String> outcome = stored.outcome(change.deploymentId());
    if (outcome.isPresent()
        && !world.disk.replaced
        && !stored.open().equals(Optional.of(change.deploymentId()))
        && !Set.of("FROZEN", "ROLLBACK_FAILED").contains(outcome.get())) {
      world.broken(
          6, "a switch of a closed deployment was made late", change + " after " + outcome.get());
    }
  }
}
