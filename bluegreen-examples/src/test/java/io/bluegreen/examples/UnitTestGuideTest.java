package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
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
}
