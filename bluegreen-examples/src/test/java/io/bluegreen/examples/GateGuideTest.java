package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Gate;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.gate.CommandGate;
import io.bluegreen.gate.Gates;
import io.bluegreen.gate.HealthGate;
import io.bluegreen.gate.ProbeGate;
import io.bluegreen.gate.PrometheusGate;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the guide to gates shows. */
class GateGuideTest {
  @Test
  void gates() {
    String token = "from your vault";
    // snippet: ready-gates
    Gate errors =
        PrometheusGate.query(
                "https://prometheus.internal:9090",
                "sum(rate(http_errors_total{job='{service}',color='{color}'}[2m]))"
                    + " / sum(rate(http_requests_total{job='{service}',color='{color}'}[2m]))")
            .atMost(0.05) // no data, several series, NaN: no verdict, which is never a pass
            .bearer(token);
    Gate checkout =
        ProbeGate.get("/checkout?item=1") // to every instance of the candidate, at each look
            .expect("a price", answer -> answer.text().contains("\"price\""))
            .slow(Duration.ofMillis(800), 50)
            .window(20, 5); // of the last 20 probes at least 5
    Gate orders = CommandGate.of(List.of("/usr/local/bin/orders-are-coming-in"));
    Gate good = Gates.all(errors, checkout, Gates.warnOnly(orders));
    // end
    try (good) {
      assertThat(good.toString())
          .startsWith("all of [sum(rate(")
          .contains("at most 0.05")
          .contains("probe GET /checkout?...") // a query may be secret
          .doesNotContain(token);
    }
  }

  @Test
  void gateThatIsToldDecidesADeployment() {
    VirtualTime time = new VirtualTime();
    Watch watch = Watch.lasting(Duration.ofMinutes(2)).gates("deep");
    try (BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(
                Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"))
            .router(new FakeRouter(time))
            .healthCheck(ScriptedHealthCheck.up())
            .store(new InMemoryStateStore(time))
            .gate(
                "deep",
                HealthGate.of(HealthCheck.blocking(instance -> Health.up("fine"))).watchLive())
            .policy(DeploymentPolicy.DEFAULT.bake(watch))
            .time(time)
            .build()) {
      assertThat(manager.deployNewVersion(Release.of("1")).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }
}
