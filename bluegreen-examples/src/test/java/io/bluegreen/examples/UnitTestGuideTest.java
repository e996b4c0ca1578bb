package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The unit test that the guide to testing shows; the first program has a test of its own. */
class UnitTestGuideTest {
  // snippet: unit-test
  @Test
  void aReleaseThatNeverGetsHealthyIsRejectedAndTheTrafficStays() {
    VirtualTime time = new VirtualTime();
    FakeRouter router = new FakeRouter(time);
    try (BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(
                Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"))
            .router(router)
            .healthCheck(ScriptedHealthCheck.down("no database"))
            .store(new InMemoryStateStore(time))
            .time(time)
            .build()) {
      DeploymentResult result = manager.deployNewVersion(Release.of("1.4.2"));

      assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(router.applied()).isEmpty();
    }
  }

  // end

  // snippet: host-test
  @Test
  void aPersonApprovesWhatTheHostHasSubmitted() {
    VirtualTime time = new VirtualTime();
    try (BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(
                Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"))
            .router(new FakeRouter(time))
            .healthCheck(ScriptedHealthCheck.up())
            .store(new InMemoryStateStore(time))
            .policy(DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL))
            .time(time)
            .build()) {
      SubmittedDeployment deployment = manager.submit(Operation.deploy(Release.of("1.4.2")));
      time.pass(Duration.ofMinutes(5));
      assertThat(deployment.phase()).contains(Phase.APPROVE);
      deployment.approve("ann", "go");

      assertThat(deployment.result().join().outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }
  // end
}
