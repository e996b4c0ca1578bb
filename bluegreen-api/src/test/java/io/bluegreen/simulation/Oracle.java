package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.simulation.StoredDocument.Journaled;
import io.bluegreen.simulation.StoredDocument.Written;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches every effect at the moment when it happens, and knows the invariants by itself: it looks
 * at the world and at what is stored, and never asks the engine or its router.
 */
final class Oracle {
  private final World world;

  /** What each deployment has done so far. */
  final DeploymentDeeds deeds;

  private final SwitchOracle switches;
  private final StartedByHandOracle doubled;
  private final FirstDayOracle firstDay;
  private final Set<String> diedIn = new HashSet<>();
  private byte @Nullable [] parsedFrom;
  private StoredDocument parsed = StoredDocument.of(null);

  /** The document that is about to be saved. It is kept so that it is parsed only once. */
  private byte @Nullable [] comingFrom;

  private StoredDocument coming = parsed;

  Oracle(World world) {
    this.world = world;
    this.deeds = new DeploymentDeeds(world, this);
    this.switches = new SwitchOracle(world, this);
    this.doubled = new StartedByHandOracle(world);
    this.firstDay = new FirstDayOracle(world);
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
    deeds.started(life, deploymentId);
    doubled.started(deploymentId);
    if (stored().open().filter(deploymentId::equals).isPresent()) {
      firstDay.started(life, stored());
    }
  }

  private boolean differs(TrafficSplit acknowledged) {
    TrafficSplit running = world.proxy.running;
    return running.services().stream()
        .filter(acknowledged.services()::contains)
        .anyMatch(
            service ->
                running.share(service, Color.GREEN) != acknowledged.share(service, Color.GREEN));
  }

  void beforeApply(HostLife life, Switch change) {
    switches.beforeApply(life, change);
  }

  void lateSwitch(Switch change) {
    switches.late(change);
  }

  /** Judges the stop of a process that somebody has started by hand. */
  void stopsByHand(WorldProcesses.Unrecorded byHand) {
    doubled.stops(byHand, stored());
  }

  /** Judges a deployment that says it has promoted. */
  void promoted(DeploymentResult result) {
    doubled.promoted(result);
  }

  void beforeLaunch(HostLife life, Slot slot, String token) {
    if (!acts(life, "launch")) {
      return;
    }
    idle(life, slot, "launched");
    firstDay.notByAnAdoption(stored(), "launch on " + slot);
    notFoundFirst(life, "launch on " + slot);
    doubled.beforeLaunch(life, stored(), slot);
    stored().open().ifPresent(id -> deeds.launches(id, token));
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

  /** Checks that an adoption is on record before the launcher is told of it. */
  void beforeAdoption(HostLife life, Slot slot, String token) {
    if (acts(life, "adopt") && !life.needsNoRecord() && !stored().knows(token)) {
      world.broken(6, "an adoption that is not on record", slot.toString());
    }
  }

  /**
   * Notes that an effect was refused on the way forward. On the way back the same effect is tried
   * again.
   */
  void refused(HostLife life, String what) {
    if (stored().last().filter(line -> line.mark() == Written.INTENT).isPresent()) {
      life.refusals.add(what);
      stored().open().ifPresent(id -> deeds.refused(id, what));
    }
  }

  /**
   * Checks that a process undoes nothing that it was refused; a later process can't know of that.
   */
  private void notRefused(HostLife life, String what) {
    if (life.refusals.contains(what)) {
      world.broken(8, "what was refused is undone", what);
    }
  }

  private void notFoundFirst(HostLife life, String what) {
    doubled.beforeEffect(life, stored(), what);
    stored()
        .open()
        .filter(deeds::wasFoundFirst)
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
    firstDay.notByAnAdoption(stored(), "stop of " + slot);
    notFoundFirst(life, "stop of " + slot);
    stored().open().ifPresent(id -> deeds.effect(id, "stop of " + token));
    if (!slot.service().routed() && !stored().candidates().contains(slot.toString())) {
      stored().open().ifPresent(deeds::touchesWhatWasLive);
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

  /** Checks that nothing is in flight any more, or that the time for the drain is over. */
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
      deeds.passesNoReturn(deploymentId);
    }
    if (!acts(life, "hook")) {
      return;
    }
    notFoundFirst(life, "hook " + name);
    deeds.effect(deploymentId, "hook " + name);
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
    if (deeds.isBehindNoReturn(deploymentId) && !world.disk.replaced) {
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
   * Checks that a process which lost the lease has no effect any more. Returns whether the effect
   * can be judged: it can't if the lease or the record was taken away at this very moment.
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
