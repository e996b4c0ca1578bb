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
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.ProgressEvent;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.TimeLimits;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.contract.ForwardingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a host has of a deployment that it does not wait for; in real time, threads are the point.
 */
@Timeout(120)
class SubmitTest {
  private static final DeploymentPolicy QUICK =
      DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1)));

  private final TimeSource time = TimeSource.system();
  private final InMemoryStateStore store = new InMemoryStateStore(time);
  private final EventRecorder events = new EventRecorder();
  private final CountDownLatch inHook = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final List<BlueGreenManager> managers = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    goOn.countDown();
    managers.forEach(BlueGreenManager::close);
    time.close();
    assertThat(Thread.interrupted()).isFalse();
  }

  private ManagerBuilder builder() {
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

  private BlueGreenManager built(ManagerBuilder builder) {
    BlueGreenManager manager = builder.build();
    managers.add(manager);
    return manager;
  }

  /** A manager whose deployments stay in a hook until they are told to go on. */
  private BlueGreenManager halting() {
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

  private static DeploymentResult ended(SubmittedDeployment deployment) throws Exception {
    return deployment.result().get(60, TimeUnit.SECONDS);
  }

  private static Throwable refused(SubmittedDeployment deployment) {
    return deployment.result().handle((done, failed) -> failed).join();
  }

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
  void whatHangsOnAResultDelaysNobodyAndMayCallTheManager() throws Exception {
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
  void whatIsWrongWithTheCallItselfIsThrownAtOnce() {
    BlueGreenManager manager = built(builder());
    assertThatThrownBy(() -> manager.submit(Operation.deploy(V1).service("nobody")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(manager.history()).isEmpty();
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
  void whereNoThreadIsLeftNothingBeginsAndTheManagerIsNotSaidToBeClosed() {
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

  /** Time whose threads are all busy. */
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
