package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Two who believe to have the lease, and switch one HAProxy. */
@Tag("long")
class OneSwitchAtATimeTest {
  private ProxyUnderTest proxy;
  private RealHaproxy haproxy;
  private HaproxyRouter router;
  private TrafficSplit blue;
  private TrafficSplit green;
  private Path record;

  private void start(Mode mode) {
    if (mode == Mode.MAP) {
      MapProxy map = new MapProxy(1);
      proxy = map;
      haproxy = map.stage.haproxy;
    } else {
      ServerProxy server = new ServerProxy(1);
      proxy = server;
      haproxy = server.haproxy;
    }
    router = (HaproxyRouter) proxy.router();
    router.open(new Opening(proxy.group(), Optional.empty(), 0));
    Group group = proxy.group();
    blue = TrafficSplit.all(group, Color.BLUE);
    green = TrafficSplit.all(group, Color.GREEN);
    record = mode.scheme(group, haproxy.dir).file().path();
  }

  @AfterEach
  void stop() throws Exception {
    router.close();
    proxy.close();
  }

  /** The lease was lost meanwhile: its present holder has a higher fence. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"MAP, before-record", "MAP, after-record", "SERVER, before-record"})
  void aSwitchOfAnotherJvmThatIsSuspendedKeepsOthersOutAndCantUndoThemLater(Mode mode, String step)
      throws Exception {
    start(mode);
    Process suspended = suspendedAt(mode, step);
    try {
      refused(hasty(blue, 2));
      assertThat(known().running()).isEqualTo(blue);
      CompletableFuture<Void> waiting =
          CompletableFuture.runAsync(() -> router.apply(change(green, green, 2, 1)));
      RealHaproxy.signal("-CONT", suspended.pid());
      waiting.get(1, TimeUnit.MINUTES);
      assertThat(suspended.waitFor()).describedAs(() -> haproxy.read("switch.log")).isZero();
    } finally {
      suspended.destroyForcibly().waitFor();
    }
    assertThat(known().wholly(green)).isTrue();
    router.apply(change(green, blue, 3, 2));
    RouterException late = failure(change(blue, green, 4, 1));
    assertThat(late.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(late).hasMessageContaining("fence 1 is lower than 2");
    assertThat(known().wholly(blue)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSuspendedSwitchThatIsKilledKeepsNobodyOut(Mode mode) throws Exception {
    start(mode);
    Process suspended = suspendedAt(mode, "before-record");
    try {
      refused(hasty(blue, 2));
    } finally {
      suspended.destroyForcibly().waitFor();
    }
    router.apply(change(blue, green, 2, 2));
    assertThat(known().wholly(green)).isTrue();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"MAP, before-record", "MAP, after-serve", "SERVER, after-record"})
  void anotherRouterOfThisJvmIsKeptOutToo(Mode mode, String step) {
    start(mode);
    AtomicReference<RouterException> kept = new AtomicReference<>();
    RoutingMode scheme =
        new SteppedMode(
            mode.scheme(proxy.group(), haproxy.dir),
            at -> {
              if (at.equals(step)) {
                kept.set(failure(hasty(blue, 2)));
              }
            });
    apply(scheme, change(blue, green, 1, 1));
    isLocked(kept.get());
    assertThat(known().wholly(green)).isTrue();
    router.apply(change(green, blue, 2, 2));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSwitchThatIsTakenBackKeepsOthersOutUntilItsFormerRecordIsThereAgain(Mode mode) {
    start(mode);
    router.apply(change(blue, blue, 1, 1));
    AtomicReference<RouterException> kept = new AtomicReference<>();
    RoutingMode scheme =
        new SteppedMode(
            mode.scheme(proxy.group(), haproxy.dir),
            at -> {
              if (at.equals("after-record")) {
                throw RuntimeApiException.refused(Refusal.PERMISSION_DENIED, "not you");
              } else if (at.equals("before-restore")) {
                kept.set(failure(hasty(blue, 3)));
              }
            });
    RouterException e = failure(scheme, change(blue, green, 2, 1));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    isLocked(kept.get());
    assertThat(known().wholly(blue)).isTrue();
    router.apply(change(blue, green, 3, 2));
    assertThat(known().wholly(green)).isTrue();
  }

  /** Lest two switch, nobody does. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void whereTheLockCantBeTakenNothingIsChanged(Mode mode) throws Exception {
    start(mode);
    Path elsewhere = haproxy.dir.resolve("elsewhere");
    Files.createSymbolicLink(lock(), elsewhere);
    RouterException e = failure(change(blue, green, 1, 1));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e).hasMessageContaining("can't lock " + lock()).hasMessageContaining("delete it");
    assertThat(elsewhere).doesNotExist();
    assertThat(known().running()).isEqualTo(blue);
    Files.delete(lock());
    router.apply(change(blue, green, 1, 1));
    assertThat(known().wholly(green)).isTrue();
  }

  private Process suspendedAt(Mode mode, String step) throws Exception {
    Path admin = haproxy.dir.resolve("admin.sock");
    Process process =
        HaltedSwitch.start(mode, haproxy, admin, HaltedSwitch.STOP + step, Color.GREEN, 1);
    Path stat = Path.of("/proc/" + process.pid() + "/stat");
    Awaitility.await()
        .atMost(RealHaproxy.LONG.multipliedBy(3))
        .until(() -> !process.isAlive() || Files.readString(stat).contains(") T "));
    assertThat(process.isAlive()).describedAs(() -> haproxy.read("switch.log")).isTrue();
    return process;
  }

  private void refused(Switch change) throws Exception {
    Optional<String> before = new RecordFile(record).read();
    isLocked(failure(change));
    assertThat(new RecordFile(record).read()).isEqualTo(before);
  }

  private void isLocked(RouterException e) {
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e)
        .hasMessageContaining("somebody else is switching this HAProxy now")
        .hasMessageContaining(lock().toString());
  }

  private void apply(RoutingMode scheme, Switch change) {
    try (TimeSource time = TimeSource.system()) {
      RunningHaproxy asked = new RunningHaproxy(haproxy.api(), Optional.of(haproxy.master()), time);
      new SwitchRun(asked, scheme, change).apply();
    }
  }

  private RouterException failure(Switch change) {
    RouterException e = catchThrowableOfType(RouterException.class, () -> router.apply(change));
    assertThat(e).isNotNull();
    return e;
  }

  private RouterException failure(RoutingMode scheme, Switch change) {
    RouterException e = catchThrowableOfType(RouterException.class, () -> apply(scheme, change));
    assertThat(e).isNotNull();
    return e;
  }

  private Path lock() {
    return record.resolveSibling("." + record.getFileName() + ".lock");
  }

  private Known known() {
    return (Known) router.current();
  }

  /** One that does not wait for long. */
  private static Switch hasty(TrafficSplit split, long generation) {
    return new Switch(split, split, generation, "hasty", 2, Duration.ofMillis(400));
  }

  private static Switch change(TrafficSplit from, TrafficSplit to, long generation, long fence) {
    return new Switch(from, to, generation, "d-" + generation, fence, RenderedGroup.WITHIN);
  }
}
