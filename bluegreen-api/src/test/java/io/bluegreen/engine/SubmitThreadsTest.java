package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.TimeLimits;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests which thread does which part of a submitted deployment, and what the threads that wait for
 * it may do.
 */
@Timeout(120)
class SubmitThreadsTest extends RealTimeManagers {
  @Test
  void workThatDependsOnAResultDelaysNobodyAndMayCallTheManager() throws Exception {
    BlueGreenManager manager = halting();
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<DeploymentResult> next =
        deployment
            .result()
            .thenCompose(done -> manager.submit(Operation.deploy(V2).policy(QUICK)).result());
    deployment.result().thenRun(() -> waitFor(never));
    inHook.await();
    goOn.countDown();

    assertThat(ended(deployment).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(next.get(60, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
    CompletableFuture<Boolean> closed =
        manager
            .submit(Operation.deploy(V1))
            .result()
            .thenApply(
                done -> {
                  manager.close();
                  return true;
                });
    assertThat(closed.get(60, TimeUnit.SECONDS)).isTrue();
    never.countDown();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void listenerMaySubmitAndWaitForIt() throws Exception {
    AtomicReference<BlueGreenManager> manager = new AtomicReference<>();
    CompletableFuture<DeploymentResult> nested = new CompletableFuture<>();
    DeploymentListener next =
        event -> {
          if (event instanceof ProgressEvent.Ended ended
              && ended.result().operation().kind() == Operation.Kind.DEPLOY) {
            nested.complete(
                manager
                    .get()
                    .submit(
                        Operation.switchTo(Color.BLUE)
                            .policy(QUICK.limits(TimeLimits.DEFAULT.lease(Duration.ofMinutes(1)))))
                    .result()
                    .join());
          }
        };
    manager.set(built(builder().listener(next)));

    assertThat(ended(manager.get().submit(Operation.deploy(V1))).outcome())
        .isEqualTo(Outcome.PROMOTED);
    assertThat(nested.get(60, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void interruptedThreadSubmitsAllTheSameAndKeepsItsFlag() throws Exception {
    BlueGreenManager manager = built(builder());
    Shop shop = Shop.web();
    Thread.currentThread().interrupt();
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
    SubmittedDeployment here = shop.manager().submit(Operation.deploy(V1));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended(deployment).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(ended(here).outcome()).as("on the one thread").isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void threadThatWaitsInRunIsSeenByOthersAsOneThatWasSubmitted() throws Exception {
    BlueGreenManager manager = halting();
    CompletableFuture<DeploymentResult> ran =
        CompletableFuture.supplyAsync(() -> manager.deployNewVersion(V1));
    inHook.await();
    SubmittedDeployment seen = (SubmittedDeployment) manager.running().orElseThrow();
    assertThat(built(builder()).running().orElseThrow())
        .as("another process has no result of it")
        .isNotInstanceOf(SubmittedDeployment.class);
    goOn.countDown();

    assertThat(ended(seen)).isEqualTo(ran.get(60, TimeUnit.SECONDS));
  }

  @Test
  void whereNoThreadIsLeftNothingStartsAndTheManagerIsNotCalledClosed() {
    for (Throwable none :
        List.of(
            new RejectedExecutionException("32 of 32 busy"),
            new OutOfMemoryError("unable to create native thread"))) {
      BlueGreenManager manager = built(builder().time(new Exhausted(time, none)));

      assertThat(refused(manager.submit(Operation.deploy(V1))))
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("no thread to work on")
          .hasMessageContaining(none.getMessage())
          .hasMessageContaining("Nothing was touched");
      assertThatThrownBy(() -> manager.deployNewVersion(V1))
          .isInstanceOf(OperationRefusedException.class);
      assertThat(store.holder()).isEmpty();
      manager.close();
    }
  }

  /** A time source whose threads are all busy. */
  private record Exhausted(TimeSource right, Throwable none) implements TimeSource {
    @Override
    public Instant now() {
      return right.now();
    }

    @Override
    public Duration elapsed() {
      return right.elapsed();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      right.sleep(duration);
    }

    @Override
    public <T> T within(Duration limit, Callable<T> work) throws Exception {
      return right.within(limit, work);
    }

    @Override
    public <T> T await(Duration limit, Future<T> result) throws Exception {
      return right.await(limit, result);
    }

    @Override
    public Executor executor() {
      return work -> {
        if (none instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) none;
      };
    }
  }
}
