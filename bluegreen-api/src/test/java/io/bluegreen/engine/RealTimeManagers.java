package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Managers of one group in real time; a hook may hold their deployments until a test lets go. */
abstract class RealTimeManagers {
  static final DeploymentPolicy QUICK =
      DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1)));

  final TimeSource time = TimeSource.system();
  final InMemoryStateStore store = new InMemoryStateStore(time);
  final EventRecorder events = new EventRecorder();
  final CountDownLatch inHook = new CountDownLatch(1);
  final CountDownLatch goOn = new CountDownLatch(1);
  final List<BlueGreenManager> managers = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    goOn.countDown();
    managers.forEach(BlueGreenManager::close);
    time.close();
    assertThat(Thread.interrupted()).isFalse();
  }

  ManagerBuilder builder() {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(new FakeRouter(time))
        .launcher(new FakeLauncher(time))
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .listener(events)
        .policy(QUICK)
        .time(time);
  }

  BlueGreenManager built(ManagerBuilder builder) {
    BlueGreenManager manager = builder.build();
    managers.add(manager);
    return manager;
  }

  /** A manager whose deployments stay in a hook until they are told to go on. */
  BlueGreenManager halting() {
    return built(
        builder()
            .hook(
                Phase.PREPARE,
                "halt",
                context -> {
                  inHook.countDown();
                  goOn.await();
                }));
  }

  static DeploymentResult ended(SubmittedDeployment deployment) throws Exception {
    return deployment.result().get(60, TimeUnit.SECONDS);
  }

  static Throwable refused(SubmittedDeployment deployment) {
    return deployment.result().handle((done, failed) -> failed).join();
  }
}
