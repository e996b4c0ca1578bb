package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.FreePorts;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.RouterFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A call on a thread that is interrupted, before or during it, touches nothing, and the thread
 * keeps its flag.
 */
@Timeout(120)
class InterruptedCallerTest {
  @TempDir Path directory;

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private static ManagerBuilder shop(int door) {
    return BlueGreenManager.builder("shop")
        .service(
            Service.named("web")
                .blue("http://127.0.0.1:1")
                .green("http://127.0.0.1:2")
                .frontDoor("http://127.0.0.1:" + door))
        .router(EmbeddedRouter.create())
        .healthCheck(ScriptedHealthCheck.up())
        .policy(DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1))));
  }

  @Test
  void operationOnAThreadThatWasInterruptedBeforeIsAbortedBeforeAnythingIsTouched() {
    try (BlueGreenManager manager =
        shop(FreePorts.next()).store(FileStateStore.in(directory.resolve("state"))).build()) {
      Thread.currentThread().interrupt();
      DeploymentResult first = manager.deployNewVersion(V1);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(first.outcome()).as(first.toString()).isEqualTo(Outcome.ABORTED);
      assertThat(first.reason())
          .contains("the calling thread was interrupted")
          .contains("serving: ");

      manager.deployNewVersion(V1).orThrow();
      for (Operation operation : List.of(Operation.switchTo(Color.BLUE), Operation.deploy(V2))) {
        Thread.currentThread().interrupt();
        assertThat(manager.run(operation).outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(((RouterTruth.Known) manager.status().truth()).running().sole("web"))
          .contains(Color.GREEN);
    }
  }

  @Test
  void lookingOnAThreadThatWasInterruptedBeforeIsAnsweredAndTheFlagIsKept() {
    try (BlueGreenManager manager =
        shop(FreePorts.next()).store(FileStateStore.in(directory.resolve("state"))).build()) {
      for (Runnable look :
          List.<Runnable>of(
              manager::status,
              () -> manager.plan(Operation.deploy(V1)),
              manager::running,
              manager::history,
              () ->
                  assertThat(manager.recover().decision())
                      .isEqualTo(RecoveryReport.Decision.NOTHING))) {
        Thread.currentThread().interrupt();
        look.run();
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThatThrownBy(
              () -> {
                Thread.currentThread().interrupt();
                manager.rollback();
              })
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("the router serves");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void lookThatIsInterruptedMeanwhileSaysThatNothingWasTouched() throws Exception {
    TimeSource time = TimeSource.system();
    FakeRouter router = new FakeRouter(time).next(RouterFault.HANG_ON_CURRENT);
    try (BlueGreenManager manager =
        shop(FreePorts.next()).router(router).store(new InMemoryStateStore(time)).build()) {
      Thread caller = Thread.currentThread();
      Thread later =
          new Thread(
              () -> {
                Awaitility.await()
                    .until(
                        () ->
                            caller.getState() == Thread.State.WAITING
                                || caller.getState() == Thread.State.TIMED_WAITING);
                caller.interrupt();
              });
      later.start();
      assertThatThrownBy(manager::status)
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("nothing was touched");
      assertThat(Thread.interrupted()).isTrue();
      later.join();
    }
  }

  @Test
  void deploymentThatWasLeftOpenIsNotRepairedByAnInterruptedThreadAndTheRefusalSaysSo() {
    Shop shop = Shop.web().withTwo();
    io.bluegreen.testing.Incarnation life = Shop.dyingAfter("apply");
    BlueGreenManager killed = shop.builder(life).build();
    assertThatThrownBy(() -> killed.switchTraffic(Color.GREEN))
        .isInstanceOf(io.bluegreen.testing.Crash.class);
    BlueGreenManager next = shop.manager();

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> next.deployNewVersion(Shop.V3))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("interrupted before what was left open could be repaired")
        .hasMessageContaining("serving: ");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(next.recover().decision()).isNotEqualTo(RecoveryReport.Decision.ON_HOLD);
  }
}
