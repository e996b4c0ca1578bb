package io.bluegreen.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Group;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.examples.demo.MoodyApplication.Mood;
import io.bluegreen.gate.ComparisonGate;
import io.bluegreen.gate.CounterGate;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.store.FileStateStore;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradual deployments in front of users, on real proxies: green is live, and the candidate on blue
 * is good at 20 % and turns at 25 %; the numbers of a policy are scaled down, so that a hold lasts
 * as long as it takes to answer 300 requests.
 */
@Tag("long")
class WatchedLoadTest {
  private static final Watch WATCH =
      new Watch(Duration.ofMillis(300), Duration.ofMillis(100), List.of())
          .untilRequests(300, Duration.ofSeconds(60));

  /** Turns the candidate where a hold begins; so it stands before what judges it. */
  private static final String TURN = "turn";

  private final TimeSource time = TimeSource.system();
  private final RequestJudge ledger = new RequestJudge("web", "v2", time);
  private final Cleanup begun = new Cleanup(e -> System.err.println("while ending: " + e));
  private final MoodyApplication live = begun.add(new MoodyApplication("v1", Color.GREEN));
  private final MoodyApplication candidate = begun.add(new MoodyApplication("v2", Color.BLUE));
  private DemoDirectory workplace;
  private Group group;
  private int greatestShare;

  @BeforeEach
  void start() throws Exception {
    workplace = begun.add(new DemoDirectory());
    group =
        new Group(
            "shop",
            List.of(
                Service.named("web")
                    .blue(candidate.address())
                    .green(live.address())
                    .frontDoor("http://127.0.0.1:" + DemoDirectory.freePorts(1).get(0))));
  }

  @AfterEach
  void end() {
    begun.close();
    time.close();
    assertThat(begun.complete()).isTrue();
  }

  static Stream<Arguments> judges() {
    List<Arguments> judges = new ArrayList<>();
    for (RouterKind router : RouterKind.values()) {
      judges.add(arguments(router, Mood.ERRORS, "counter", CounterGate.errorRate(0.03)));
      judges.add(arguments(router, Mood.ERRORS, "comparison", comparison(router, 250)));
      judges.add(arguments(router, Mood.SLOW, "counter", slowness(router)));
      if (router != RouterKind.HAPROXY) {
        judges.add(arguments(router, Mood.SLOW, "comparison", comparison(router, 100)));
      }
    }
    return judges.stream();
  }

  /** HAProxy tells no quantile, only a recent mean, in which good answers are for a while. */
  private static CounterGate slowness(RouterKind router) {
    return router == RouterKind.HAPROXY
        ? CounterGate.mean(Duration.ofMillis(300))
        : CounterGate.p95(Duration.ofMillis(600));
  }

  private static ComparisonGate comparison(RouterKind router, long minimum) {
    return (router == RouterKind.HAPROXY
            ? ComparisonGate.errors()
            : ComparisonGate.errorsAndLatency())
        .minimum(minimum)
        .significance(0.01);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("judges")
  void candidateThatGetsWorseForItsUsersIsRolledBack(
      RouterKind router, Mood mood, String name, Gate judge) throws Exception {
    DeploymentResult result = deploy(router, mood, Map.of(name, judge));

    assertThat(result.outcome()).as(result.reason()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("gate " + name + " failed");
    assertThat(result.serving()).contains(new TrafficSplit(Map.of("web", 100)));
    assertThat(greatestShare).as("percent that met it").isEqualTo(25);
    assertThat(ledger.totals().candidateErrors() > 0).isEqualTo(mood == Mood.ERRORS);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void candidateThatIsAsGoodAsTheLiveOneIsPromoted(RouterKind router) throws Exception {
    Map<String, Gate> judges =
        Map.of(
            "errors", CounterGate.errorRate(0.03),
            "slow", slowness(router),
            "worse", comparison(router, 250));

    DeploymentResult result = deploy(router, Mood.GOOD, judges);

    assertThat(result.outcome()).as(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.serving()).contains(new TrafficSplit(Map.of("web", 0)));
    assertThat(ledger.totals().versions()).containsKeys("v1", "v2");
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void gateThatTheProxyCanNotFeedIsRefusedWhenTheManagerIsBuilt(RouterKind kind) throws Exception {
    DemoProxy proxy = begun.add(kind.proxy(Optional.empty(), time));
    ManagerBuilder builder = builder(proxy).gate("p95", CounterGate.p95(Duration.ofSeconds(5)));
    if (kind == RouterKind.HAPROXY) {
      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessageContaining("gate p95")
          .withMessageContaining(Measure.LATENCY_DISTRIBUTION.toString());
    } else {
      builder.build().close();
    }
  }

  /** Deploys version 2 while users are there; nothing of what they ask is lost or misrouted. */
  private DeploymentResult deploy(RouterKind kind, Mood mood, Map<String, Gate> judges)
      throws Exception {
    DemoProxy proxy = begun.add(kind.proxy(Optional.empty(), time));
    ManagerBuilder builder = builder(proxy).gate(TURN, context -> turn(context, mood));
    judges.forEach(builder::gate);
    BlueGreenManager manager = begun.add(builder.build());
    DeploymentPolicy quick =
        accepting(proxy)
            .probing(Probing.DEFAULT.every(Duration.ofMillis(100)))
            .drain(Duration.ofSeconds(2));
    manager.run(Operation.deploy(Release.of("v1")).policy(quick)).orThrow();
    DemoUsers users = begun.add(users());
    DeploymentResult result =
        manager.run(
            Operation.deploy(Release.of("v2"))
                .policy(
                    quick.shift(asking(judges, true), 20, 25, 100).bake(asking(judges, false))));
    long then = ledger.totals().requests();
    await().until(() -> ledger.totals().requests() > then + 200);
    users.close();
    assertThat(ledger.totals().failed()).as(ledger.totals()::toString).isZero();
    assertThat(ledger.totals().stale()).as(ledger.totals()::toString).isZero();
    return result;
  }

  private ManagerBuilder builder(DemoProxy proxy) throws Exception {
    return BlueGreenManager.builder("shop")
        .service(group.service("web"))
        .router(new ObservedRouter(proxy.start(group, workplace.directory("proxy")), ledger, time))
        .healthCheck(HttpHealthCheck.get("/health"))
        .store(FileStateStore.in(workplace.directory("state")));
  }

  private static DeploymentPolicy accepting(DemoProxy proxy) {
    DeploymentPolicy policy = DeploymentPolicy.DEFAULT;
    for (RouterGuarantee guarantee : proxy.lacks()) {
      policy = policy.acceptWithout(guarantee);
    }
    return policy;
  }

  private DemoUsers users() {
    URI door = group.service("web").frontDoor().orElseThrow();
    return new DemoUsers(
        new InetSocketAddress(door.getHost(), door.getPort()), ConnectionHabit.KEEPS, ledger, time);
  }

  private Verdict turn(Gate.Context context, Mood mood) {
    int share = context.split().share("web", Color.BLUE);
    greatestShare = Math.max(greatestShare, share);
    if (share >= 25) {
      candidate.becomes(mood);
    }
    return Verdict.passed("turned");
  }

  private static Watch asking(Map<String, Gate> judges, boolean liveHasTraffic) {
    List<String> names = new ArrayList<>(List.of(TURN));
    new TreeMap<>(judges)
        .forEach(
            (name, judge) -> {
              if (liveHasTraffic || !judge.comparesWithLive()) {
                names.add(name);
              }
            });
    return new Watch(WATCH.duration(), WATCH.every(), names)
        .untilRequests(WATCH.requests(), WATCH.longest());
  }
}
