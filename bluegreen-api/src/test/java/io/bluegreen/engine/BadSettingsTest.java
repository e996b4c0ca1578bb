package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.TimeLimits;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Watch;
import io.bluegreen.gate.CommandGate;
import io.bluegreen.gate.CounterGate;
import io.bluegreen.gate.ProbeGate;
import io.bluegreen.gate.PrometheusGate;
import io.bluegreen.launch.CommandLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A group, a policy or a limit that cannot work is refused where it is set, by its name. */
class BadSettingsTest {
  private static ManagerBuilder complete() {
    return BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(new FakeRouter())
        .store(new InMemoryStateStore())
        .healthCheck(ScriptedHealthCheck.up());
  }

  private static void refused(ThrowingCallable call, String... words) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
  }

  @Test
  void groupWithoutAService() {
    refused(
        () ->
            BlueGreenManager.builder("shop")
                .router(new FakeRouter())
                .store(new InMemoryStateStore())
                .healthCheck(ScriptedHealthCheck.up())
                .build(),
        "group shop",
        "no service");
  }

  @Test
  void fenceThatNoManagerCanGoAbove() {
    TrafficSplit split = new TrafficSplit(Map.of("web", 0));
    refused(() -> RouterTruth.Known.settled(split, 1, Long.MAX_VALUE), "fence", "10^18");
    refused(() -> RouterTruth.Known.settled(split, 1, -1), "fence", "-1");
  }

  @Test
  void twoServicesWithOneName() {
    refused(() -> complete().service(Shop.web("web", 2)).build(), "two services", "web");
  }

  @Test
  void blueAndGreenOnOneEndpoint() {
    refused(
        () -> Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5005"),
        "service web",
        "127.0.0.1:5005",
        "twice");
  }

  @Test
  void twoServicesOnOneEndpoint() {
    refused(
        () ->
            complete()
                .service(
                    Service.named("api").blue("http://127.0.0.1:1101").green("http://127.0.0.1:9"))
                .build(),
        "web",
        "api",
        "127.0.0.1:1101");
  }

  @Test
  void routedServiceWithOneColourOnly() {
    refused(
        () -> complete().service(Service.named("api").blue("http://127.0.0.1:7")).build(),
        "service api",
        "no green endpoint");
  }

  @Test
  void eachLimitIsSetByItsName() {
    TimeLimits limits =
        TimeLimits.DEFAULT
            .launch(Duration.ofSeconds(1))
            .move(Duration.ofSeconds(2))
            .drain(Duration.ofSeconds(3))
            .stopGrace(Duration.ofSeconds(4))
            .hook(Duration.ofSeconds(5))
            .approval(Duration.ofSeconds(6))
            .pause(Duration.ofSeconds(7))
            .lease(Duration.ofSeconds(8))
            .whole(Duration.ofSeconds(9));
    assertThat(limits)
        .hasToString(
            "TimeLimits[launch=PT1S, move=PT2S, drain=PT3S, stopGrace=PT4S, hook=PT5S,"
                + " approval=PT6S, pause=PT7S, lease=PT8S, whole=PT9S]");
  }

  @Test
  void managerWithoutItsParts() {
    refused(
        () -> BlueGreenManager.builder("g").service(Shop.web("web", 1)).build(),
        "no health check",
        "HttpHealthCheck");
    refused(
        () ->
            BlueGreenManager.builder("g")
                .service(Shop.web("web", 1))
                .healthCheck(ScriptedHealthCheck.up())
                .build(),
        "no router");
    refused(
        () ->
            BlueGreenManager.builder("g")
                .service(Shop.web("web", 1))
                .healthCheck(ScriptedHealthCheck.up())
                .router(new FakeRouter())
                .build(),
        "no store",
        "FileStateStore");
  }

  @Test
  void partForAServiceThatIsNotThere() {
    refused(
        () -> complete().healthCheck("api", ScriptedHealthCheck.up()).build(),
        "no service \"api\"",
        "[web]");
    refused(() -> complete().launcher("api", Launcher.external()).build(), "no service \"api\"");
  }

  @Test
  void operationForAServiceThatIsNotThere() {
    refused(
        () -> complete().build().run(Operation.deploy(Release.of("1")).service("api")),
        "no service \"api\"");
  }

  @Test
  void policyWithAGateThatIsNotThere() {
    DeploymentPolicy policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofMinutes(1), Duration.ofSeconds(1), List.of("latency")));
    refused(() -> complete().policy(policy).build(), "gate latency");
  }

  @Test
  void policyWithStepsThatDoNotGrowToAHundred() {
    for (Integer[] steps : new Integer[][] {{}, {50}, {50, 10, 100}, {0, 100}, {10, 101}}) {
      refused(() -> DeploymentPolicy.DEFAULT.shift(Watch.NONE, steps), "steps");
    }
  }

  @Test
  void durationsAndCountsOutOfRange() {
    refused(() -> Probing.DEFAULT.every(Duration.ZERO), "interval");
    refused(() -> Probing.DEFAULT.timeout(Duration.ofSeconds(-1)), "timeout");
    refused(() -> Probing.DEFAULT.passes(0), "passes: expected 1 or more, but was 0");
    refused(() -> Probing.DEFAULT.failures(0), "failures: expected 1 or more, but was 0");
    refused(() -> Probing.DEFAULT.jitter(Double.NaN), "jitter");
    refused(() -> TimeLimits.DEFAULT.move(Duration.ZERO), "move");
    refused(() -> new Watch(Duration.ofSeconds(-1), Duration.ofSeconds(1), List.of()), "duration");
    refused(() -> new TrafficSplit(Map.of("web", 101)), "percent of web");
    refused(() -> Operation.rollback().force(" "), "force");
    refused(() -> Operation.rollback().by("", "why"), "by");
  }

  /**
   * Such a duration would fail only where it is used: a gate's when the traffic has moved, a
   * launch's half-way.
   */
  @Test
  void durationThatIsTooLongToCountWith() {
    Duration forEver = ChronoUnit.FOREVER.getDuration();
    List<String> command = List.of("program", "{color}");
    CommandLauncher launcher = CommandLauncher.of(command, command, command);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> Probing.DEFAULT.timeout(forEver),
            () -> TimeLimits.DEFAULT.drain(forEver),
            () -> new Watch(forEver, Duration.ofSeconds(1), List.of()),
            () -> launcher.startWithin(forEver),
            () -> launcher.stopWithin(forEver),
            () -> launcher.statusWithin(forEver),
            () -> CommandGate.of(command).within(forEver),
            () -> ProbeGate.get("/").within(forEver),
            () -> PrometheusGate.query("http://localhost", "up").atLeast(1).within(forEver),
            () -> CounterGate.errorRate(0.1).window(forEver))) {
      refused(call, "expected at most 365 days, but was ");
    }
    launcher.close();
  }

  @Test
  void durationsThatWereSwapped() {
    Duration seconds = Duration.ofSeconds(15);
    Duration minutes = Duration.ofMinutes(2);
    refused(() -> new Watch(seconds, minutes, List.of()), "duration and every", "15 s", "2 min");
    refused(() -> new Watch(seconds, minutes, List.of("errors")), "duration and every");
    refused(() -> Probing.DEFAULT.every(minutes), "interval and deadline", "2 min", "30 s");
  }

  @Test
  void nullIsRefusedWhereItIsGivenAndByItsName() {
    assertThatThrownBy(() -> complete().policy(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("policy");
  }

  @Test
  void hookInAPhaseWithoutHooks() {
    refused(() -> complete().hook(Phase.SHIFT, "h", context -> {}), "phase", "SHIFT");
  }
}
