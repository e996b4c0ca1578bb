package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.ProgressEvent;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** Listeners in real time: each has a queue and a thread of its own. */
@Timeout(120)
class ListenerTest {
  private final TimeSource time = TimeSource.system();
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final EventRecorder recorder = new EventRecorder();
  private final List<BlueGreenManager> managers = new ArrayList<>();

  @AfterEach
  void close() {
    managers.forEach(BlueGreenManager::close);
    time.close();
  }

  private BlueGreenManager manager(DeploymentListener... listeners) {
    ManagerBuilder builder =
        BlueGreenManager.builder("shop")
            .service(Shop.web("web", 1))
            .router(new FakeRouter(time))
            .launcher(new FakeLauncher(time))
            .healthCheck(ScriptedHealthCheck.up())
            .store(new InMemoryStateStore(time))
            .policy(DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1))))
            .time(time);
    for (DeploymentListener listener : listeners) {
      builder.listener(listener);
    }
    BlueGreenManager manager = builder.listener(recorder).build();
    managers.add(manager);
    return manager;
  }

  private void hang(DeploymentEvent event) {
    try {
      released.await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
  }

  @Test
  void listenerThatHangsDelaysNothingAndIsAWarningInTheResult() {
    BlueGreenManager manager = manager(this::hang);

    DeploymentResult first = manager.deployNewVersion(V1);
    Duration began = time.elapsed();
    DeploymentResult second = manager.switchTraffic(Color.BLUE);
    Duration whole = time.elapsed().minus(began);

    assertThat(first.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(first.took()).as("the deployment itself").isLessThan(Duration.ofSeconds(5));
    assertThat(first.warnings())
        .anyMatch(
            warning ->
                warning.matches(
                    "listener 1 \\(a lambda of io\\.bluegreen\\.engine\\.ListenerTest\\) was not"
                        + " told everything: 0 events were dropped, [1-9][0-9]* wait, and it has"
                        + " not returned from the one before them"));
    assertThat(second.warnings()).anyMatch(warning -> warning.startsWith("listener 1 "));
    assertThat(whole).as("nobody waits for it again").isLessThan(Duration.ofSeconds(5));
    assertThat(recorder.events(ProgressEvent.Ended.class)).hasSize(2);
    manager.close();
    await().until(() -> interrupted.getCount() == 0);
  }

  @Test
  void queuedEventsReachASlowListenerInOrderBeforeTheCallReturns() {
    List<DeploymentEvent> slow = new CopyOnWriteArrayList<>();
    AtomicReference<String> group = new AtomicReference<>();
    List<String> deployments = new CopyOnWriteArrayList<>();
    BlueGreenManager manager =
        manager(
            event -> {
              sleep(20);
              slow.add(event);
              group.set(MDC.get("group"));
              deployments.add(String.valueOf(MDC.get("deployment")));
            });

    DeploymentResult result = manager.deployNewVersion(V1);

    assertThat(slow).isEqualTo(recorder.events());
    assertThat(slow.get(slow.size() - 1)).isInstanceOf(ProgressEvent.Ended.class);
    assertThat(result.warnings()).isEmpty();
    assertThat(group).hasValue("shop");
    assertThat(deployments).containsOnly(result.deploymentId());
  }

  private void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis); // The test is about a listener that takes its time.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void listenerMayThrowAnythingAndHearsTheNextEventAllTheSame() {
    List<DeploymentEvent> heard = new CopyOnWriteArrayList<>();
    BlueGreenManager manager =
        manager(
            event -> {
              heard.add(event);
              throw new Error("not even an exception");
            });

    assertThat(manager.deployNewVersion(V1).warnings()).isEmpty();
    assertThat(heard).isEqualTo(recorder.events());
  }

  @Test
  void queueIsBoundedAndTheOldestEventsGiveWay() {
    List<DeploymentEvent> heard = new CopyOnWriteArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    ListenerQueue queue =
        new ListenerQueue(
            "shop",
            "slow",
            event -> {
              begun.countDown();
              hang(event);
              heard.add(event);
            },
            time);
    queue.offer(warned(0));
    await().until(() -> begun.getCount() == 0);
    for (int n = 1; n <= ListenerQueue.LONGEST + 7; n++) {
      queue.offer(warned(n));
    }

    assertThat(queue.untold())
        .contains(
            "slow was not told everything: 7 events were dropped, "
                + ListenerQueue.LONGEST
                + " wait, and it has not returned from the one before them");
    released.countDown();
    queue.settle(time.deadline(Duration.ofSeconds(60)));
    assertThat(queue.untold()).isEmpty();
    assertThat(heard).hasSize(ListenerQueue.LONGEST + 1);
    assertThat(heard.get(1).describe()).contains("8");
    queue.close();
  }

  private DeploymentEvent warned(int n) {
    return new DeploymentEvent.Warned(
        new DeploymentEvent.Stamp(time.now(), "shop", "d", 0, 0), String.valueOf(n));
  }

  @Test
  void listenerMayCallTheManagerAndEvenCloseIt() {
    AtomicReference<BlueGreenManager> manager = new AtomicReference<>();
    List<DeploymentResult> nested = new CopyOnWriteArrayList<>();
    manager.set(
        manager(
            event -> {
              if (event instanceof ProgressEvent.Ended ended
                  && ended.result().operation().kind() == Operation.Kind.DEPLOY) {
                manager.get().status();
                nested.add(manager.get().switchTraffic(Color.BLUE));
                manager.get().close();
              }
            }));

    DeploymentResult result = manager.get().deployNewVersion(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    await().until(() -> nested.size() == 1); // A listener is not waited for without end.
    assertThat(nested.get(0).outcome()).isEqualTo(Outcome.PROMOTED);
  }
}
