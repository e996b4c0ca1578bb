package io.bluegreen.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficEvent;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficMeter.Count;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole deployments, gradual, with a thousand requests in each second of virtual time. */
class WatchedTrafficTest {
  private static final Duration FAST = Duration.ofMillis(40);

  private final VirtualTime time = new VirtualTime();
  private final FakeRouter router = new FakeRouter(time);
  private final EventRecorder events = new EventRecorder();
  private final FakeLauncher launcher = new FakeLauncher(time);
  private final InMemoryStateStore store = new InMemoryStateStore(time);
  private final Map<String, Gate> gates = new TreeMap<>();

  static Stream<Arguments> errorGates() {
    return Stream.of(
        arguments("counter", CounterGate.errorRate(0.03)),
        arguments("comparison", ComparisonGate.errors()),
        arguments("both", ComparisonGate.errorsAndLatency()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errorGates")
  void candidateThatAnswersErrorsFromTheSecondStepOnIsRolledBack(String name, Gate gate) {
    gates.put(name, gate);
    DeploymentResult result = deploy(new Users(25, 20, FAST));
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("gate " + name + " failed").contains("62 of 1250");
    assertThat(share()).isZero();
    assertThat(greatestShare()).as("percent that saw it").isEqualTo(25);
  }

  static Stream<Arguments> latencyGates() {
    return Stream.of(
        arguments("p95", CounterGate.p95(Duration.ofSeconds(5))),
        arguments("mean", CounterGate.mean(Duration.ofSeconds(5))),
        arguments("comparison", ComparisonGate.latency()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("latencyGates")
  void candidateThatIsSlowFromTheSecondStepOnIsRolledBack(String name, Gate gate) {
    gates.put(name, gate);
    DeploymentResult result = deploy(new Users(25, 0, Duration.ofSeconds(6)));
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("gate " + name + " failed");
    assertThat(share()).isZero();
    assertThat(greatestShare()).isEqualTo(25);
  }

  @Test
  void candidateThatIsAsGoodAsTheLiveOneIsPromotedByAllGates() {
    Stream.concat(errorGates(), latencyGates())
        .forEach(each -> gates.put((String) each.get()[0], (Gate) each.get()[1]));
    DeploymentResult result = deploy(new Users(101, 0, FAST));
    assertThat(result.outcome()).as(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(share()).isEqualTo(100);
    assertThat(events.events(TrafficEvent.GateJudged.class))
        .allSatisfy(event -> assertThat(event.verdict().reason()).isNotEmpty())
        .anySatisfy(event -> assertThat(event.verdict().figures()).containsKey("web/green"));
  }

  static Stream<Arguments> wrongMeters() {
    return Stream.of(
        wrong("throws", right -> () -> failure()),
        wrong("answers null", right -> () -> null),
        wrong("knows no slot", right -> () -> new TrafficMeter.Reading(Instant.EPOCH, Map.of())),
        wrong("counts nothing", right -> counting(right, count -> Count.ZERO)),
        wrong(
            "has more errors than requests",
            right -> counting(right, c -> Count.of(c.requests(), 0, c.requests() + 1))),
        wrong("is negative", right -> counting(right, c -> Count.of(-c.requests(), 0, 0))),
        wrong(
            "runs backwards",
            right -> counting(right, c -> Count.of(1_000_000_000 - c.requests(), 0, 0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongMeters")
  void meterThatIsWrongNeverPromotesAndNeverThrows(String what, UnaryOperator<TrafficMeter> wrong) {
    assertThat(deployWith(wrong)).isNotEmpty();
  }

  @Test
  void meterThatHangsNeverPromotesAndNeverThrows() {
    List<Verdict> verdicts =
        deployWith(
            right ->
                () -> {
                  time.hang();
                  return right.read();
                });
    assertThat(verdicts)
        .allSatisfy(verdict -> assertThat(verdict.reason()).contains("no answer within 5 s"));
  }

  /** Deploys with a wrong meter, and returns what the gates said. */
  private List<Verdict> deployWith(UnaryOperator<TrafficMeter> wrong) {
    gates.put("counter", CounterGate.errorRate(1));
    gates.put("comparison", ComparisonGate.errors());
    Users users = new Users(101, 0, FAST);
    users.meter = right -> wrongFromItsSecondReadingOn(right, wrong.apply(right));

    DeploymentResult result = deploy(users);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("gave no verdict in time: last: ");
    List<Verdict> verdicts =
        events.events(TrafficEvent.GateJudged.class).stream()
            .map(TrafficEvent.GateJudged::verdict)
            .toList();
    assertThat(verdicts)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.kind()).isEqualTo(Verdict.Kind.INCONCLUSIVE);
              assertThat(verdict.reason()).isNotEmpty();
            });
    Verdict last = verdicts.get(verdicts.size() - 1);
    assertThat(result.reason()).contains("counter " + last);
    return verdicts;
  }

  @Test
  void counterThatIsResetOnceCostsTimeAndNotTheDeployment() {
    gates.put("counter", CounterGate.errorRate(0.03));
    gates.put("comparison", ComparisonGate.errors());
    Users users = new Users(101, 0, FAST);
    time.after(Duration.ofSeconds(50), users::forget);
    assertThat(deploy(users).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(events.events(TrafficEvent.GateJudged.class))
        .anySatisfy(event -> assertThat(event.verdict().reason()).contains("ran backwards"));
  }

  private static Arguments wrong(String what, UnaryOperator<TrafficMeter> meter) {
    return arguments(what, meter);
  }

  private static TrafficMeter.Reading failure() {
    throw new IllegalStateException("no counters");
  }

  private static TrafficMeter counting(TrafficMeter right, UnaryOperator<Count> wrong) {
    return () -> {
      TrafficMeter.Reading reading = right.read();
      Map<Slot, Count> counts = new HashMap<>();
      reading.slots().forEach((slot, count) -> counts.put(slot, wrong.apply(count)));
      return new TrafficMeter.Reading(reading.at(), counts);
    };
  }

  private DeploymentResult deploy(Users users) {
    switchTo(DeploymentPolicy.DEFAULT, Release.of("1")).orThrow();
    switchTo(DeploymentPolicy.DEFAULT, Release.of("2")).orThrow();
    users.come();
    List<String> ofBake =
        gates.entrySet().stream()
            .filter(gate -> !gate.getValue().comparesWithLive())
            .map(Map.Entry::getKey)
            .toList();
    Watch hold =
        new Watch(Duration.ofSeconds(30), Duration.ofSeconds(5), List.copyOf(gates.keySet()));
    Watch bake = new Watch(Duration.ofMinutes(5), Duration.ofMinutes(1), ofBake);
    return switchTo(
        DeploymentPolicy.DEFAULT.shift(hold, 10, 25, 50, 75, 100).bake(bake), Release.of("3"));
  }

  private DeploymentResult switchTo(DeploymentPolicy policy, Release release) {
    ManagerBuilder builder =
        BlueGreenManager.builder("shop")
            .service(
                Service.named("web")
                    .blue("http://127.0.0.1:1101")
                    .green("http://127.0.0.1:1102")
                    .frontDoor("http://127.0.0.1:1100"))
            .router(router)
            .launcher(launcher)
            .healthCheck(ScriptedHealthCheck.up())
            .store(store)
            .policy(policy)
            .listener(events)
            .time(time);
    if (!policy.hold().gates().isEmpty()) {
      gates.forEach(builder::gate);
    }
    return builder.build().deployNewVersion(release);
  }

  /** A meter that is wrong at once would be refused before anything is touched. */
  private static TrafficMeter wrongFromItsSecondReadingOn(TrafficMeter right, TrafficMeter wrong) {
    AtomicBoolean read = new AtomicBoolean();
    return () -> read.getAndSet(true) ? wrong.read() : right.read();
  }

  /** Percent of requests that the candidate, green, gets now. */
  private int share() {
    return ((RouterTruth.Known) router.current()).running().share("web", Color.GREEN);
  }

  /** Percent of the requests that the third deployment dared to send. */
  private int greatestShare() {
    return router.applied().stream()
        .skip(2)
        .mapToInt(change -> change.to().share("web", Color.GREEN))
        .max()
        .orElse(0);
  }

  /**
   * Users that ask a thousand times a second; from a given share on the candidate serves them
   * badly.
   */
  private final class Users {
    private final int badFrom;
    private final int errorInEvery;
    private final Duration slow;
    private final Map<Color, long[]> counts = new EnumMap<>(Color.class);
    private final Map<Color, LatencyHistogram.Recorder> times = new EnumMap<>(Color.class);
    private UnaryOperator<TrafficMeter> meter = UnaryOperator.identity();

    Users(int badFrom, int errorInEvery, Duration slow) {
      this.badFrom = badFrom;
      this.errorInEvery = errorInEvery;
      this.slow = slow;
      forget();
    }

    void come() {
      TrafficMeter right = router.meter().orElseThrow();
      router.meteredBy(meter.apply(right));
      second();
    }

    private void forget() {
      for (Color color : Color.values()) {
        counts.put(color, new long[2]);
        times.put(color, new LatencyHistogram.Recorder());
      }
    }

    private void second() {
      int share = share();
      boolean bad = share >= badFrom;
      for (int i = 0; i < 1000; i++) {
        Color color = router.request("web");
        boolean sick = bad && color == Color.GREEN;
        long[] count = counts.get(color);
        count[0]++;
        count[1] += sick && errorInEvery > 0 && count[0] % errorInEvery == 0 ? 1 : 0;
        times.get(color).add(sick ? slow : FAST);
      }
      counts.forEach(
          (color, count) ->
              router.counted(
                  "web",
                  color,
                  Count.of(count[0], 0, count[1]).with(times.get(color).latencies())));
      time.after(Duration.ofSeconds(1), this::second);
    }
  }
}
