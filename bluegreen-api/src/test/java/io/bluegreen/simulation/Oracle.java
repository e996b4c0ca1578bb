package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.simulation.StoredDocument.Journaled;
import io.bluegreen.simulation.StoredDocument.Written;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches every effect at the moment when it happens, and knows the invariants by itself: it looks
 * at the world and at what is stored, and never asks the engine or its router.
 */
final class Oracle {
  /** Nothing is counted: the engine could not know of what was there then. */
  private static final int NEVER = -1;

  private final World world;

  private final SwitchOracle switches;

  private final StartedByHandOracle doubled;

  private final Set<String> diedIn = new HashSet<>();

  /** What the proxy served when a deployment was begun, by its id. */
  private final Map<String, Began> began = new HashMap<>();

  private final Map<String, String> launchedBy = new HashMap<>();

  /**
   * Deployments that have really moved traffic, or touched what was live of a background service.
   */
  private final Set<String> moved = new HashSet<>();

  /** Deployments that have begun a hook behind which nothing leads back. */
  private final Set<String> noReturn = new HashSet<>();

  /** The last verdict of the gate, by deployment. */
  private final Map<String, String> verdicts = new HashMap<>();

  /** Deployments for which a launcher has found something before they had an effect. */
  private final Set<String> foundFirst = new HashSet<>();

  /** The effects of each deployment that has had one, apart from those that were refused. */
  private final Map<String, Set<String>> effects = new HashMap<>();

  private byte @Nullable [] parsedFrom;
  private StoredDocument parsed = StoredDocument.of(null);
  private byte @Nullable []
      comingFrom; // The next save compares with this, so that it is parsed only once.
  private StoredDocument coming = parsed;

  private record Began(
      TrafficSplit split,
      Set<String> fresh,
      int foreignChanges,
      boolean gatedBake,
      String standing) {}

  Oracle(World world) {
    this.world = world;
    this.switches = new SwitchOracle(world, this);
    this.doubled = new StartedByHandOracle(world);
  }

  StoredDocument stored() {
    byte[] document = world.disk.document;
    if (parsedFrom != document) {
      parsed = comingFrom == document ? coming : StoredDocument.of(document);
      parsedFrom = document;
    }
    return parsed;
  }

  void died(WorldProcesses.Process process) {
    switches.died(process);
    diedIn.add(process.slot);
  }

  boolean diedIn(Slot slot) {
    return diedIn.contains(slot.toString());
  }

  void started(HostLife life, String deploymentId) {
    Optional<TrafficSplit> acknowledged = stored().acknowledged();
    if (acknowledged.filter(this::differs).isPresent() && !life.misled() && !world.disk.replaced) {
      world.broken(
          1, "begun on what nobody acknowledged", world.proxy + ", not " + acknowledged.get());
    }
    Set<String> fresh = new HashSet<>();
    for (String service : world.proxy.running.services()) {
      if (stored().unassigned(service)) {
        fresh.add(service);
      }
    }
    began.put(
        deploymentId,
        new Began(
            world.proxy.running,
            fresh,
            life.blind() ? NEVER : world.foreignChanges,
            !stored().gates("bake").isEmpty(),
            stored().standing()));
    doubled.started(deploymentId);
  }

  private boolean differs(TrafficSplit acknowledged) {
    TrafficSplit running = world.proxy.running;
    return running.services().stream()
        .filter(acknowledged.services()::contains)
        .anyMatch(
            service ->
                running.share(service, Color.GREEN) != acknowledged.share(service, Color.GREEN));
  }

  /** Whether a deployment has launched a process. */
  boolean launched(String deploymentId, WorldProcesses.Process process) {
    return deploymentId.equals(launchedBy.get(process.token));
  }

  /**
   * Returns what the proxy must serve when a deployment has gone back; empty if somebody else
   * changed that since the last look. A service for which nothing was live stays where it was
   * moved.
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

  /** Notes that a deployment has asked for a switch, and what was served before that. */
  void moves(Switch change, TrafficSplit before) {
    if (!world.proxy.running.equals(before)) {
      moved.add(change.deploymentId());
    }
  }

  /** Whether it has moved traffic, or told a live background service to stop. */
  boolean hasMoved(String deploymentId) {
    return moved.contains(deploymentId);
  }

  boolean hasBegun(String deploymentId) {
    return effects.containsKey(deploymentId);
  }

  void beforeApply(HostLife life, Switch change) {
    switches.beforeApply(life, change);
  }

  void lateSwitch(Switch change) {
    switches.late(change);
  }

  /** Notes that a deployment has an effect of its own. */
  void begins(String deploymentId) {
    effect(deploymentId, "switch");
  }

  private void effect(String deploymentId, String what) {
    effects.computeIfAbsent(deploymentId, id -> new HashSet<>()).add(what);
  }

  /** The record of the slots is what it was when the deployment began. */
  boolean isOnRecordAsBefore(String deploymentId) {
    Began then = began.get(deploymentId);
    return then == null || then.standing().equals(stored().standing());
  }

  /** What somebody has started by hand is about to be stopped. */
  void stopsByHand(WorldProcesses.Unrecorded byHand) {
    doubled.stops(byHand, stored());
  }

  /** A deployment says that it has promoted. */
  void promoted(DeploymentResult result) {
    doubled.promoted(result);
  }

  void judged(String deploymentId, String verdict) {
    verdicts.put(deploymentId, verdict);
  }

  /** Whether the gate has passed when it was asked last. */
  boolean passed(String deploymentId) {
    return "PASSED".equals(verdicts.get(deploymentId));
  }

  /** Whether a deployment was to ask gates during its bake. */
  boolean bakesWithGates(String deploymentId) {
    Began then = began.get(deploymentId);
    return then != null && then.gatedBake();
  }

  boolean isBehindNoReturn(String deploymentId) {
    return noReturn.contains(deploymentId);
  }

  void beforeLaunch(HostLife life, Slot slot, String token) {
    if (!acts(life, "launch")) {
      return;
    }
    idle(life, slot, "launched");
    notFoundFirst(life, "launch on " + slot);
    doubled.beforeLaunch(life, stored(), slot);
    stored().open().ifPresent(id -> effect(id, token));
    stored().open().ifPresent(id -> launchedBy.put(token, id));
    Optional<StoredDocument.Line> last = stored().last();
    boolean intended =
        last.map(
                line ->
                    line.is(Written.INTENT, Journaled.LAUNCH)
                            && line.subject().equals(slot.toString())
                        || line.kind() == Journaled.HANDOVER && line.mark().isIntent())
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

  /** A launcher knows something that speaks against a launch of the deployment that is open. */
  void found() {
    stored().open().filter(id -> !effects.containsKey(id)).ifPresent(foundFirst::add);
  }

  /** This holds on the way forward; on the way back the same is tried again. */
  void refused(HostLife life, String what) {
    if (stored().last().filter(line -> line.mark() == Written.INTENT).isPresent()) {
      life.refusals.add(what);
      stored()
          .open()
          .ifPresent(
              id ->
                  effects.computeIfPresent(
                      id, (key, all) -> all.equals(Set.of(what)) ? null : all));
    }
  }

  /** A process that was told of a refusal undoes nothing of it; a later process can't know. */
  private void notRefused(HostLife life, String what) {
    if (life.refusals.contains(what)) {
      world.broken(8, "what was refused is undone", what);
    }
  }

  private void notFoundFirst(HostLife life, String what) {
    doubled.beforeEffect(life, stored(), what);
    stored()
        .open()
        .filter(foundFirst::contains)
        .ifPresent(
            id ->
                world.broken(
                    8, "done though the launcher had spoken against it", id + ": " + what));
  }

  void beforeStop(HostLife life, Slot slot, String token) {
    if (!acts(life, "stop")) {
      return;
    }
    notRefused(life, token);
    notFoundFirst(life, "stop of " + slot);
    stored().open().ifPresent(id -> effect(id, "stop of " + token));
    if (!slot.service().routed() && !stored().candidates().contains(slot.toString())) {
      stored().open().ifPresent(moved::add);
    }
    boolean runs = world.processes.find(token).map(process -> process.runs).orElse(false);
    if (runs) {
      idle(life, slot, "stopped");
      drained(life, slot);
    }
    List<StoredDocument.Line> lines = stored().lines();
    Optional<StoredDocument.Line> last = stored().last();
    boolean intended =
        last.map(
                line ->
                    line.mark().isIntent()
                        && (line.subject().equals(slot.toString())
                            || line.subject().equals(slot.service().name())))
            .orElse(false);
    boolean undoing = life.needsNoRecord() && stored().knows(token);
    if (!intended && !undoing) {
      world.broken(6, "a stop that is not on record", slot + ", last is " + last);
    }
    boolean candidate = stored().candidates().contains(slot.toString());
    boolean finishing = lines.stream().anyMatch(line -> line.is(Written.INTENT, Journaled.FINISH));
    if (slot.service().routed() && !candidate && !finishing && !undoing) {
      world.broken(8, "the former live colour was stopped too early", slot.toString());
    }
  }

  /** Nothing is in flight any more, or the time for it is over. */
  private void drained(HostLife life, Slot slot) {
    Duration now = world.time.elapsed();
    if (!slot.service().routed()
        || world.proxy.reaches(slot)
        || world.proxy.inFlight(slot, now) == 0
        || stored().open().isEmpty()
        || world.struck.containsKey(Fault.CLOCK_FORWARD)) {
      return; // Only the wall clock tells how long ago another process switched.
    }
    Duration since = world.proxy.sinceLost(slot, now).orElseThrow();
    boolean foreign = world.foreignAt.compareTo(now.minus(since)) >= 0;
    if (foreign) {
      return;
    }
    if (since.compareTo(stored().drain()) < 0) {
      world.broken(
          2, "stopped while it still answered", slot + " lost its traffic only " + since + " ago");
    }
    stored().open().ifPresent(life.cut::add);
  }

  void beforeCut(HostLife life, Slot slot) {
    if (!acts(life, "cut")) {
      return;
    }
    idle(life, slot, "cut");
  }

  void beforeHook(HostLife life, String deploymentId, String name, boolean pointOfNoReturn) {
    if (pointOfNoReturn || stored().noReturnBehind(name)) {
      noReturn.add(deploymentId);
    }
    if (!acts(life, "hook")) {
      return;
    }
    notFoundFirst(life, "hook " + name);
    effect(deploymentId, "hook " + name);
    Optional<StoredDocument.Line> last = stored().last();
    if (!last.map(line -> line.is(Written.INTENT, Journaled.HOOK) && line.subject().equals(name))
        .orElse(false)) {
      world.broken(6, "a hook that is not on record", name + ", last is " + last);
    }
  }

  void beforeUndoHook(HostLife life, String deploymentId, String name) {
    if (!acts(life, "undo of a hook")) {
      return;
    }
    notRefused(life, deploymentId + "/" + name);
    if (noReturn.contains(deploymentId) && !world.disk.replaced) {
      world.broken(10, "a hook undone behind the point of no return", name);
    }
    Optional<StoredDocument.Line> last = stored().last();
    boolean intended =
        last.map(
                line -> line.is(Written.UNDO_INTENT, Journaled.HOOK) && line.subject().equals(name))
            .orElse(false);
    if (!intended && !life.needsNoRecord()) {
      world.broken(6, "the undo of a hook that is not on record", name + ", last is " + last);
    }
  }

  void beforeSave(HostLife life, byte[] document) {
    coming = StoredDocument.of(document);
    comingFrom = document;
    switches.beforeSave(life, coming);
    doubled.beforeSave(life, coming);
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
  boolean acts(HostLife life, String what) {
    if (life.fenced()) {
      world.broken(7, "an effect without the lease", life + " " + what);
    }
    return !life.overtaken() && !life.recordGone();
  }

  private void idle(HostLife life, Slot slot, String what) {
    if (world.proxy.reaches(slot) && !life.blind()) {
      world.broken(
          8, "a slot with traffic was " + what, slot + " while the proxy serves " + world.proxy);
    }
  }
}
