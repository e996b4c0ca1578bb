package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.StateStore;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.TimeLimits;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * In virtual time a host's unit test pauses, approves or aborts a deployment while it runs, as a
 * person would.
 */
@Timeout(60)
class SubmitInVirtualTimeTest {
  private static final Duration BAKE = Duration.ofMinutes(30);

  private final VirtualTime time = new VirtualTime();
  private final InMemoryStateStore store = new InMemoryStateStore(time);
  private final EventRecorder events = new EventRecorder();
  private final FakeRouter router = new FakeRouter(time);
  private final List<BlueGreenManager> managers = new ArrayList<>();

  @AfterEach
  void close() {
    managers.forEach(BlueGreenManager::close);
    assertThat(Thread.interrupted()).isFalse();
  }

  private ManagerBuilder builder() {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(router)
        .launcher(new FakeLauncher(time))
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .listener(events)
        .policy(Shop.BAKING)
        .time(time);
  }

  private BlueGreenManager built(ManagerBuilder builder) {
    BlueGreenManager manager = builder.build();
    managers.add(manager);
    return manager;
  }

  private static Throwable refused(SubmittedDeployment deployment) {
    return deployment.result().handle((done, failed) -> failed).join();
  }

  @Test
  void submitReturnsBeforeAnyTimeHasPassedAndTheResultLetsItPass() {
    BlueGreenManager manager = built(builder());

    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));

    assertThat(time.elapsed()).isZero();
    assertThat(deployment.result()).isNotDone();
    assertThat(deployment.phase()).contains(Phase.HEALTH);
    assertThat(manager.running()).contains(deployment);
    assertThat(router.applied()).isEmpty();
    assertThat(deployment.result().join().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(time.elapsed()).isGreaterThan(BAKE).isLessThan(BAKE.plusMinutes(1));
    assertThat(manager.running()).isEmpty();
    assertThat(deployment.result()).isDone();
  }

  @Test
  void pausedDeploymentStaysWhereItIsUntilItIsResumed() {
    SubmittedDeployment deployment = built(builder()).submit(Operation.deploy(V1));

    deployment.pause("ann", "lunch");
    time.pass(Duration.ofHours(3));

    assertThat(deployment.result()).isNotDone();
    assertThat(router.applied()).isEmpty();
    assertThat(events.events(DeploymentEvent.Asked.class)).hasSize(1);
    deployment.resume("ann", "back");
    assertThat(deployment.result().join().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(time.elapsed()).isGreaterThan(BAKE.plusHours(3));
  }

  @Test
  void personApprovesAndAbortsWhatWaitsForOne() {
    DeploymentPolicy asking = Shop.BAKING.with(Option.ASK_FOR_APPROVAL);
    BlueGreenManager manager = built(builder().policy(asking));
    SubmittedDeployment approved = manager.submit(Operation.deploy(V1));
    time.pass(Duration.ofMinutes(5));
    assertThat(approved.phase()).contains(Phase.APPROVE);
    approved.approve("ann", "go");
    time.pass(Duration.ofMinutes(5));
    assertThat(approved.phase()).contains(Phase.BAKE);
    assertThat(approved.result().join().outcome()).isEqualTo(Outcome.PROMOTED);

    SubmittedDeployment aborted = manager.submit(Operation.deploy(V2));
    time.pass(Duration.ofMinutes(5));
    aborted.abort("bob", "not today");
    assertThat(aborted.result().join().outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(aborted.result().join().reason()).contains("aborted by bob (not today)");
  }

  @Test
  void abortBeforeTheLeaseIsHadEndsTheWait() {
    StateStore.Lease lease =
        (StateStore.Lease)
            store.another().acquire(new LeaseOwner("shop", "other", 7, "there", time.now()));
    TimeLimits patient = TimeLimits.DEFAULT.lease(Duration.ofHours(1));
    BlueGreenManager manager = built(builder().policy(Shop.BAKING.limits(patient)));
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
    time.pass(Duration.ofMinutes(10));
    assertThat(deployment.result()).isNotDone();

    deployment.abort("ann", "wrong version");

    assertThat(refused(deployment))
        .isInstanceOf(DeploymentInProgressException.class)
        .hasMessageContaining("aborted by ann (wrong version)");
    assertThat(time.elapsed()).isBetween(Duration.ofMinutes(10), Duration.ofSeconds(602));
    assertThat(manager.history()).isEmpty();
    lease.close();
  }

  @Test
  void secondSubmitIsRefusedOrWaitsForTheFirst() {
    BlueGreenManager manager = built(builder());
    SubmittedDeployment first = manager.submit(Operation.deploy(V1));
    SubmittedDeployment second = manager.submit(Operation.deploy(V2));
    TimeLimits patient = TimeLimits.DEFAULT.lease(Duration.ofHours(2));
    SubmittedDeployment third =
        manager.submit(Operation.deploy(V2).policy(Shop.BAKING.limits(patient)));

    assertThat(refused(second))
        .isInstanceOf(DeploymentInProgressException.class)
        .hasMessageContaining(first.id());
    assertThatThrownBy(() -> manager.deployNewVersion(V2))
        .isInstanceOf(DeploymentInProgressException.class);
    assertThat(time.elapsed()).isZero();
    assertThat(third.result().join().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(first.result().getNow(null).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(time.elapsed()).isBetween(BAKE.multipliedBy(2), BAKE.multipliedBy(2).plusMinutes(1));
  }

  @Test
  void closeEndsWhatWasSubmitted() {
    BlueGreenManager acting = built(builder().healthCheck(ScriptedHealthCheck.down("not yet")));
    SubmittedDeployment acts = acting.submit(Operation.deploy(V1));
    acting.close();
    assertThat(acts.result().getNow(null).outcome()).isEqualTo(Outcome.ABORTED);

    BlueGreenManager waiting = built(builder());
    SubmittedDeployment bakes = waiting.submit(Operation.deploy(V1));
    time.pass(Duration.ofMinutes(5));
    waiting.close();
    assertThat(bakes.result().getNow(null).outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(time.elapsed()).isLessThan(Duration.ofMinutes(6));
  }

  @Test
  void timePassesUpToTheMomentThatIsWaitedFor() throws Exception {
    SubmittedDeployment deployment = built(builder()).submit(Operation.deploy(V1));

    assertThatThrownBy(() -> deployment.result().get(20, TimeUnit.MINUTES))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("20 min")
        .hasMessageContaining("virtual time");
    assertThat(time.elapsed()).isEqualTo(Duration.ofMinutes(20));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> deployment.result().get()).isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThat(deployment.result().join().outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void workThatDependsOnTheResultMayRunOnOtherThreadsAndSubmitTheNext() {
    BlueGreenManager manager = built(builder());
    Duration after =
        manager
            .submit(Operation.deploy(V1))
            .result()
            .thenCompose(done -> manager.submit(Operation.deploy(V2)).result())
            .thenApplyAsync(done -> time.elapsed(), work -> new Thread(work).start())
            .join();

    assertThat(after).isEqualTo(time.elapsed()).isGreaterThan(BAKE.multipliedBy(2));
    assertThat(after).isLessThan(BAKE.multipliedBy(3));
  }

  @Test
  void hookThatTheTestLetsGoOnStopsNeitherTheTestNorTheTime() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    BlueGreenManager manager =
        built(builder().hook(Phase.PREPARE, "halt", context -> goOn.await()));
    SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
    assertThat(deployment.phase()).contains(Phase.PREPARE);
    goOn.countDown();
    assertThat(deployment.result().join().outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void testThatWaitsForSomethingElseSeesTheDeploymentGoOn() throws Exception {
    CompletableFuture<Outcome> seen = new CompletableFuture<>();
    built(builder())
        .submit(Operation.deploy(V1))
        .result()
        .thenAccept(done -> seen.complete(done.outcome()));
    assertThat(seen.get(50, TimeUnit.SECONDS)).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void sameTestSeesTheSameEachTime() {
    List<List<String>> runs = new ArrayList<>();
    for (int run = 0; run < 30; run++) {
      SubmitInVirtualTimeTest again = new SubmitInVirtualTimeTest();
      BlueGreenManager manager = again.built(again.builder().seed(7));
      SubmittedDeployment deployment = manager.submit(Operation.deploy(V1));
      again.time.pass(Duration.ofSeconds(3));
      deployment.pause("ann", "");
      again.time.pass(Duration.ofSeconds(30));
      deployment.resume("ann", "");
      again.time.pass(Duration.ofMinutes(3));
      deployment.abort("bob", "");
      deployment.result().join();
      again.close();
      runs.add(
          again.events.events().stream()
              .map(event -> event.at() + " " + event.getClass().getSimpleName())
              .toList());
    }
    assertThat(runs).allMatch(run -> run.equals(runs.get(0)));
    assertThat(runs.get(0)).hasSizeGreaterThan(10);
  }
}
