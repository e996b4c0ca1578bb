package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each deployment has done so far, as the world saw it. */
final class DeploymentDeeds {
  /**
   * Stands in place of the number of foreign changes where the engine could not know what was
   * served: nothing is judged by that start.
   */
  private static final int NEVER = -1;

  private final World world;
  private final Oracle oracle;

  /** What the proxy served when a deployment started, by the deployment's id. */
  private final Map<String, Began> began = new HashMap<>();

  /** Which deployment launched a process, by the token of the process. */
  private final Map<String, String> launchedBy = new HashMap<>();

  /**
   * The deployments that have really moved traffic, or have touched the live colour of a background
   * service.
   */
  private final Set<String> moved = new HashSet<>();

  /** The deployments that have started a hook behind which nothing leads back. */
  private final Set<String> noReturn = new HashSet<>();

  /** The last verdict of the gate, by deployment. */
  private final Map<String, String> verdicts = new HashMap<>();

  /** The deployments for which a launcher has found something before they had an effect. */
  private final Set<String> foundFirst = new HashSet<>();

  /** The effects of each deployment that has had one, apart from those that were refused. */
  private final Map<String, Set<String>> effects = new HashMap<>();

  private record Began(
      TrafficSplit split,
      Set<String> fresh,
      int foreignChanges,
      boolean gatedBake,
      String standing) {}

  DeploymentDeeds(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  /** Notes what was served, and what was on record, when a deployment started. */
  void started(HostLife life, String deploymentId) {
    Set<String> fresh = new HashSet<>();
    for (String service : world.proxy.running.services()) {
      if (oracle.stored().unassigned(service)) {
        fresh.add(service);
      }
    }
    began.put(
        deploymentId,
        new Began(
            world.proxy.running,
            fresh,
            life.blind() ? NEVER : world.foreignChanges,
            !oracle.stored().gates("bake").isEmpty(),
            oracle.stored().standing()));
  }

  /** Whether a deployment has launched a process. */
  boolean launched(String deploymentId, WorldProcesses.Process process) {
    return deploymentId.equals(launchedBy.get(process.token));
  }

  /** Notes that a deployment launches a process. */
  void launches(String deploymentId, String token) {
    effect(deploymentId, token);
    launchedBy.put(token, deploymentId);
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

  /** Whether a deployment has moved traffic, or told a live background service to stop. */
  boolean hasMoved(String deploymentId) {
    return moved.contains(deploymentId);
  }

  /** Notes that a deployment touches the live colour of a background service. */
  void touchesWhatWasLive(String deploymentId) {
    moved.add(deploymentId);
  }

  boolean hasBegun(String deploymentId) {
    return effects.containsKey(deploymentId);
  }

  /** Notes that a deployment has an effect of its own. */
  void begins(String deploymentId) {
    effect(deploymentId, "switch");
  }

  /** Notes an effect of a deployment. */
  void effect(String deploymentId, String what) {
    effects.computeIfAbsent(deploymentId, id -> new HashSet<>()).add(what);
  }

  /** Notes that an effect was refused: if it was the only one, the deployment has had none. */
  void refused(String deploymentId, String what) {
    effects.computeIfPresent(deploymentId, (key, all) -> all.equals(Set.of(what)) ? null : all);
  }

  /** Whether the record of the slots is what it was when the deployment started. */
  boolean isOnRecordAsBefore(String deploymentId) {
    Began then = began.get(deploymentId);
    return then == null || then.standing().equals(oracle.stored().standing());
  }

  void judged(String deploymentId, String verdict) {
    verdicts.put(deploymentId, verdict);
  }

  /** Whether the gate passed when it was last asked. */
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

  /** Notes that a deployment starts a hook behind which nothing leads back. */
  void passesNoReturn(String deploymentId) {
    noReturn.add(deploymentId);
  }

  /** Notes that a launcher knows something against a launch of the deployment that is open. */
  void found() {
    oracle.stored().open().filter(id -> !effects.containsKey(id)).ifPresent(foundFirst::add);
  }

  /** Whether a launcher has found something before the deployment had an effect. */
  boolean wasFoundFirst(String deploymentId) {
    return foundFirst.contains(deploymentId);
  }
}
