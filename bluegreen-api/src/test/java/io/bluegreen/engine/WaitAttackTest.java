package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Outcome;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.TimeLimits;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Watch;
import io.bluegreen.testing.contract.ForwardingStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what people, clocks and stores may do while a deployment waits. */
class WaitAttackTest {
  private static final Watch HALF_A_MINUTE =
      new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of());
  private static final DeploymentPolicy ASKING =
      DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL);

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  private RunningDeployment waiting() {
    return shop.builder().store(shop.store.another()).build().running().orElseThrow();
  }

  private static DeploymentPolicy approval(DeploymentPolicy policy, long millis) {
    return policy.limits(TimeLimits.DEFAULT.approval(Duration.ofMillis(millis)));
  }

  /** Returns a manager that acts this long after its deployment has started to wait. */
  private BlueGreenManager after(Duration delay, Runnable action) {
    return shop.builder()
        .listener(
            event -> {
              if (event instanceof TrafficEvent.Waiting) {
                shop.time.after(delay, action);
              }
            })
        .build();
  }

  @Test
  void approvalInTheLastPartOfASecondCounts() {
    shop.policy = approval(ASKING, 10_500);

    DeploymentResult result =
        after(Duration.ofMillis(10_200), () -> waiting().approve("ann", "go")).deployNewVersion(V2);

    assertThat(result.outcome()).describedAs(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.manager().history().get(0).approval()).hasValue("ann (go)");
  }

  @Test
  void abortInTheLastPartOfASecondMovesNoTraffic() {
    shop.policy = approval(ASKING.with(Option.PROMOTE_UNLESS_ABORTED), 10_500);

    DeploymentResult result =
        after(Duration.ofMillis(10_200), () -> waiting().abort("ann", "no")).deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(shop.router.applied()).hasSize(1);
  }

  @Test
  void resumptionInTheLastPartOfASecondCounts() {
    shop.policy =
        DeploymentPolicy.DEFAULT
            .shift(HALF_A_MINUTE, 10, 100)
            .limits(TimeLimits.DEFAULT.pause(Duration.ofMillis(100_500)));
    Duration began = shop.time.elapsed();
    shop.time.after(Duration.ofSeconds(5), () -> waiting().pause("ann", "lunch"));
    shop.time.after(Duration.ofMillis(105_300), () -> waiting().resume("ann", "back"));

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began)).isGreaterThan(Duration.ofSeconds(105));
  }

  @Test
  void candidateIsNotPromotedUnlessAbortedWhereAbortsCanNotBeHeard() {
    shop.policy = approval(ASKING.with(Option.PROMOTE_UNLESS_ABORTED), 60_000);
    AtomicBoolean unreadable = new AtomicBoolean();
    StateStore deaf =
        new ForwardingStore(shop.store) {
          @Override
          public List<Signal> signals(String deploymentId) {
            if (unreadable.get()) {
              throw new StoreException("unreadable, as told");
            }
            return super.signals(deploymentId);
          }
        };
    BlueGreenManager manager =
        shop.builder()
            .store(deaf)
            .listener(
                event -> unreadable.compareAndSet(false, event instanceof TrafficEvent.Waiting))
            .build();
    shop.time.after(Duration.ofSeconds(30), () -> waiting().abort("ann", "no"));

    DeploymentResult result = manager.deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.reason()).contains("can't be read");
    assertThat(shop.router.applied()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {-40, -1, 1, 40})
  void clockThatJumpsChangesNoHold(long hours) {
    shop.policy =
        DeploymentPolicy.DEFAULT
            .shift(HALF_A_MINUTE, 10, 50, 100)
            .bake(HALF_A_MINUTE)
            .with(Option.ASK_FOR_APPROVAL);
    Duration began = shop.time.elapsed();
    BlueGreenManager manager =
        shop.builder()
            .listener(
                event -> {
                  if (event instanceof TrafficEvent.Waiting) {
                    shop.time.after(
                        Duration.ofMillis(500), () -> shop.time.jump(Duration.ofHours(hours)));
                  }
                })
            .build();
    shop.time.after(Duration.ofMinutes(30), () -> waiting().approve("ann", "go"));

    DeploymentResult result = manager.deployNewVersion(V2);

    assertThat(result.outcome()).describedAs(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began))
        .isBetween(Duration.ofSeconds(30 * 60 + 90), Duration.ofSeconds(30 * 60 + 110));
  }

  @Test
  @Timeout(30)
  void managerThatIsClosedWhileItGetsTheLeaseIsClosedToTheEnd() {
    AtomicReference<EngineThreads> threads = new AtomicReference<>();
    StateStore closing =
        new ForwardingStore(shop.store) {
          @Override
          public Acquired acquire(LeaseOwner owner) {
            threads.get().close("once", () -> {});
            return super.acquire(owner);
          }
        };
    ManagerSetup setup =
        new ManagerSetup(
            new Group("shop", shop.services),
            shop.router,
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            closing,
            Listeners.none(shop.time),
            DeploymentPolicy.DEFAULT,
            shop.time,
            new Random(1));
    threads.set(new EngineThreads(setup));
    LeasedWork leased = new LeasedWork(setup, threads.get());
    Interventions interventions = new Interventions(setup, "d", EventReporter.silent(setup, "d"));

    assertThatThrownBy(
            () ->
                leased.run(
                    leased.task(
                        "d",
                        interventions,
                        () -> {},
                        holder -> Duration.ZERO,
                        journal -> true,
                        (done, untold) -> done)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");

    AtomicBoolean rest = new AtomicBoolean();
    threads.get().close("twice", () -> rest.set(true));
    assertThat(rest).isTrue();
    assertThat(shop.store.holder()).isEmpty();
  }
}
