package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A group with fakes all around, in virtual time, for tests of the engine. */
final class Shop {
  static final Release V1 = Release.of("1");
  static final Release V2 = Release.of("2");
  static final Release V3 = Release.of("3");

  /**
   * A bake that is long enough for its process to be killed or closed, or for its candidate to fall
   * sick.
   */
  static final DeploymentPolicy BAKING =
      DeploymentPolicy.DEFAULT.bake(
          new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));

  final VirtualTime time = new VirtualTime();
  final FakeRouter router = new FakeRouter(time);
  final FakeLauncher launcher = new FakeLauncher(time);
  final InMemoryStateStore store = new InMemoryStateStore(time);
  final EventRecorder events = new EventRecorder();
  final List<Service> services;
  private long seed = 1;
  HealthCheck health = ScriptedHealthCheck.up();
  DeploymentPolicy policy = DeploymentPolicy.DEFAULT;

  Shop(Service... services) {
    this.services = List.of(services);
  }

  static Shop web() {
    return new Shop(web("web", 1));
  }

  /** Deploys version 2 with a manager that is closed 15 seconds later, while it waits. */
  DeploymentResult suspended(DeploymentPolicy policy) {
    this.policy = policy;
    BlueGreenManager first = manager();
    time.after(Duration.ofSeconds(15), first::close);
    DeploymentResult result = first.deployNewVersion(V2);
    assertThat(result.outcome()).isEqualTo(Outcome.SUSPENDED);
    return result;
  }

  /** Returns a process that dies as soon as it has had an effect of this kind. */
  static Incarnation dyingAfter(String effect) {
    return dyingAfter(effect, () -> true);
  }

  static Incarnation dyingAfter(String effect, BooleanSupplier armed) {
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          List<String> effects = life.effects();
          boolean had = effects.get(effects.size() - 1).startsWith(effect);
          if (had && armed.getAsBoolean() && !life.dead()) {
            life.die();
          }
        });
    return life;
  }

  /**
   * Returns a listener that acts at each event of this kind whose description contains this text.
   */
  static DeploymentListener when(
      Class<? extends DeploymentEvent> kind, String what, Runnable then) {
    return event -> {
      if (kind.isInstance(event) && event.describe().contains(what)) {
        then.run();
      }
    };
  }

  /** Returns a listener that acts as soon as a deployment goes back. */
  static DeploymentListener goingBack(Runnable then) {
    return when(ProgressEvent.UndoStarted.class, "", then);
  }

  static Service web(String name, int n) {
    return Service.named(name)
        .blue("http://127.0.0.1:1" + n + "01")
        .green("http://127.0.0.1:1" + n + "02")
        .frontDoor("http://127.0.0.1:1" + n + "00");
  }

  ManagerBuilder builder() {
    return builder(new Incarnation());
  }

  ManagerBuilder builder(Incarnation life) {
    ManagerBuilder builder =
        BlueGreenManager.builder("shop")
            .router(life.router(router))
            .launcher(life.launcher(launcher))
            .healthCheck(this::probe)
            .store(life.store(store))
            .policy(policy)
            .listener(events)
            .time(time)
            .seed(seed++);
    services.forEach(builder::service);
    return builder;
  }

  /** Asks the check, but a background service of which nothing runs is down. */
  private CompletableFuture<Health> probe(Instance instance) {
    boolean background =
        services.stream().anyMatch(s -> s.name().equals(instance.service()) && !s.routed());
    return background
            && health instanceof ScriptedHealthCheck
            && launcher.running(instance.service(), instance.color()).isEmpty()
        ? CompletableFuture.completedFuture(Health.down("nothing runs"))
        : health.probe(instance);
  }

  /** Returns the builder of a manager in whose bake the candidate of web falls sick. */
  ManagerBuilder sickInItsBake(Color candidate) {
    return sickInItsBake(candidate, new Incarnation());
  }

  ManagerBuilder sickInItsBake(Color candidate, Incarnation life) {
    policy = BAKING;
    ScriptedHealthCheck scripted = ScriptedHealthCheck.up();
    health = scripted;
    return builder(life)
        .listener(
            when(
                ProgressEvent.PhaseEntered.class,
                "BAKE",
                () -> scripted.on("web", candidate, ScriptedHealthCheck.down("sick"))));
  }

  BlueGreenManager manager() {
    return builder().build();
  }

  DeploymentResult deploy(Release release) {
    return manager().deployNewVersion(release);
  }

  /** Deploys two releases, so that blue and green are both warm and the second is live. */
  Shop withTwo() {
    deploy(V1).orThrow();
    deploy(V2).orThrow();
    return this;
  }

  Color live(String service) {
    return router.request(service);
  }

  /** Returns what runs, such as {@code web/green 1, web/blue 2}. */
  String running() {
    return String.join(", ", running(""));
  }

  /** Returns what runs of a service, such as {@code web/green 1}. */
  List<String> running(String service) {
    return launcher.running().stream()
        .map(launched -> launched.slot() + " " + launched.release().version())
        .filter(launched -> launched.startsWith(service))
        .toList();
  }
}
