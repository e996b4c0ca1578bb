package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Console;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Gate;
import io.bluegreen.Group;
import io.bluegreen.HealthCheck;
import io.bluegreen.Hook;
import io.bluegreen.Launcher;
import io.bluegreen.Phase;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Names;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Gathers what a manager needs. A group needs services, a router, a health check and a store; the
 * rest has defaults. Not safe for use by several threads.
 */
public final class ManagerBuilder {
  private final String group;
  private final List<Service> services = new ArrayList<>();
  private Optional<Router> router = Optional.empty();
  private Optional<StateStore> store = Optional.empty();
  private Optional<HealthCheck> check = Optional.empty();
  private final Map<String, HealthCheck> checks = new HashMap<>();
  private Launcher launcher = Launcher.external();
  private final Map<String, Launcher> launchers = new HashMap<>();
  private final Map<String, Gate> gates = new HashMap<>();
  private final List<ManagerSetup.NamedHook> hooks = new ArrayList<>();
  private final List<DeploymentListener> listeners = new ArrayList<>();
  private DeploymentPolicy policy = DeploymentPolicy.DEFAULT;
  private Optional<TimeSource> time = Optional.empty();
  private RandomGenerator random = new SecureRandom();

  /** Creates a builder for a group; a host gets one from {@link BlueGreenManager#builder}. */
  public ManagerBuilder(String group) {
    Objects.requireNonNull(group, "group");
    this.group = Names.name("group", group);
  }

  /**
   * Returns a console, which needs a store only; a host gets it from {@link
   * BlueGreenManager#console}.
   */
  public static Console console(String group, StateStore store, TimeSource time) {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(time, "time");
    return new StoredConsole(new GroupRecord(Names.name("group", group), store, time));
  }

  /** Adds a service; at least one is needed. */
  public ManagerBuilder service(Service service) {
    Objects.requireNonNull(service, "service");
    services.add(service);
    return this;
  }

  /** Sets what moves the traffic; needed, also for background services only. */
  public ManagerBuilder router(Router router) {
    Objects.requireNonNull(router, "router");
    this.router = Optional.of(router);
    return this;
  }

  /** Sets where the state is kept; needed. */
  public ManagerBuilder store(StateStore store) {
    Objects.requireNonNull(store, "store");
    this.store = Optional.of(store);
    return this;
  }

  /**
   * Sets the check of all services that have none of their own; needed if there is such a service.
   */
  public ManagerBuilder healthCheck(HealthCheck healthCheck) {
    Objects.requireNonNull(healthCheck, "healthCheck");
    check = Optional.of(healthCheck);
    return this;
  }

  /** Sets the check of one service. */
  public ManagerBuilder healthCheck(String service, HealthCheck other) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(other, "other");
    checks.put(Names.name("service", service), other);
    return this;
  }

  /**
   * Sets what starts and stops all services that have no launcher of their own; by default {@link
   * Launcher#external}, with which the host does that itself.
   */
  public ManagerBuilder launcher(Launcher launcher) {
    Objects.requireNonNull(launcher, "launcher");
    this.launcher = launcher;
    return this;
  }

  /** Sets what starts and stops one service. */
  public ManagerBuilder launcher(String service, Launcher other) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(other, "other");
    launchers.put(Names.name("service", service), other);
    return this;
  }

  /**
   * Adds a gate, to which policies refer by its name.
   *
   * @throws IllegalArgumentException if the name is taken, or is not a valid name
   */
  public ManagerBuilder gate(String name, Gate gate) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(gate, "gate");
    if (gates.put(Names.name("gate", name), gate) != null) {
      throw new IllegalArgumentException("gate: there are two with the name " + name);
    }
    return this;
  }

  /**
   * Adds a hook, run by every deployment of a release in the order in which they were added.
   *
   * @param phase PREPARE (before anything is launched), VERIFY (against the proven candidate) or
   *     FINISH (with all the traffic on the candidate)
   * @throws IllegalArgumentException if the name is taken or is not a valid name, or if hooks do
   *     not run in that phase
   */
  public ManagerBuilder hook(Phase phase, String name, Hook hook) {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hook, "hook");
    if (!Set.of(Phase.PREPARE, Phase.VERIFY, Phase.FINISH).contains(phase)) {
      throw new IllegalArgumentException(
          "phase: expected PREPARE, VERIFY or FINISH, but was " + phase);
    }
    if (hooks.stream().anyMatch(other -> other.name().equals(name))) {
      throw new IllegalArgumentException("hook: there are two with the name " + name);
    }
    hooks.add(new ManagerSetup.NamedHook(phase, Names.name("hook", name), hook));
    return this;
  }

  /** Adds a listener, which is told what deployments do. */
  public ManagerBuilder listener(DeploymentListener listener) {
    Objects.requireNonNull(listener, "listener");
    listeners.add(listener);
    return this;
  }

  /** Sets the policy of operations that name none; {@link DeploymentPolicy#DEFAULT} by default. */
  public ManagerBuilder policy(DeploymentPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    this.policy = policy;
    return this;
  }

  /**
   * Sets the source of time, for tests; real time by default. The manager does not close a source
   * that it was given.
   */
  public ManagerBuilder time(TimeSource time) {
    Objects.requireNonNull(time, "time");
    this.time = Optional.of(time);
    return this;
  }

  /** Makes ids and tokens repeatable. */
  ManagerBuilder seed(long seed) {
    random = new Random(seed);
    return this;
  }

  /**
   * Returns the manager. Only validates: nothing is opened, read or asked yet.
   *
   * @throws IllegalArgumentException if something is missing or contradicts itself; the message
   *     names it
   */
  public BlueGreenManager build() {
    Group whole = new Group(group, services);
    Set<String> names = new HashSet<>();
    services.forEach(service -> names.add(service.name()));
    checks.keySet().forEach(whole::service);
    launchers.keySet().forEach(whole::service);
    Map<String, HealthCheck> allChecks = new HashMap<>();
    Map<String, Launcher> allLaunchers = new HashMap<>();
    for (String name : names) {
      HealthCheck own = checks.get(name);
      allChecks.put(
          name,
          own != null
              ? own
              : check.orElseThrow(
                  () ->
                      missing(
                          "no health check for service " + name,
                          "healthCheck(HttpHealthCheck.get(\"/health\"))")));
      allLaunchers.put(name, launchers.getOrDefault(name, launcher));
    }
    TimeSource clock = time.orElseGet(TimeSource::system);
    ManagerSetup setup =
        new ManagerSetup(
            whole,
            router.orElseThrow(
                () -> missing("no router", "router(NginxRouter...), or EmbeddedRouter")),
            Map.copyOf(allChecks),
            Map.copyOf(allLaunchers),
            Map.copyOf(gates),
            List.copyOf(hooks),
            store.orElseThrow(() -> missing("no store", "store(FileStateStore.in(directory))")),
            new Listeners(group, listeners, clock),
            policy,
            clock,
            random);
    setup.checkGates();
    setup.check(policy);
    return new DefaultManager(setup, time.isEmpty());
  }

  private IllegalArgumentException missing(String what, String remedy) {
    return new IllegalArgumentException("group " + group + ": " + what + "; add " + remedy);
  }
}
