package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.TimeLimits;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.contract.ForwardingStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests deployments for which the host does not wait; in real time, because the tests are about
 * threads.
 */
@Timeout(120)
class SubmitTest extends RealTimeManagers {
  @Test
  void submitReturnsAtOnceAndTheResultComesWhenTheDeploymentHasEnded() throws Exception {
    BlueGreenManager manager = halting();

    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1).by("ann", "INC-1"));
    inHook.await();

    assertThat(deployment.result()).isNotDone();
    assertThat(deployment.owner().map(LeaseOwner::deploymentId)).contains(deployment.id());
    assertThat(deployment.phase()).contains(Phase.PREPARE);
    assertThat(manager.running()).contains(deployment);
    goOn.countDown();
    assertThat(ended(deployment).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(ended(deployment).deploymentId()).isEqualTo(deployment.id());
    assertThat(deployment.result().getNow(null)).isNotNull();
    assertThat(events.events()).allMatch(e -> e.deploymentId().equals(deployment.id()));
    assertThat(manager.history().get(0).id()).isEqualTo(deployment.id());
    assertThat(manager.running()).isEmpty();
    assertThatThrownBy(() -> deployment.abort("ann", "too late"))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("has ended")
        .hasMessageContaining("result() says how");
    assertThat(store.signals(deployment.id())).isEmpty();
  }

  @Test
  void refusalIsTheExceptionThatRunThrows() throws Exception {
    Shop shop = Shop.web();
    BlueGreenManager manager = shop.manager();
    assertSameRefusal(manager, Operation.rollback());
    try (StateStore other = shop.store.another()) {
      other.acquire(new LeaseOwner("shop", "other", 7, "there", shop.time.now()));
      assertSameRefusal(manager, Operation.deploy(V1));
    }
    shop.withTwo();
    Shop waiting = Shop.web();
    waiting.deploy(V1);
    waiting.suspended(Shop.BAKING);
    assertSameRefusal(waiting.manager(), Operation.deploy(V2));
    shop.router.switchByHand("web", Color.GREEN, 50);
    assertSameRefusal(shop.manager(), Operation.deploy(V1));
  }

  private static void assertSameRefusal(BlueGreenManager manager, Operation operation) {
    Throwable failed = refused(manager.submit(operation));
    assertThatThrownBy(() -> manager.run(operation))
        .hasSameClassAs(failed)
        .hasMessage(failed.getMessage());
  }

  @Test
  void secondSubmitIsRefusedWithTheFirstAndTheFirstGoesOn() throws Exception {
    BlueGreenManager manager = halting();
    SubmittedDeployment first = manager.submit(Operation.deploy(V1));
    inHook.await();
    SubmittedDeployment second = manager.submit(Operation.deploy(V2));

    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(refused(second))
        .isInstanceOf(DeploymentInProgressException.class)
        .hasMessageContaining(first.id());
    goOn.countDown();
    assertThat(ended(first).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void ofTwoSubmitsAtOnceOneDeploysAndTheOtherWaitsForItWhereItMay() throws Exception {
    BlueGreenManager manager =
        built(builder().policy(QUICK.limits(TimeLimits.DEFAULT.lease(Duration.ofMinutes(1)))));

    SubmittedDeployment one = manager.submit(Operation.deploy(V1));
    SubmittedDeployment other = manager.submit(Operation.deploy(V2));

    assertThat(List.of(ended(one).outcome(), ended(other).outcome()))
        .containsOnly(Outcome.PROMOTED);
    assertThat(manager.history()).hasSize(2);
  }

  @Test
  void abortBeforeTheLeaseIsHadEndsTheWait() throws Exception {
    InMemoryStateStore others = store.another();
    AtomicInteger tries = new AtomicInteger();
    Operation patient =
        Operation.deploy(V1).policy(QUICK.limits(TimeLimits.DEFAULT.lease(Duration.ofHours(1))));
    BlueGreenManager manager =
        built(
            builder()
                .store(
                    new ForwardingStore(store) {
                      @Override
                      public Acquired acquire(LeaseOwner owner) {
                        tries.incrementAndGet();
                        return super.acquire(owner);
                      }
                    }));
    StateStore.Lease lease =
        (StateStore.Lease) others.acquire(new LeaseOwner("shop", "other", 7, "there", time.now()));
    SubmittedDeployment deployment = manager.submit(patient);
    await().until(() -> tries.get() > 0);

    deployment.pause("ann", "lunch");
    deployment.resume("ann", "back");
    deployment.abort("ann", "wrong version");

    assertThat(refused(deployment))
        .isInstanceOf(DeploymentInProgressException.class)
        .hasMessageContaining("deployment other")
        .hasMessageContaining("has not begun")
        .hasMessageContaining("aborted by ann (wrong version)");
    assertThat(store.signals(deployment.id())).as("nobody else would remove them").isEmpty();
    assertThat(manager.history()).isEmpty();

    SubmittedDeployment closed = manager.submit(patient);
    manager.close();
    assertThat(refused(closed)).isInstanceOf(RuntimeException.class);
    lease.close();
  }

  @Test
  void abortThatCantBeStoredIsHeededAllTheSame() throws Exception {
    BlueGreenManager manager =
        built(
            builder()
                .healthCheck(ScriptedHealthCheck.down("not yet"))
                .store(
                    new ForwardingStore(store) {
                      @Override
                      public void post(Signal signal) {
                        throw new StoreException("the disk is full");
                      }
                    }));
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));

    assertThatThrownBy(() -> deployment.pause("ann", "lunch")).isInstanceOf(StoreException.class);
    deployment.abort("ann", "customers complain");

    assertThat(ended(deployment).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(ended(deployment).reason()).contains("aborted by ann (customers complain)");
  }

  @Test
  void personMayPauseResumeAndApproveWhatWasSubmitted() throws Exception {
    BlueGreenManager manager = built(builder().policy(QUICK.with(Option.ASK_FOR_APPROVAL)));
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
    await().until(() -> deployment.phase().equals(Optional.of(Phase.APPROVE)));
    deployment.pause("ann", "lunch");
    deployment.approve("bob", "go");
    await().until(() -> events.events(DeploymentEvent.Asked.class).size() == 2);
    deployment.resume("ann", "back");

    assertThat(ended(deployment).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(manager.history().get(0).approval()).hasValueSatisfying(v -> v.contains("bob"));
  }

  @Test
  void cancelledOrTimedOutFutureChangesNothingButItself() throws Exception {
    BlueGreenManager manager = halting();
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
    CompletableFuture<DeploymentResult> impatient = deployment.result();
    CompletableFuture<DeploymentResult> patient = deployment.result();
    inHook.await();

    assertThat(impatient.cancel(true)).isTrue();
    assertThat(deployment.result().completeExceptionally(new IllegalStateException())).isTrue();
    assertThatThrownBy(() -> deployment.result().orTimeout(1, TimeUnit.MILLISECONDS).get())
        .isInstanceOf(ExecutionException.class);

    assertThat(deployment.result()).isNotDone();
    goOn.countDown();
    assertThat(patient.get(60, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(deployment.result().get()).isSameAs(patient.get());
  }

  @Test
  void closeAbortsWhatActsAndSuspendsWhatWaits() throws Exception {
    BlueGreenManager acting = built(builder().healthCheck(ScriptedHealthCheck.down("not yet")));
    SubmittedDeployment acts = acting.submit(Operation.deploy(V1));
    await().until(() -> acts.phase().equals(Optional.of(Phase.HEALTH)));
    acting.close();
    assertThat(ended(acts).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(ended(acts).reason()).contains("the manager was closed");

    BlueGreenManager waiting = built(builder().policy(QUICK.with(Option.ASK_FOR_APPROVAL)));
    SubmittedDeployment waits = waiting.submit(Operation.deploy(V1));
    await().until(() -> waits.phase().equals(Optional.of(Phase.APPROVE)));
    waiting.close();
    assertThat(ended(waits).outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThatThrownBy(() -> waiting.submit(Operation.deploy(V2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThat(built(builder()).running()).hasValueSatisfying(left -> left.id().equals(waits.id()));
  }

  @Test
  void mistakeInTheCallItselfIsThrownAtOnce() {
    BlueGreenManager manager = built(builder());
    assertThatThrownBy(() -> manager.submit(Operation.deploy(V1).service("nobody")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(manager.history()).isEmpty();
  }
}
