package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import io.bluegreen.haproxy.FaultyRelay.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens at a step of a switch, in either mode and under load, ends in the right split. */
@Tag("long")
class SwitchDisturbedTest {
  private static void endsWithoutALostRequest(DisturbedSwitches proxy) throws Exception {
    proxy.load.end();
    assertThat(proxy.load.failed()).isEmpty();
    neverSawTheFormerColour(proxy);
  }

  private static void neverSawTheFormerColour(DisturbedSwitches proxy) throws Exception {
    proxy.load.end();
    // Server mode can't tell former workers, for which it does not promise this.
    if (proxy.mode() == Mode.MAP) {
      assertThat(proxy.load.stale()).isEmpty();
    }
  }

  /** The reload may have read the file before it was replaced: the master tells. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "MAP, before-record", "MAP, after-record", "MAP, after-serve",
    "SERVER, before-record", "SERVER, after-record", "SERVER, after-serve"
  })
  void aReloadThatBeginsAtAStepDoesNotUndoTheSwitch(Mode mode, String step) throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, SwitchUnderLoadTest::slow)) {
      long before = proxy.haproxy().api().info().pid();
      AtomicBoolean once = new AtomicBoolean();
      proxy.load.switching(Color.GREEN);
      proxy.apply(
          Color.GREEN,
          proxy.haproxy().api(),
          at -> {
            if (at.equals(step) && once.compareAndSet(false, true)) {
              proxy.haproxy().reload();
            }
          });
      proxy.load.switched(Color.GREEN);
      Awaitility.await()
          .atMost(RealHaproxy.LONG)
          .until(() -> proxy.haproxy().api().info().pid() != before);
      proxy.isWholly(Color.GREEN);
      endsWithoutALostRequest(proxy);
    }
  }

  @ParameterizedTest(name = "{0}, {1}, master {2}")
  @CsvSource({
    "MAP, before-record, true", "MAP, before-record, false",
    "MAP, after-record, true", "MAP, after-record, false",
    "MAP, after-serve, true", "MAP, after-serve, false",
    "SERVER, before-record, true", "SERVER, before-record, false",
    "SERVER, after-record, true", "SERVER, after-record, false",
    "SERVER, after-serve, true", "SERVER, after-serve, false"
  })
  void aHaproxyThatIsKilledAndStartedColdAtAStepEndsInTheNextSplit(
      Mode mode, String step, boolean master) throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, UnaryOperator.identity())) {
      KillAtStep cold = new KillAtStep(proxy.haproxy(), step, master);
      proxy.load.switching(Color.GREEN);
      proxy.apply(Color.GREEN, proxy.haproxy().api(), cold);
      proxy.load.switched(Color.GREEN);
      assertThat(cold.happened()).isTrue();
      proxy.isWholly(Color.GREEN);
      // Requests fail, for HAProxy was killed; none was sent astray.
      neverSawTheFormerColour(proxy);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "MAP, before-record", "MAP, after-record", "MAP, after-serve",
    "SERVER, before-record", "SERVER, after-record", "SERVER, after-serve"
  })
  void aProcessThatIsDeadAtAStepLeavesOneSplitAndTheNextOneGoesOn(Mode mode, String step)
      throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, UnaryOperator.identity())) {
      Path admin = proxy.haproxy().dir.resolve("admin.sock");
      proxy.load.switching(Color.GREEN);
      Process process = HaltedSwitch.start(proxy, admin, step, Color.GREEN, proxy.next());
      assertThat(process.waitFor())
          .describedAs(() -> proxy.haproxy().read("switch.log"))
          .isEqualTo(HaltedSwitch.HALTED);
      TrafficSplit recorded = proxy.all(step.equals("before-record") ? Color.BLUE : Color.GREEN);
      Known truth = proxy.truth();
      assertThat(truth.running())
          .isEqualTo(proxy.all(step.equals("after-serve") ? Color.GREEN : Color.BLUE));
      assertThat(truth.durable()).isEqualTo(recorded);
      // A reload at this point serves what the file has, whole.
      proxy.haproxy().reloaded();
      assertThat(proxy.truth().running()).isEqualTo(recorded);
      proxy.router.apply(proxy.to(Color.GREEN, DisturbedSwitches.WITHIN));
      proxy.load.switched(Color.GREEN);
      proxy.isWholly(Color.GREEN);
      endsWithoutALostRequest(proxy);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aProcessThatIsKilledAtAnyCommandLeavesASplitThatTheNextOneMakesWhole(Mode mode)
      throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, UnaryOperator.identity());
        FaultyRelay relay = new FaultyRelay(proxy.haproxy().dir.resolve("admin.sock"), false)) {
      Color live = switched(proxy, relay);
      int commands = relay.heal();
      assertThat(commands).isGreaterThan(7);
      for (int at = 0; at < commands; at++) {
        Color next = live.other();
        proxy.load.switching(next);
        relay.plan(new Fault(at, true, true, -1));
        Process process = HaltedSwitch.start(proxy, relay.path(), "never", next, proxy.next());
        Awaitility.await()
            .atMost(RealHaproxy.LONG)
            .until(() -> relay.hasStruck() || !process.isAlive());
        process.destroyForcibly().waitFor();
        assertThat(relay.hasStruck())
            .describedAs(() -> proxy.haproxy().read("switch.log"))
            .isTrue();
        relay.heal();
        Known truth = proxy.truth();
        List<TrafficSplit> either = List.of(proxy.all(live), proxy.all(next));
        assertThat(truth.durable()).describedAs("command " + at).isIn(either);
        if (mode == Mode.MAP) {
          assertThat(truth.running()).describedAs("command " + at).isIn(either);
        }
        if (at % 3 == 0) {
          proxy.haproxy().reloaded();
          assertThat(proxy.truth().running()).isEqualTo(truth.durable());
        }
        proxy.router.apply(proxy.to(next, DisturbedSwitches.WITHIN));
        proxy.load.switched(next);
        proxy.isWholly(next);
        live = next;
      }
      endsWithoutALostRequest(proxy);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aThreadThatIsInterruptedAtAnyCommandSaysWhatItLeaves(Mode mode) throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, UnaryOperator.identity());
        FaultyRelay relay = new FaultyRelay(proxy.haproxy().dir.resolve("admin.sock"), false)) {
      Color live = switched(proxy, relay);
      int commands = relay.heal();
      for (int at = 0; at < commands; at++) {
        Color next = live.other();
        proxy.load.switching(next);
        relay.plan(new Fault(at, false, true, -1));
        AtomicReference<RouterException> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread thread =
            new Thread(
                () -> {
                  thrown.set(
                      catchThrowableOfType(
                          RouterException.class,
                          () -> proxy.apply(next, RuntimeApi.unix(relay.path()), step -> {})));
                  flag.set(Thread.currentThread().isInterrupted());
                });
        thread.start();
        Awaitility.await().atMost(RealHaproxy.LONG).until(relay::hasStruck);
        thread.interrupt();
        thread.join(RealHaproxy.LONG.toMillis());
        relay.heal();
        assertThat(flag).describedAs("command " + at).isTrue();
        Known truth = proxy.truth();
        Effect said = thrown.get().effect();
        if (said != Effect.UNKNOWN) {
          assertThat(truth.running())
              .describedAs("command " + at)
              .isEqualTo(proxy.all(said == Effect.CHANGED ? next : live));
        }
        proxy.router.apply(proxy.to(next, DisturbedSwitches.WITHIN));
        proxy.load.switched(next);
        proxy.isWholly(next);
        live = next;
      }
      endsWithoutALostRequest(proxy);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aMasterThatIsSlowToAnswerIsWaitedForWithinTheLimitAndNoLonger(Mode mode) throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, UnaryOperator.identity())) {
      proxy.haproxy().signalMaster("-STOP");
      Switch tooShort = proxy.to(Color.GREEN, Duration.ofMillis(600));
      RouterException e =
          catchThrowableOfType(RouterException.class, () -> proxy.router.apply(tooShort));
      assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
      assertThat(e).hasMessageContaining("master.sock");
      proxy.load.switching(Color.GREEN);
      CompletableFuture<Void> awake =
          CompletableFuture.runAsync(
              () -> proxy.haproxy().signalMaster("-CONT"),
              CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS));
      proxy.router.apply(proxy.to(Color.GREEN, DisturbedSwitches.WITHIN));
      proxy.load.switched(Color.GREEN);
      awake.get();
      proxy.isWholly(Color.GREEN);
      endsWithoutALostRequest(proxy);
    }
  }

  /** Makes one switch by the relay, which counts its commands. */
  private static Color switched(DisturbedSwitches proxy, FaultyRelay relay) {
    relay.heal();
    proxy.load.switching(Color.GREEN);
    proxy.apply(Color.GREEN, RuntimeApi.unix(relay.path()), step -> {});
    proxy.load.switched(Color.GREEN);
    return Color.GREEN;
  }
}
