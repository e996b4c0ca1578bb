package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Limits;
import io.bluegreen.ManagerBuilder;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the guide to deployments that wait shows. */
class WaitingGuideTest {
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
  void waiting() {
    shop().build().deployNewVersion(Release.of("1.4.1")).orThrow();
    // snippet: waiting
    Watch hold =
        new Watch(Duration.ofMinutes(2), Duration.ofSeconds(15), List.of())
            .untilRequests(500, Duration.ofMinutes(20)); // at each candidate; fewer are no pass
    DeploymentPolicy careful =
        DeploymentPolicy.DEFAULT
            .shift(hold, 10, 25, 50, 75, 100)
            .bake(new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()))
            .with(Option.ASK_FOR_APPROVAL) // before the first move of traffic
            .limits(Limits.DEFAULT.approval(Duration.ofHours(4))) // then it is aborted
            .with(Option.SUPERSEDE); // a newer release ends one that waits
    // end
    BlueGreenManager console = shop().store(store.another()).build();
    time.after(
        Duration.ofHours(1),
        () -> console.running().orElseThrow().approve("ann", "the tests look good"));
    DeploymentResult result =
        shop().policy(careful).build().run(Operation.deploy(Release.of("1.4.2")));

    assertThat(result.outcome()).as("nobody asked anything").isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("fewer than 500 requests");
  }

  @Test
  void carryingOn() {
    DeploymentPolicy baking =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    BlueGreenManager former = shop().policy(baking).build();
    time.after(Duration.ofMinutes(10), former::close);
    assertThat(former.deployNewVersion(Release.of("1")).outcome()).isEqualTo(Outcome.SUSPENDED);
    BlueGreenManager manager = shop().build();
    // snippet: carry-on
    RecoveryReport report = manager.recover(); // at the start of your program
    if (report.decision() == RecoveryReport.Decision.SUSPENDED) {
      manager.carryOn(); // or running().get().abort(...), from which on it goes back
    }
    // end
    assertThat(manager.history().get(0).outcome()).isEqualTo(Outcome.PROMOTED);
  }
}
