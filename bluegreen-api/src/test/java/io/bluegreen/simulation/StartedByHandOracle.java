package io.bluegreen.simulation;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Slot;
import io.bluegreen.simulation.StoredDocument.Journaled;
import io.bluegreen.simulation.StoredDocument.Written;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of the oracle that knows what somebody has started by hand. A process that could see it
 * must neither start it twice nor stop it, and must touch nothing else before it looks.
 */
final class StartedByHandOracle {
  private final World world;

  /** The processes started by hand that ran when a deployment started, by the deployment's id. */
  private final Map<String, List<WorldProcesses.Unrecorded>> there = new HashMap<>();

  StartedByHandOracle(World world) {
    this.world = world;
  }

  void started(String deploymentId) {
    there.put(deploymentId, visible());
  }

  /** Checks that nothing is done to a group while a coming launch would start something twice. */
  void beforeEffect(HostLife life, StoredDocument stored, String what) {
    if (stored.forced() || stored.failed() || life.needsNoRecord() || world.disk.replaced) {
      return;
    }
    stored.open().map(id -> there.getOrDefault(id, List.of())).orElse(List.of()).stream()
        .filter(this::stillRuns)
        .filter(byHand -> isInTheWay(byHand, stored))
        .findFirst()
        .ifPresent(byHand -> world.broken(8, "done though " + byHand, what));
  }

  /** Whether the launchers show this process, or, for a background service, the checks. */
  private boolean isInTheWay(WorldProcesses.Unrecorded byHand, StoredDocument stored) {
    Slot slot = byHand.slot;
    if (slot.service().routed()) {
      return byHand.launcherSees && stored.launches().contains(slot.toString());
    }
    // A check may be up because of the live colour. It counts only after that has ended, and never
    // stops a rollback.
    boolean told =
        byHand.launcherSees
            || !stored.is(Operation.Kind.ROLLBACK)
                && world.processes.running(slot.other().toString()).isEmpty();
    return told && stored.launches().contains(slot.service().name());
  }

  /**
   * Notes what runs by hand now. Before it saves an intent to launch, a manager has had the time to
   * look for everything that ran at its last save.
   */
  void beforeSave(HostLife life, StoredDocument document) {
    List<WorldProcesses.Unrecorded> now = visible();
    List<WorldProcesses.Unrecorded> lasting =
        now.stream().filter(life.atLastSave::contains).toList();
    life.overlooked = !lasting.isEmpty() && launching(document) ? lasting : List.of();
    life.atLastSave = now;
  }

  private static boolean launching(StoredDocument document) {
    return document
        .last()
        .filter(line -> line.mark().isIntent())
        .filter(line -> line.kind() == Journaled.LAUNCH || line.kind() == Journaled.HANDOVER)
        .isPresent();
  }

  void beforeLaunch(HostLife life, StoredDocument stored, Slot slot) {
    boolean back = stored.last().filter(line -> line.mark() == Written.UNDO_INTENT).isPresent();
    boolean routed = slot.service().routed();
    life.overlooked.stream()
        .filter(this::stillRuns)
        .filter(
            byHand ->
                byHand.launcherSees || !(routed || back || stored.is(Operation.Kind.ROLLBACK)))
        .filter(
            byHand ->
                routed ? byHand.slot.equals(slot) : byHand.slot.service().equals(slot.service()))
        .filter(byHand -> !stored.forced() && !world.disk.replaced)
        .findFirst()
        .ifPresent(
            byHand -> world.broken(8, "what runs unrecorded is doubled", byHand + ": " + slot));
  }

  /**
   * Judges the stop of a process that somebody started by hand: a launcher that knows slots only by
   * name would do that.
   */
  void stops(WorldProcesses.Unrecorded byHand, StoredDocument stored) {
    boolean wasThere =
        stored
            .open()
            .map(id -> there.getOrDefault(id, List.of()))
            .orElse(List.of())
            .contains(byHand);
    if (wasThere && stillRuns(byHand) && !stored.forced() && !world.disk.replaced) {
      world.broken(8, "what runs unrecorded is stopped", byHand.toString());
    }
  }

  /** Checks that no deployment is promoted whose service runs twice. */
  void promoted(DeploymentResult result) {
    if (result.operation().kind() != Operation.Kind.DEPLOY
        || result.operation().force().isPresent()) {
      return;
    }
    for (WorldProcesses.Unrecorded byHand : there.getOrDefault(result.deploymentId(), List.of())) {
      String service = byHand.slot.service().name();
      List<String> services = result.operation().services();
      boolean about = services.isEmpty() || services.contains(service);
      boolean beside =
          world.processes.running(byHand.slot.toString()).isPresent()
              || !byHand.slot.service().routed()
                  && world.processes.running(byHand.slot.other().toString()).isPresent();
      if (about && stillRuns(byHand) && beside && !world.disk.replaced) {
        world.broken(10, "promoted, though two run", byHand + ": " + result);
      }
    }
  }

  /**
   * Returns the processes started by hand, but for those beside one of ours in the same slot:
   * nobody can tell the two apart.
   */
  private List<WorldProcesses.Unrecorded> visible() {
    return world.processes.unrecorded().stream()
        .filter(byHand -> world.processes.running(byHand.slot.toString()).isEmpty())
        .toList();
  }

  private boolean stillRuns(WorldProcesses.Unrecorded byHand) {
    return !byHand.denied && world.processes.unrecorded().contains(byHand);
  }
}
