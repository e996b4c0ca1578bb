package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.Signal;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.simulation.StoredDocument.Journaled;
import io.bluegreen.simulation.StoredDocument.Written;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The part of the oracle that judges switches: whether they are on record, proved and allowed. */
final class SwitchOracle {
  private final World world;
  private final Oracle oracle;
  private final ProofOracle proved;

  /** The split that each generation stands for. */
  private final Map<Long, TrafficSplit> generations = new HashMap<>();

  SwitchOracle(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
    this.proved = new ProofOracle(world);
  }

  void died(WorldProcesses.Process process) {
    proved.died(process);
  }

  void beforeApply(HostLife life, Switch change) {
    if (!oracle.acts(life, "apply")) {
      return;
    }
    oracle.deeds.begins(change.deploymentId());
    StoredDocument stored = oracle.stored();
    boolean open = stored.open().equals(Optional.of(change.deploymentId()));
    Optional<StoredDocument.Line> last = open ? stored.last() : Optional.empty();
    boolean undoing = last.map(line -> line.mark().isUndo()).orElse(false);
    boolean forwards =
        last.filter(line -> line.is(Written.INTENT, Journaled.MOVE))
            .flatMap(StoredDocument.Line::split)
            .equals(Optional.of(change.to()));
    if (stored.generation() < change.generation()) {
      world.broken(6, "a switch whose generation is not on record", change.toString());
    }
    TrafficSplit before = generations.putIfAbsent(change.generation(), change.to());
    if (before != null && !before.equals(change.to()) && !world.disk.replaced) {
      world.broken(6, "two splits of one generation", before + ", then " + change);
    }
    TrafficSplit running = world.proxy.running;
    boolean taken = running.equals(change.from()) || running.equals(change.to());
    boolean gains = !proved.gaining(running, change.to()).isEmpty();
    if (open && gains && taken && !life.needsNoRecord()) {
      boolean intended = last.flatMap(StoredDocument.Line::split).equals(Optional.of(change.to()));
      boolean back =
          last.map(line -> line.is(Written.UNDO_INTENT, Journaled.MOVE)).orElse(false)
              && !stored.candidates().isEmpty();
      if (!intended && !back) {
        world.broken(6, "a switch whose intent is not on record", change + ", last is " + last);
      }
    }
    proved.beforeApply(life, change, stored, open && forwards && stored.forced());
    if (open && forwards && !undoing) {
      whole(change, stored);
      allowed(change, stored);
    }
    if (open && taken && !life.blind()) {
      somewhere(change, stored);
    }
    if (!forwards
        && gains
        && taken
        && oracle.deeds.isBehindNoReturn(change.deploymentId())
        && !world.disk.replaced) {
      world.broken(10, "gone back behind the point of no return", change.toString());
    }
  }

  /** Checks that a release moves all its services at once, by equal shares. */
  private void whole(Switch change, StoredDocument stored) {
    if (!stored.is(Operation.Kind.DEPLOY)) {
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

  /**
   * Checks that no deployment goes on without an approval that was asked for, or before the gates
   * have passed.
   */
  private void allowed(Switch change, StoredDocument stored) {
    String id = change.deploymentId();
    boolean asked =
        stored.has(Option.ASK_FOR_APPROVAL) && !stored.has(Option.PROMOTE_UNLESS_ABORTED);
    if (asked
        && !stored.is(Operation.Kind.ROLLBACK)
        && world.disk.signals.stream()
            .noneMatch(s -> s.deploymentId().equals(id) && s.kind() == Signal.Kind.APPROVE)) {
      world.broken(9, "moved without the approval that was asked for", change.toString());
    }
    boolean held =
        stored.lines().stream()
            .anyMatch(line -> line.is(Written.FACT, Journaled.HOLD) && line.phase() == Phase.SHIFT);
    if (held && !stored.gates("hold").isEmpty() && !oracle.deeds.passed(id)) {
      world.broken(10, "moved on though the gate has not passed", change.toString());
    }
  }

  /**
   * Checks that a service for which nothing was live goes to the candidate at once and stays there.
   */
  private void somewhere(Switch change, StoredDocument stored) {
    for (String candidate : stored.candidates()) {
      String service = candidate.substring(0, candidate.indexOf('/'));
      Color color = candidate.endsWith("/green") ? Color.GREEN : Color.BLUE;
      if (!change.to().services().contains(service) || !stored.unassigned(service)) {
        continue;
      }
      int share = change.to().share(service, color);
      if (share < world.proxy.running.share(service, color)
          || (share < 100 && share > change.from().share(service, color))) {
        world.broken(4, "traffic to a colour on which nothing ever ran", change.toString());
      }
    }
  }

  /** Checks that a switch which is recorded as done is served by the proxy. */
  void beforeSave(HostLife life, StoredDocument document) {
    Optional<Switch> asked = life.asked.filter(change -> !made(change));
    if (asked.isPresent() && life.askedAt == world.foreignChanges && !life.misled()) {
      Optional<StoredDocument.Line> last = document.last();
      if (last.filter(line -> !line.mark().isIntent() && line.kind() == Journaled.MOVE)
          .isPresent()) {
        world.broken(
            1, "a switch on record as done that the proxy does not serve", asked.get().toString());
      }
    }
  }

  private boolean made(Switch change) {
    return world.proxy.running.equals(change.to()) && world.proxy.durable.equals(change.to());
  }

  void late(Switch change) {
    StoredDocument stored = oracle.stored();
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
