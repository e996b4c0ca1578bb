package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.RunningDeployment;
import io.bluegreen.StateStore;
import io.bluegreen.TimeLimits;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficEvent;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.support.Durations;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Watching the candidate, and what follows from what is seen. */
class WatchTest {
  private static final Verdict PASSED = Verdict.passed("fine");
  private static final Verdict FAILED = Verdict.failed("5 % errors");

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  private static Watch watch(String... gates) {
    return new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of(gates));
  }

  private DeploymentResult deployWithVerdicts(Watch bake, Verdict... verdicts) {
    shop.policy = DeploymentPolicy.DEFAULT.bake(bake);
    Iterator<Verdict> script = Arrays.asList(verdicts).iterator();
    return shop.builder()
        .gate("g", context -> !context.held().isZero() && script.hasNext() ? script.next() : PASSED)
        .build()
        .deployNewVersion(V2);
  }

  @Test
  void failuresBelowThePolicysNumberInARowDoNotDecide() {
    Watch patient = watch("g").failuresInARow(3);

    assertThat(deployWithVerdicts(patient, FAILED, FAILED, PASSED, FAILED, FAILED).outcome())
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void asManyFailuresInARowAsThePolicySaysDecide() {
    DeploymentResult result =
        deployWithVerdicts(watch("g").failuresInARow(3), PASSED, FAILED, FAILED, FAILED);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 times in a row").contains("5 % errors");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void asManyFailuresInAllAsThePolicySaysDecide() {
    DeploymentResult result =
        deployWithVerdicts(
            watch("g").failuresInARow(3).failuresInAll(3), FAILED, PASSED, FAILED, PASSED, FAILED);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 times in all");
  }

  @Test
  void whatTheGatesSaidLastIsTheReasonAtTheDeadline() {
    Verdict few = new Verdict(Verdict.Kind.INCONCLUSIVE, "too few", Map.of("requests", "12 of 50"));
    shop.policy = DeploymentPolicy.DEFAULT.bake(watch("g", "good", "broken"));

    DeploymentResult result =
        shop.builder()
            .gate("g", context -> few)
            .gate("good", context -> PASSED)
            .gate("broken", context -> null)
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason())
        .contains(
            "gave no verdict in time: last: g INCONCLUSIVE: too few {requests=12 of 50}; "
                + "broken INCONCLUSIVE: the gate answered null")
        .doesNotContain("good PASSED");
  }

  @Test
  void eachHoldShowsItsGatesWhereItBeginsAndThatIsNoVerdict() {
    shop.policy = DeploymentPolicy.DEFAULT.shift(watch("g"), 10, 100).bake(watch("g"));
    List<String> asked = new ArrayList<>();

    DeploymentResult result =
        shop.builder()
            .gate(
                "g",
                context -> {
                  asked.add(context.phase() + " " + context.held().toSeconds());
                  return context.held().isZero() ? FAILED : PASSED;
                })
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(asked)
        .containsExactly(
            "SHIFT 0",
            "SHIFT 10",
            "SHIFT 20",
            "SHIFT 30",
            "SHIFT 40",
            "SHIFT 50",
            "SHIFT 60",
            "BAKE 0",
            "BAKE 10",
            "BAKE 20",
            "BAKE 30",
            "BAKE 40",
            "BAKE 50",
            "BAKE 60");
    assertThat(shop.events.events(TrafficEvent.GateJudged.class)).hasSize(12);
  }

  @Test
  void gateThatTakesItsTimeIsAskedAsOftenAsAnyOther() {
    shop.policy = DeploymentPolicy.DEFAULT.bake(watch("g"));
    List<Long> asked = new ArrayList<>();

    shop.builder()
        .gate(
            "g",
            context -> {
              asked.add(context.held().toSeconds());
              shop.time.sleep(Duration.ofSeconds(4));
              return PASSED;
            })
        .build()
        .deployNewVersion(V2)
        .orThrow();

    assertThat(asked).containsExactly(0L, 10L, 20L, 30L, 40L, 50L, 60L);
  }

  static Stream<Gate> uselessGates() {
    return Stream.of(
        context -> FAILED,
        context -> Verdict.inconclusive("no data"),
        context -> null,
        context -> {
          throw new IllegalStateException("broken");
        },
        context -> {
          throw new StackOverflowError();
        });
  }

  @ParameterizedTest
  @MethodSource("uselessGates")
  void gateThatDoesNotDecideIsToldAndHoldsNothing(Gate useless) {
    assertThat(deployWithWarning(useless).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.events.events(TrafficEvent.GateJudged.class))
        .hasSize(6)
        .noneMatch(judged -> judged.verdict().kind() == Verdict.Kind.PASSED);
  }

  @Test
  void gateThatDoesNotDecideHoldsNothingWhereItHangs() {
    DeploymentResult result =
        deployWithWarning(
            context -> {
              shop.time.hang();
              return PASSED;
            });
    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.events.events(TrafficEvent.GateJudged.class))
        .hasSize(6)
        .allMatch(judged -> judged.verdict().reason().contains("no answer within"));
  }

  private DeploymentResult deployWithWarning(Gate asked) {
    shop.policy = DeploymentPolicy.DEFAULT.bake(watch("warning"));
    return shop.builder()
        .gate(
            "warning",
            new Gate() {
              @Override
              public boolean decides() {
                return false;
              }

              @Override
              public Verdict judge(Context context) throws Exception {
                return asked.judge(context);
              }
            })
        .build()
        .deployNewVersion(V2);
  }

  @Test
  void holdEndsWhenEnoughRequestsWereSeen() {
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(10), Duration.ofSeconds(5), List.of())
                .untilRequests(100, Duration.ofMinutes(10)),
            10,
            100);
    shop.time.after(Duration.ofMinutes(1), () -> answered(99));
    shop.time.after(Duration.ofMinutes(3), () -> answered(100));
    Duration began = shop.time.elapsed();

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began))
        .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4));
  }

  @Test
  void tooFewRequestsWithinTheLongestTimeAreNoPass() {
    shop.policy =
        DeploymentPolicy.DEFAULT.shift(
            new Watch(Duration.ofSeconds(10), Duration.ofSeconds(5), List.of())
                .untilRequests(100, Duration.ofMinutes(2)),
            10,
            100);

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("fewer than 100 requests");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  private void answered(long requests) {
    shop.router.counted(
        "web", BLUE, new TrafficMeter.Count(requests, 0, 0, Optional.empty(), Optional.empty()));
  }

  @Test
  void candidateThatTurnsBadIsOffTheTrafficWithinTheBoundThatThePlanTells() {
    Watch bake = new Watch(Duration.ofMinutes(30), Duration.ofSeconds(20), List.of());
    for (Duration bad = Duration.ofSeconds(60);
        bad.compareTo(Duration.ofSeconds(100)) < 0;
        bad = bad.plusSeconds(3)) {
      Shop fresh = Shop.web();
      fresh.deploy(V1);
      fresh.policy = DeploymentPolicy.DEFAULT.bake(bake);
      Duration bound =
          HoldStep.detection(bake, fresh.policy.probing(), fresh.policy.limits()).orElseThrow();
      ScriptedHealthCheck health = ScriptedHealthCheck.up();
      fresh.health = health;
      Duration turned = fresh.time.elapsed().plus(bad);
      fresh.time.at(turned, () -> health.on("web", BLUE, ScriptedHealthCheck.hang()));
      List<Duration> moved = new ArrayList<>();
      BlueGreenManager manager =
          fresh
              .builder()
              .listener(
                  event -> {
                    if (event instanceof TrafficEvent.TrafficMoved) {
                      moved.add(fresh.time.elapsed());
                    }
                  })
              .build();
      assertThat(manager.plan(Operation.deploy(V2)).describe())
          .contains("within " + Durations.describe(bound));

      assertThat(manager.deployNewVersion(V2).outcome()).isEqualTo(Outcome.ROLLED_BACK);

      assertThat(moved).hasSize(2);
      assertThat(moved.get(1).minus(turned)).isPositive().isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void sickColourToGoBackToIsKnownBeforeItIsNeeded() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(5), Duration.ofMinutes(1), List.of()));
    shop.time.after(Duration.ofMinutes(2), () -> shop.launcher.exit("web", GREEN, "killed"));

    DeploymentResult result = shop.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings()).anyMatch(warning -> warning.contains("colour to go back to"));
  }

  /** Told often, because the first time is the JVM's; how long the quickest took is printed. */
  @Test
  void failureInTheTwentyNinthMinuteOfABakeAfterFiveStepsTellsExactlyWhatHappened() {
    List<String> expected = new ArrayList<>(List.of("Started", "PhaseEntered", "Launched"));
    expected.addAll(List.of("PhaseEntered", "Probed", "Probed", "PhaseEntered"));
    for (int step = 0; step < 4; step++) {
      expected.addAll(List.of("TrafficMoved", "Waiting", "Probed", "GateJudged"));
    }
    expected.addAll(List.of("TrafficMoved", "PhaseEntered", "Probed", "Probed", "PhaseEntered"));
    for (int minute = 1; minute <= 29; minute++) {
      expected.addAll(List.of("Waiting", "Probed", "GateJudged"));
    }
    expected.addAll(List.of("UndoStarted", "TrafficMoved", "Drained", "Stopped", "Ended"));
    assertThat(Collections.frequency(expected, "TrafficMoved")).isEqualTo(6);
    Duration quickest = Duration.ofDays(1);
    for (int i = 0; i < 30; i++) {
      Shop fresh = Shop.web();
      fresh.deploy(V1).orThrow();
      List<String> told = new ArrayList<>();
      long began = System.nanoTime();
      DeploymentResult result = failInTheTwentyNinthMinute(fresh, told);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
      assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(told.stream().filter(kind -> !kind.equals("Warned"))).isEqualTo(expected);
    }
    System.out.printf("29 minutes of a bake took %.1f ms%n", quickest.toNanos() / 1e6);
  }

  private static DeploymentResult failInTheTwentyNinthMinute(Shop fresh, List<String> told) {
    fresh.policy =
        DeploymentPolicy.DEFAULT
            .probing(Probing.DEFAULT.jitter(0))
            .shift(new Watch(Duration.ofSeconds(30), Duration.ofSeconds(30), List.of("errors")))
            .bake(new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of("errors")));
    return fresh
        .builder()
        .gate(
            "errors",
            context -> context.held().compareTo(Duration.ofMinutes(29)) >= 0 ? FAILED : PASSED)
        .listener(event -> told.add(event.getClass().getSimpleName()))
        .build()
        .deployNewVersion(V2);
  }

  @Test
  void hookThatIsAPointOfNoReturnTurnsGoingBackIntoFreezing() {
    shop.policy =
        DeploymentPolicy.DEFAULT
            .noReturnBehind("migrate")
            .bake(new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g")));

    DeploymentResult result =
        shop.builder()
            .hook(Phase.VERIFY, "migrate", context -> {})
            .gate("g", context -> FAILED)
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.FROZEN);
    assertThat(result.reason()).contains("point of no return").contains("5 % errors");
    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }

  @Test
  void pointOfNoReturnThatIsNoHookIsRefused() {
    shop.policy = DeploymentPolicy.DEFAULT.noReturnBehind("migrate");

    assertThatThrownBy(shop::manager).hasMessageContaining("no hook migrate");
  }

  @Test
  void deploymentThatNobodyAbortsIsPromotedAfterADelayWhereThePolicySaysSo() {
    shop.policy =
        DeploymentPolicy.DEFAULT
            .with(Option.ASK_FOR_APPROVAL)
            .with(Option.PROMOTE_UNLESS_ABORTED)
            .limits(TimeLimits.DEFAULT.approval(Duration.ofMinutes(10)));
    Duration began = shop.time.elapsed();

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.time.elapsed().minus(began)).isGreaterThan(Duration.ofMinutes(10));
    assertThat(shop.manager().history().get(0).approval().orElseThrow()).contains("nobody");
  }

  @Test
  void approvalFromBeforeItWasAskedForDoesNotCount() {
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL);
    BlueGreenManager operator = shop.builder().store(shop.store.another()).build();
    BlueGreenManager manager =
        shop.builder()
            .hook(
                Phase.PREPARE,
                "hasty",
                context -> operator.running().orElseThrow().approve("ann", "whatever"))
            .build();

    assertThat(manager.deployNewVersion(V2).reason()).contains("nobody approved");
  }

  @Test
  @Timeout(60)
  void newerReleaseSupersedesOneThatBakes() throws Exception {
    InMemoryStateStore store = new InMemoryStateStore(TimeSource.system());
    FakeRouter router = new FakeRouter(TimeSource.system());
    FakeLauncher launcher = new FakeLauncher(TimeSource.system());
    DeploymentPolicy baking =
        DeploymentPolicy.DEFAULT
            .probing(Probing.DEFAULT.every(Duration.ofMillis(10)))
            .bake(new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    try (BlueGreenManager first = realTime(store, router, launcher, baking);
        BlueGreenManager second = realTime(store.another(), router, launcher, baking)) {
      DeploymentPolicy quick = baking.bake(Watch.NONE);
      first.run(Operation.deploy(V1).policy(quick)).orThrow();
      CompletableFuture<DeploymentResult> former =
          CompletableFuture.supplyAsync(() -> first.deployNewVersion(V2));
      Awaitility.await()
          .until(
              () ->
                  second
                      .running()
                      .flatMap(RunningDeployment::phase)
                      .filter(Phase.BAKE::equals)
                      .isPresent());
      assertThatThrownBy(() -> second.run(Operation.deploy(V3).policy(quick)))
          .isInstanceOf(DeploymentInProgressException.class);

      DeploymentResult newer =
          second.run(Operation.deploy(V3).by("ann", "hotfix").policy(quick.with(Option.SUPERSEDE)));

      assertThat(newer.outcome()).isEqualTo(Outcome.PROMOTED);
      DeploymentResult superseded = former.get(30, TimeUnit.SECONDS);
      assertThat(superseded.outcome()).isEqualTo(Outcome.ABORTED);
      assertThat(superseded.reason()).contains("superseded by deploy 3").contains("ann");
    }
  }

  @Test
  void newerReleaseSupersedesOneThatIsSuspended() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(30), Duration.ofMinutes(1), List.of()));
    BlueGreenManager closing = shop.manager();
    shop.time.after(Duration.ofMinutes(3), closing::close);
    assertThat(closing.deployNewVersion(V2).outcome()).isEqualTo(Outcome.SUSPENDED);
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.SUPERSEDE);

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.manager().history().get(1).reason()).contains("superseded by deploy 3");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 3");
  }

  @Test
  @Timeout(60)
  void operationWaitsForTheGroupAsLongAsItsPolicySays() throws Exception {
    InMemoryStateStore store = new InMemoryStateStore(TimeSource.system());
    FakeRouter router = new FakeRouter(TimeSource.system());
    FakeLauncher launcher = new FakeLauncher(TimeSource.system());
    DeploymentPolicy quick =
        DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(10)));
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    CompletableFuture<Boolean> goOn = new CompletableFuture<>();
    try (BlueGreenManager first =
            builder(store, router, launcher, quick)
                .hook(
                    Phase.VERIFY,
                    "slow",
                    context -> {
                      begun.complete(true);
                      goOn.get(30, TimeUnit.SECONDS);
                    })
                .build();
        BlueGreenManager second = realTime(store.another(), router, launcher, quick)) {
      CompletableFuture<DeploymentResult> former =
          CompletableFuture.supplyAsync(() -> first.deployNewVersion(V1));
      begun.get(30, TimeUnit.SECONDS);
      CompletableFuture<DeploymentResult> waiting =
          CompletableFuture.supplyAsync(
              () ->
                  second.run(
                      Operation.deploy(V2)
                          .policy(quick.limits(TimeLimits.DEFAULT.lease(Duration.ofSeconds(30))))));
      goOn.complete(true);

      assertThat(former.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
      assertThat(waiting.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }

  private static ManagerBuilder builder(
      StateStore store, FakeRouter router, FakeLauncher launcher, DeploymentPolicy policy) {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(router)
        .launcher(launcher)
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .policy(policy);
  }

  private static BlueGreenManager realTime(
      StateStore store, FakeRouter router, FakeLauncher launcher, DeploymentPolicy policy) {
    return builder(store, router, launcher, policy).build();
  }
}
