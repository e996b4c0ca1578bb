package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.gate.ComparisonGate;
import io.bluegreen.gate.CounterGate;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the guide to gates that judge by the router's counters shows. */
class TrafficGateGuideTest {
  private final VirtualTime time = new VirtualTime();
  private final FakeRouter router = new FakeRouter(time);
  private final InMemoryStateStore store = new InMemoryStateStore(time);

  private ManagerBuilder shop() {
    return BlueGreenManager.builder("shop")
        .service(Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"))
        .router(router)
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .time(time);
  }

  @Test
  void trafficGates() {
    shop().build().deployNewVersion(Release.of("1.4.1")).orThrow();
    // snippet: traffic-gates
    BlueGreenManager manager =
        shop()
            .gate("errors", CounterGate.errorRate(0.05)) // of the last minute, per slot
            .gate("p95", CounterGate.p95(Duration.ofSeconds(5)).window(Duration.ofMinutes(5)))
            .gate("worse", ComparisonGate.errorsAndLatency()) // than live; in the shift only
            .policy(
                DeploymentPolicy.DEFAULT
                    .shift(
                        Watch.lasting(Duration.ofMinutes(2)).gates("errors", "p95", "worse"),
                        10,
                        25,
                        50,
                        75,
                        100)
                    .bake(
                        Watch.lasting(Duration.ofMinutes(30))
                            .every(Duration.ofMinutes(1))
                            .gates("errors", "p95")))
            .build();
    // end
    try (manager) {
      DeploymentResult result = manager.deployNewVersion(Release.of("1.4.2"));
      assertThat(result.outcome()).as("no traffic is never a pass").isEqualTo(Outcome.ROLLED_BACK);
    }
  }
}
