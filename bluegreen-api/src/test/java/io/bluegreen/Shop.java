package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A group with fakes all around, in virtual time, for tests of the engine. */
final class Shop {
  static final Release V1 = Release.of("1");
  static final Release V2 = Release.of("2");
  static final Release V3 = Release.of("3");

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

  /** A process that dies as soon as it has had an effect of this kind. */
  static Incarnation dyingAfter(String effect) {
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          List<String> effects = life.effects();
          if (!life.dead() && effects.get(effects.size() - 1).startsWith(effect)) {
            life.die();
          }
        });
    return life;
  }

  /** Does something at each event of a kind whose description has some text. */
  static DeploymentListener when(
      Class<? extends DeploymentEvent> kind, String what, Runnable then) {
    return event -> {
      if (kind.isInstance(event) && event.describe().contains(what)) {
        then.run();
      }
    };
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
            .healthCheck(health)
            .store(life.store(store))
            .policy(policy)
            .listener(events)
            .time(time)
            .seed(seed++);
    services.forEach(builder::service);
    return builder;
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

  /** What runs, such as {@code web/green 1, web/blue 2}. */
  String running() {
    return launcher.running().stream()
        .map(launched -> launched.slot() + " " + launched.release().version())
        .collect(Collectors.joining(", "));
  }
}
