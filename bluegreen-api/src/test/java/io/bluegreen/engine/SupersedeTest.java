package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.RunningDeployment;
import io.bluegreen.StateStore;
import io.bluegreen.TimeLimits;
import io.bluegreen.TimeSource;
import io.bluegreen.Watch;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A newer operation waits for the group, or supersedes the deployment that has it. */
class SupersedeTest {
  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  @Timeout(60)
  void newerReleaseSupersedesOneThatBakes() throws Exception {
    InMemoryStateStore store = new InMemoryStateStore(TimeSource.system());
    FakeRouter router = new FakeRouter(TimeSource.system());
    FakeLauncher launcher = new FakeLauncher(TimeSource.system());
    DeploymentPolicy baking =
        DeploymentPolicy.DEFAULT
            .probing(Probing.DEFAULT.every(Duration.ofMillis(10)))
            .bake(new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    try (BlueGreenManager first = realTime(store, router, launcher, baking);
        BlueGreenManager second = realTime(store.another(), router, launcher, baking)) {
      DeploymentPolicy quick = baking.bake(Watch.NONE);
      first.run(Operation.deploy(V1).policy(quick)).orThrow();
      CompletableFuture<DeploymentResult> former =
          CompletableFuture.supplyAsync(() -> first.deployNewVersion(V2));
      Awaitility.await()
          .until(
              () ->
                  second
                      .running()
                      .flatMap(RunningDeployment::phase)
                      .filter(Phase.BAKE::equals)
                      .isPresent());
      assertThatThrownBy(() -> second.run(Operation.deploy(V3).policy(quick)))
          .isInstanceOf(DeploymentInProgressException.class);

      DeploymentResult newer =
          second.run(Operation.deploy(V3).by("ann", "hotfix").policy(quick.with(Option.SUPERSEDE)));

      assertThat(newer.outcome()).isEqualTo(Outcome.PROMOTED);
      DeploymentResult superseded = former.get(30, TimeUnit.SECONDS);
      assertThat(superseded.outcome()).isEqualTo(Outcome.ABORTED);
      assertThat(superseded.reason()).contains("superseded by deploy 3").contains("ann");
    }
  }

  @Test
  void newerReleaseSupersedesOneThatIsSuspended() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    BlueGreenManager closing = shop.manager();
    shop.time.after(Duration.ofMinutes(3), closing::close);
    assertThat(closing.deployNewVersion(V2).outcome()).isEqualTo(Outcome.SUSPENDED);
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.SUPERSEDE);

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.manager().history().get(1).reason()).contains("superseded by deploy 3");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 3");
  }

  @Test
  @Timeout(60)
  void operationWaitsForTheGroupAsLongAsItsPolicySays() throws Exception {
    InMemoryStateStore store = new InMemoryStateStore(TimeSource.system());
    FakeRouter router = new FakeRouter(TimeSource.system());
    FakeLauncher launcher = new FakeLauncher(TimeSource.system());
    DeploymentPolicy quick =
        DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(10)));
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    CompletableFuture<Boolean> goOn = new CompletableFuture<>();
    try (BlueGreenManager first =
            builder(store, router, launcher, quick)
                .hook(
                    Phase.VERIFY,
                    "slow",
                    context -> {
                      begun.complete(true);
                      goOn.get(30, TimeUnit.SECONDS);
                    })
                .build();
        BlueGreenManager second = realTime(store.another(), router, launcher, quick)) {
      CompletableFuture<DeploymentResult> former =
          CompletableFuture.supplyAsync(() -> first.deployNewVersion(V1));
      begun.get(30, TimeUnit.SECONDS);
      CompletableFuture<DeploymentResult> waiting =
          CompletableFuture.supplyAsync(
              () ->
                  second.run(
                      Operation.deploy(V2)
                          .policy(quick.limits(TimeLimits.DEFAULT.lease(Duration.ofSeconds(30))))));
      goOn.complete(true);

      assertThat(former.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
      assertThat(waiting.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }

  private static ManagerBuilder builder(
      StateStore store, FakeRouter router, FakeLauncher launcher, DeploymentPolicy policy) {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(router)
        .launcher(launcher)
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .policy(policy);
  }

  private static BlueGreenManager realTime(
      StateStore store, FakeRouter router, FakeLauncher launcher, DeploymentPolicy policy) {
    return builder(store, router, launcher, policy).build();
  }
}
