package io.bluegreen.gate;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.List;

/**
 * A whole deployment with one gate, by a manager in virtual time: version 1 is live on green, and
 * version 1.4.2 on blue gets a quarter of the traffic for a minute, then all of it for another.
 */
final class DeploymentWithGate {
  private static final Watch WATCH =
      new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("gate"));

  final FakeRouter router;
  final EventRecorder events = new EventRecorder();
  private final VirtualTime time = new VirtualTime();
  private final InMemoryStateStore store = new InMemoryStateStore(time);
  private final FakeLauncher launcher = new FakeLauncher(time);
  private final Service service;

  DeploymentWithGate(Service service) {
    this.service = service;
    this.router = new FakeRouter(time);
  }

  static DeploymentWithGate web(String blue) {
    return new DeploymentWithGate(
        Service.named("web")
            .blue(blue)
            .green("http://192.0.2.1:9")
            .frontDoor("http://192.0.2.1:8"));
  }

  DeploymentResult deploy(Gate gate) {
    try (BlueGreenManager manager = manager(gate)) {
      manager
          .run(io.bluegreen.Operation.deploy(Release.of("1")).policy(DeploymentPolicy.DEFAULT))
          .orThrow();
      return manager.deployNewVersion(Release.of("1.4.2"));
    }
  }

  Color live() {
    return router.request("web");
  }

  List<Verdict> verdicts() {
    return events.events(TrafficEvent.GateJudged.class).stream()
        .map(TrafficEvent.GateJudged::verdict)
        .toList();
  }

  private BlueGreenManager manager(Gate gate) {
    return BlueGreenManager.builder("shop")
        .service(service)
        .router(router)
        .launcher(launcher)
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .policy(DeploymentPolicy.DEFAULT.shift(WATCH, 25, 100).bake(WATCH))
        .gate("gate", gate)
        .listener(events)
        .time(time)
        .build();
  }
}
