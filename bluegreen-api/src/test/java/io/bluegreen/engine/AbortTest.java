package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.SlotEvent;
import io.bluegreen.TimeLimits;
import io.bluegreen.TimeSource;
import io.bluegreen.Watch;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Aborts a deployment: in virtual time if one thread is enough, in real time if the test is about
 * threads.
 */
class AbortTest {
  private final Shop shop = Shop.web();

  @Test
  void signalOfAnotherManagerAbortsTheDeploymentAndLeavesTheTraffic() {
    shop.deploy(V1);
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    shop.time.at(
        Duration.ofMinutes(3),
        () -> operator.running().orElseThrow().abort("ann", "customers complain"));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.reason()).contains("ann").contains("customers complain");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(shop.time.elapsed()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4));
  }

  @Test
  void abortOfADeploymentThatHasEndedIsRefused() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofSeconds(5), Duration.ofSeconds(1), List.of()));
    RunningDeployment[] running = new RunningDeployment[1];
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    shop.time.at(Duration.ofSeconds(3), () -> running[0] = operator.running().orElseThrow());
    shop.deploy(V1);

    assertThatThrownBy(() -> running[0].abort("ann", "too late"))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("has ended");
    assertThat(operator.running()).isEmpty();
  }

  @Test
  @Timeout(60)
  void interruptionOfTheCallerAbortsAndTheFlagIsSetAgain() throws Exception {
    FakeRouter router = new FakeRouter(TimeSource.system());
    FakeLauncher launcher = new FakeLauncher(TimeSource.system());
    EventRecorder events = new EventRecorder();
    try (BlueGreenManager manager =
        realTime(router, launcher, ScriptedHealthCheck.down("not yet"), events)) {
      CompletableFuture<DeploymentResult> result = new CompletableFuture<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                result.complete(manager.deployNewVersion(V1));
                flag.complete(Thread.currentThread().isInterrupted());
              });
      caller.start();
      Awaitility.await().until(() -> !events.events(SlotEvent.Probed.class).isEmpty());
      caller.interrupt();

      assertThat(result.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.ABORTED);
      assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.running()).isEmpty();
    }
  }

  @Test
  @Timeout(60)
  void closeAbortsWhatRunsAndWaitsForIt() throws Exception {
    FakeLauncher launcher = new FakeLauncher(TimeSource.system());
    EventRecorder events = new EventRecorder();
    BlueGreenManager manager =
        realTime(
            new FakeRouter(TimeSource.system()),
            launcher,
            ScriptedHealthCheck.down("not yet"),
            events);
    CompletableFuture<DeploymentResult> result =
        CompletableFuture.supplyAsync(() -> manager.deployNewVersion(V1));
    Awaitility.await().until(() -> !events.events(SlotEvent.Probed.class).isEmpty());

    manager.close();

    assertThat(launcher.running()).isEmpty();
    assertThat(result.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  @Timeout(60)
  void deployWhileADeploymentRunsIsRefusedWithWhoActs() throws Exception {
    CountDownLatch inHook = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (BlueGreenManager manager =
        builder(
                new FakeRouter(TimeSource.system()),
                new FakeLauncher(TimeSource.system()),
                ScriptedHealthCheck.up(),
                new EventRecorder())
            .hook(
                Phase.PREPARE,
                "wait",
                context -> {
                  inHook.countDown();
                  goOn.await();
                })
            .build()) {
      CompletableFuture<DeploymentResult> first =
          CompletableFuture.supplyAsync(() -> manager.deployNewVersion(V1));
      inHook.await();

      assertThatThrownBy(() -> manager.deployNewVersion(V2))
          .isInstanceOf(DeploymentInProgressException.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
      goOn.countDown();
      assertThat(first.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }

  @Test
  @Timeout(60)
  void checkLauncherAndListenerThatNeverReturnAreGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    Launcher stuck =
        new Launcher() {
          @Override
          public void launch(Slot slot, Release release, String token) {
            waitFor(never);
          }

          @Override
          public void stop(Slot slot, String token, Duration grace) {}

          @Override
          public LaunchState state(Slot slot, String token) {
            return LaunchState.absent();
          }
        };
    FakeRouter router = new FakeRouter(TimeSource.system());
    try (BlueGreenManager manager =
        builder(router, stuck, ScriptedHealthCheck.up(), new EventRecorder()).build()) {
      DeploymentResult result = manager.deployNewVersion(V1);
      assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(result.reason()).contains("launching web/green did not end");
    }
    HealthCheck blocked =
        HealthCheck.blocking(
            instance -> {
              waitFor(never);
              return Health.up("");
            });
    try (BlueGreenManager manager =
        realTime(
            new FakeRouter(TimeSource.system()),
            new FakeLauncher(TimeSource.system()),
            blocked,
            new EventRecorder())) {
      DeploymentResult result = manager.deployNewVersion(V1);
      assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(result.failedProbe())
          .hasValueSatisfying(probe -> assertThat(probe).contains("no answer within"));
    }
    assertThat(router.applied()).isEmpty();
  }

  @Test
  @Timeout(120)
  void manyInstancesAreProbedAtOnceEvenIfEachCheckBlocks() throws Exception {
    String[] blue = new String[200];
    String[] green = new String[200];
    for (int i = 0; i < 200; i++) {
      blue[i] = "http://127.0.0.1:" + (20_000 + i);
      green[i] = "http://127.0.0.1:" + (30_000 + i);
    }
    CountDownLatch all = new CountDownLatch(200);
    HealthCheck together =
        HealthCheck.blocking(
            instance -> {
              all.countDown();
              return waitFor(all) ? Health.up("") : Health.down("not probed at once");
            });
    try (BlueGreenManager manager =
        BlueGreenManager.builder("big")
            .service(Service.named("web").blue(blue).green(green))
            .router(new FakeRouter(TimeSource.system()))
            .launcher(new FakeLauncher(TimeSource.system()))
            .healthCheck(together)
            .store(new InMemoryStateStore(TimeSource.system()))
            .policy(
                DeploymentPolicy.DEFAULT.probing(
                    Probing.DEFAULT.timeout(Duration.ofSeconds(50)).upTo(Duration.ofSeconds(60))))
            .build()) {
      assertThat(manager.deployNewVersion(V1).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }

  private static boolean waitFor(CountDownLatch latch) {
    try {
      return latch.await(55, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static BlueGreenManager realTime(
      FakeRouter router, Launcher launcher, HealthCheck check, EventRecorder events) {
    return builder(router, launcher, check, events).build();
  }

  private static ManagerBuilder builder(
      FakeRouter router, Launcher launcher, HealthCheck check, EventRecorder events) {
    Probing quick =
        Probing.DEFAULT
            .every(Duration.ofMillis(20))
            .timeout(Duration.ofMillis(200))
            .upTo(Duration.ofSeconds(20))
            .passes(1)
            .failures(3);
    if (Optional.of(check).filter(ScriptedHealthCheck.class::isInstance).isEmpty()) {
      quick = quick.upTo(Duration.ofSeconds(1));
    }
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(router)
        .launcher(launcher)
        .healthCheck(check)
        .store(new InMemoryStateStore(TimeSource.system()))
        .listener(events)
        .policy(
            DeploymentPolicy.DEFAULT
                .probing(quick)
                .limits(TimeLimits.DEFAULT.launch(Duration.ofSeconds(1))));
  }
}
