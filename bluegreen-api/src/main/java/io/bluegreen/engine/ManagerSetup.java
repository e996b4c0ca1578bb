package io.bluegreen.engine;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.Gate;
import io.bluegreen.Group;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Hook;
import io.bluegreen.Instance;
import io.bluegreen.Launcher;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Everything that a manager was given, validated. */
record ManagerSetup(
    Group group,
    Router router,
    Map<String, HealthCheck> checks,
    Map<String, Launcher> launchers,
    Map<String, Gate> gates,
    List<NamedHook> hooks,
    StateStore store,
    Listeners listeners,
    DeploymentPolicy policy,
    TimeSource time,
    RandomGenerator random) {

  record NamedHook(Phase phase, String name, Hook hook) {}

  /** Returns what checks an instance: at a front door the front door's own check, if it has one. */
  private HealthCheck check(Instance instance) {
    HealthCheck ofService = Objects.requireNonNull(checks.get(instance.service()));
    return instance.atFrontDoor()
        ? group.service(instance.service()).frontDoorCheck().orElse(ofService)
        : ofService;
  }

  /** Probes every instance once, with its own check. */
  Map<Instance, Health> probe(List<Instance> instances, Duration timeout)
      throws InterruptedException {
    Map<Instance, HealthCheck> with = new LinkedHashMap<>();
    instances.forEach(instance -> with.put(instance, check(instance)));
    return HealthCheck.probeAll(with, timeout, time);
  }

  Launcher launcher(Service service) {
    return Objects.requireNonNull(launchers.get(service.name()));
  }

  Hook hook(String name) {
    return hooks.stream()
        .filter(hook -> hook.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("hook: the manager has no hook " + name))
        .hook();
  }

  Gate gate(String name) {
    Gate gate = gates.get(name);
    if (gate == null) {
      throw new IllegalArgumentException(
          "gate: the policy names the gate "
              + name
              + ", but the manager has only "
              + gates.keySet().stream().sorted().toList());
    }
    return gate;
  }

  /** Checks that the router's meter can feed every gate. */
  void checkGates() {
    Set<TrafficMeter.Measure> measures = router.measures();
    gates.forEach(
        (name, gate) -> {
          Set<TrafficMeter.Measure> missing = new TreeSet<>(gate.needs());
          missing.removeAll(measures);
          if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                "gate "
                    + name
                    + ": it needs "
                    + missing
                    + ", but the meter of this router tells only "
                    + new TreeSet<>(measures)
                    + "; leave the gate out, or judge by what the router tells");
          }
        });
  }

  /** Checks that every gate and hook which the policy names was given, and can do its part. */
  void check(DeploymentPolicy policyToUse) {
    Probing probing = policyToUse.probing();
    Duration proof = probing.interval().multipliedBy(probing.passes() - 1L);
    if (proof.compareTo(probing.deadline()) >= 0) {
      throw new IllegalArgumentException(
          "probing: "
              + probing.passes()
              + " passes every "
              + Durations.describe(probing.interval())
              + " do not fit into the deadline of "
              + Durations.describe(probing.deadline()));
    }
    if (policyToUse.has(Option.PROMOTE_UNLESS_ABORTED)
        && !policyToUse.has(Option.ASK_FOR_APPROVAL)) {
      throw new IllegalArgumentException(
          "options: PROMOTE_UNLESS_ABORTED says what the end of a wait for approval does, and"
              + " without ASK_FOR_APPROVAL nothing waits for one");
    }
    policyToUse.hold().gates().forEach(this::gate);
    policyToUse.pointsOfNoReturn().forEach(this::hook);
    for (String name : policyToUse.bake().gates()) {
      if (gate(name).comparesWithLive()) {
        throw new IllegalArgumentException(
            "bake: the gate "
                + name
                + " compares the candidate with the live colour, which gets no traffic during the"
                + " bake; name it for the shift");
      }
    }
  }

  /** Returns so many random letters and digits, a-z and 0-9. */
  String randomName(int length) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append(Character.forDigit(random.nextInt(36), 36));
    }
    return name.toString();
  }
}
