package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Deadline;
import io.bluegreen.InFlight;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.contract.ProxyUnderTest.Held;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** The real HAProxy behind sockets that answer as those of another version do. */
class ImitatedVersionTest {
  /** From 3.0 on {@code show proc} wants a level that 2.6 does not ask for. */
  @Test
  void masterThatTellsTheLevelUserNothingIsRefusedForItsLevel() throws Exception {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "api", "web");
        ScriptedSocket master =
            inFrontOf(
                stage.haproxy.dir.resolve("master.sock"),
                (command, reply) ->
                    command.equals("show proc") ? "Permission denied\n\n" : reply)) {
      HaproxyRouter router =
          stage.kept(
              HaproxyRouter.map(stage.map(), stage.haproxy.api())
                  .master(MasterApi.unix(master.socket())));
      assertThatThrownBy(() -> router.open(stage.opening()))
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("master's socket has the level user")
          .hasMessageContaining("',level,admin'");
    }
  }

  /** The real HAProxy, behind a master that lists as others do when a reload has failed. */
  @Test
  void groupIsOpenedSwitchedAndMeteredBehindAReloadThatFailed() throws Exception {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "api", "web");
        ScriptedSocket master =
            inFrontOf(
                stage.haproxy.dir.resolve("master.sock"),
                (command, reply) ->
                    command.equals("show proc")
                        ? reply.replace("# workers\n", "# workers\n# old workers\n")
                        : reply)) {
      HaproxyRouter router =
          stage.kept(
              HaproxyRouter.map(stage.map(), stage.haproxy.api())
                  .master(MasterApi.unix(master.socket())));
      assertThat(EditedHaproxy.warnings(router.open(stage.opening()))).isEmpty();
      router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)));
      router.apply(stage.change(stage.all(Color.GREEN), stage.all(Color.BLUE)));
      RouterTruth.Known truth = (RouterTruth.Known) router.current();
      assertThat(truth.wholly(stage.all(Color.BLUE))).isTrue();
      assertThat(truth.formerWorkers()).isEmpty();
      assertThat(router.meter().orElseThrow().read().slots()).hasSize(4);
      assertThat(router.inFlight(stage.group.slot("web", Color.BLUE))).isEqualTo(InFlight.NONE);
    }
  }

  /** 2.4: its {@code show stat} has no row of what it has stopped, which is all. */
  @Test
  void whatALeavingWorkerAnswersIsInFlightAndCutThoughItsStatisticsAreEmpty() throws Exception {
    try (MapProxy proxy = new MapProxy(2);
        ScriptedSocket master =
            inFrontOf(
                proxy.stage.haproxy.dir.resolve("master.sock"),
                (command, reply) ->
                    command.matches("@!\\d+ show stat.*")
                        ? reply.replaceFirst("(?s)\n.*", "\n\n")
                        : reply)) {
      HaproxyRouter router =
          proxy.stage.kept(
              HaproxyRouter.map(proxy.stage.map(), proxy.stage.haproxy.api())
                  .master(MasterApi.unix(master.socket())));
      router.open(proxy.stage.opening());
      Slot blue = proxy.group().slot("web", Color.BLUE);
      try (Held held = proxy.hold("web")) {
        assertThat(held).isNotNull();
        proxy.stage.haproxy.reloaded();
        router.apply(proxy.stage.change(proxy.stage.all(Color.BLUE), proxy.stage.all(Color.GREEN)));
        assertThat(router.inFlight(blue)).isEqualTo(InFlight.some(1));
        assertThat(router.inFlight(blue.other())).isEqualTo(InFlight.NONE);
        assertThat(router.cut(blue)).isEqualTo(1);
        await().until(() -> router.inFlight(blue).isNone());
      }
    }
  }

  /** Under load a worker may have ended for a while before its master takes it off the list. */
  @Test
  void workerThatDoesNotAnswerAnyMoreAndIsStillListedIsAskedAgain() throws Exception {
    AtomicInteger silent = new AtomicInteger();
    try (MapProxy proxy = new MapProxy(2);
        ScriptedSocket master =
            inFrontOf(
                proxy.stage.haproxy.dir.resolve("master.sock"),
                (command, reply) ->
                    command.startsWith("@!") && silent.getAndDecrement() > 0 ? "" : reply)) {
      HaproxyRouter router =
          proxy.stage.kept(
              HaproxyRouter.map(proxy.stage.map(), proxy.stage.haproxy.api())
                  .master(MasterApi.unix(master.socket())));
      router.open(proxy.stage.opening());
      Slot blue = proxy.group().slot("web", Color.BLUE);
      try (Held held = proxy.hold("web")) {
        assertThat(held).isNotNull();
        proxy.stage.haproxy.reloaded();
        for (int asked = 0; asked < 3; asked++) {
          silent.set(5); // More than one command is repeated.
          switch (asked) {
            case 0 -> assertThat(router.current()).isInstanceOf(RouterTruth.Known.class);
            case 1 -> assertThat(router.inFlight(blue)).isEqualTo(InFlight.some(1));
            default -> assertThat(router.meter().orElseThrow().read().slots()).hasSize(4);
          }
        }
        silent.set(5);
        assertThat(router.cut(blue)).isEqualTo(1);
      }
    }
  }

  /** The last that it does is to end what it was told to; its reply is cut then. */
  @Test
  void workerThatEndsWithWhatWasCutIsNoFailure() throws Exception {
    AtomicInteger silent = new AtomicInteger(1);
    try (MapProxy proxy = new MapProxy(2);
        ScriptedSocket master =
            inFrontOf(
                proxy.stage.haproxy.dir.resolve("master.sock"),
                (command, reply) ->
                    command.matches("@!\\d+ shutdown .*") && silent.getAndDecrement() > 0
                        ? ""
                        : reply)) {
      HaproxyRouter router =
          proxy.stage.kept(
              HaproxyRouter.map(proxy.stage.map(), proxy.stage.haproxy.api())
                  .master(MasterApi.unix(master.socket())));
      router.open(proxy.stage.opening());
      try (Held held = proxy.hold("web")) {
        assertThat(held).isNotNull();
        proxy.stage.haproxy.reloaded();
        router.cut(proxy.group().slot("web", Color.BLUE));
        assertThat(router.inFlight(proxy.group().slot("web", Color.BLUE))).isEqualTo(InFlight.NONE);
      }
    }
  }

  /** 3.4.0 sets the last of them, and lookups find the first. */
  @Test
  void keyThatStandsTwiceIsSetByATransaction() {
    try (RenderedGroup stage = new RenderedGroup(RenderOptions.defaults(), "api", "web")) {
      HaproxyRouter router = stage.opened();
      router.apply(stage.change(stage.all(Color.BLUE), stage.all(Color.GREEN)));
      stage.haproxy.api().addMap(stage.map(), "web", "100:1");
      List<String> plan = router.plan(stage.change(stage.split(100, 100), stage.split(100, 0)));
      assertThat(plan).anyMatch(step -> step.startsWith("commit map"));
      assertThat(plan).noneMatch(step -> step.startsWith("set map"));
      router.apply(stage.change(stage.split(100, 100), stage.split(100, 0)));
      assertThat(stage.haproxy.api().map(stage.map()))
          .extracting(MapEntry::key)
          .doesNotHaveDuplicates();
      assertThat(router.plan(stage.change(stage.split(100, 0), stage.split(100, 100))))
          .anyMatch(step -> step.startsWith("set map"));
    }
  }

  private static ScriptedSocket inFrontOf(Path real, BinaryOperator<String> change)
      throws Exception {
    TimeSource time = TimeSource.system();
    HaproxySocket wire = new HaproxySocket(UnixDomainSocketAddress.of(real), true, time);
    return new ScriptedSocket(
        command -> {
          try {
            Deadline deadline = time.deadline(RealHaproxy.LONG);
            return change.apply(command, wire.exchange(command, true, deadline, ReplyLimit.TABLE));
          } catch (RuntimeApiException passedOn) {
            return ""; // As where a worker ends while it is asked: the connection ends, too.
          }
        });
  }
}
