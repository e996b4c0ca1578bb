package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.LeaseOwner;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Signal;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.TimeLimits;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people, clocks, stores and the end of a process may do while a deployment waits. */
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

  /** Runs something so long after the deployment has begun to wait. */
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
  void nobodyIsPromotedUnlessAbortedWhereAbortsCanNotBeHeard() {
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

  /** Each kind of wait, killed in its middle. */
  enum Kind {
    HOLD,
    BAKE,
    APPROVAL,
    PAUSE
  }

  private DeploymentPolicy policy(Kind kind) {
    return switch (kind) {
      case HOLD -> DeploymentPolicy.DEFAULT.shift(HALF_A_MINUTE, 10, 100);
      case BAKE -> DeploymentPolicy.DEFAULT.bake(HALF_A_MINUTE);
      case APPROVAL -> ASKING;
      case PAUSE -> DeploymentPolicy.DEFAULT.shift(HALF_A_MINUTE, 10, 100);
    };
  }

  private void killed(Kind kind) {
    shop.policy = policy(kind);
    Incarnation life = new Incarnation();
    BlueGreenManager doomed = shop.builder(life).build();
    if (kind == Kind.PAUSE) {
      shop.time.after(Duration.ofSeconds(5), () -> waiting().pause("ann", "lunch"));
    }
    shop.time.after(Duration.ofSeconds(20), life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);
  }

  @ParameterizedTest
  @EnumSource
  void waitThatWasKilledTwiceIsCarriedOnByTheThird(Kind kind) {
    killed(kind);
    Incarnation life = new Incarnation();
    shop.time.after(Duration.ofSeconds(7), life::die);
    assertThatThrownBy(() -> shop.builder(life).build().carryOn()).isInstanceOf(Crash.class);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    shop.time.jump(Duration.ofDays(-30));
    shop.time.after(
        Duration.ofMinutes(5),
        () -> {
          if (kind == Kind.APPROVAL) {
            waiting().approve("ann", "go");
          } else if (kind == Kind.PAUSE) {
            waiting().resume("ann", "back");
          }
        });

    DeploymentResult result = shop.manager().carryOn();

    assertThat(result.outcome()).describedAs(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @ParameterizedTest
  @EnumSource
  void waitThatWasKilledIsSupersededByANewerRelease(Kind kind) {
    killed(kind);
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.SUPERSEDE);

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 3");
    assertThat(shop.manager().history().get(1).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void whatIsCarriedOnByAManagerWithoutAHookThatIsStillToRunIsRefusedAtOnce() {
    shop.policy = policy(Kind.BAKE);
    Incarnation life = new Incarnation();
    BlueGreenManager doomed =
        shop.builder(life).hook(Phase.FINISH, "announce", context -> {}).build();
    shop.time.after(Duration.ofSeconds(20), life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);

    assertThatThrownBy(() -> shop.manager().carryOn()).hasMessageContaining("announce");

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
  }

  @Test
  void whatIsCarriedOnByAManagerWithoutAGateIsRefusedAtOnce() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of("g")));
    Incarnation life = new Incarnation();
    BlueGreenManager doomed = shop.builder(life).gate("g", context -> Verdict.passed("")).build();
    shop.time.after(Duration.ofSeconds(20), life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);
    shop.policy = DeploymentPolicy.DEFAULT;

    assertThatThrownBy(() -> shop.manager().carryOn()).hasMessageContaining("the gate g");

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    waiting().abort("ann", "never mind");
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.MOVED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void whatIsCarriedOnThroughARouterThatPromisesLessIsRefusedAtOnce() {
    killed(Kind.HOLD);
    shop.router.without(RouterGuarantee.LOSSLESS);

    assertThatThrownBy(() -> shop.manager().carryOn())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("LOSSLESS");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  @Timeout(30)
  void managerThatIsClosedWhileItGetsTheLeaseClosesToItsEnd() {
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
