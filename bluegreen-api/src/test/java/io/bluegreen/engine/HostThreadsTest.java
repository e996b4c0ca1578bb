package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that deploys on threads of its own is tested in virtual time, too. */
@Timeout(60)
class HostThreadsTest {
  private final VirtualTime time = new VirtualTime();

  private BlueGreenManager manager(String group) {
    return BlueGreenManager.builder(group)
        .service(Shop.web("web", 1))
        .router(new FakeRouter(time))
        .launcher(new FakeLauncher(time))
        .healthCheck(ScriptedHealthCheck.up())
        .store(new InMemoryStateStore(time))
        .policy(Shop.BAKING)
        .time(time)
        .build();
  }

  @Test
  void severalGroupsDeployAtOnceInOneTimeAndNoBakeIsCutShort() throws Exception {
    List<CompletableFuture<DeploymentResult>> results = new ArrayList<>();
    for (String group : List.of("shop", "forum", "search")) {
      BlueGreenManager manager = manager(group);
      results.add(
          CompletableFuture.supplyAsync(
              () -> manager.submit(Operation.deploy(Shop.V1)).result().join(),
              work -> new Thread(work).start()));
    }
    for (CompletableFuture<DeploymentResult> result : results) {
      DeploymentResult ended = result.get(50, TimeUnit.SECONDS);
      assertThat(ended.outcome()).as(ended.toString()).isEqualTo(Outcome.PROMOTED);
      assertThat(ended.took()).isGreaterThanOrEqualTo(Duration.ofMinutes(30));
    }
  }

  @Test
  void anotherThreadLooksWhileOneDeploys() throws Exception {
    BlueGreenManager manager = manager("shop");
    CompletableFuture<DeploymentResult> result =
        CompletableFuture.supplyAsync(
            () -> manager.deployNewVersion(Shop.V1), work -> new Thread(work).start());
    while (!result.isDone()) {
      assertThat(manager.status().slots()).hasSize(2);
      manager.running().ifPresent(running -> assertThat(running.id()).isNotBlank());
    }
    assertThat(result.get().outcome()).isEqualTo(Outcome.PROMOTED);
  }
}
