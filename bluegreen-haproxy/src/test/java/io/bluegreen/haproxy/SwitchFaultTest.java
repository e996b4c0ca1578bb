package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.FaultyRelay.Fault;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault, under load, ends in one whole split, the right one, and a clear result. */
@Tag("long")
class SwitchFaultTest {
  private static final Duration SHORT = Duration.ofMillis(1_500);
  private RenderedGroup stage;
  private HaproxyRouter observer;
  private ClientLoad load;
  private TrafficSplit live;

  @BeforeEach
  void start() {
    stage =
        new RenderedGroup(
            RenderOptions.defaults(),
            config ->
                config.replace(
                    "    hard-stop-after",
                    "    stats socket DIR/user.sock level user\n"
                        + "    stats socket DIR/operator.sock level operator\n"
                        + "    hard-stop-after"),
            "api",
            "web");
    observer = stage.opened();
    live = stage.all(Color.BLUE);
    load = new ClientLoad(stage.group, Color.BLUE, true, 2, false);
    // Both colours are right all the time; no request may fail.
    load.switching(Color.GREEN);
    load.awaitRequests(20);
  }

  @AfterEach
  void stop() throws Exception {
    load.end();
    stage.close();
    assertThat(load.failed()).isEmpty();
  }

  private HaproxyRouter through(RuntimeApi admin, MasterApi master) {
    HaproxyRouter router = stage.kept(HaproxyRouter.map(stage.map(), admin).master(master));
    router.open(stage.opening());
    return router;
  }

  private HaproxyRouter through(FaultyRelay admin) {
    return through(
        RuntimeApi.unix(admin.path()).within(Duration.ofMillis(200)), stage.haproxy.master());
  }

  /** Applies, and holds the result to the truth that another router finds. */
  private void applyAndJudge(HaproxyRouter router, TrafficSplit to, Duration within, Object fault) {
    TrafficSplit from = live;
    Effect said;
    try {
      router.apply(stage.change(from, to, 1, within));
      said = null;
    } catch (RouterException e) {
      said = e.effect();
    }
    Known truth = (Known) observer.current();
    live = truth.running();
    assertThat(List.of(from, to)).describedAs("one whole split after %s", fault).contains(live);
    assertThat(List.of(from, to)).describedAs("durably after %s", fault).contains(truth.durable());
    if (said == null) {
      assertThat(truth.wholly(to)).describedAs("acknowledged after %s", fault).isTrue();
    } else if (said != Effect.UNKNOWN) {
      assertThat(live)
          .describedAs("said %s after %s", said, fault)
          .isEqualTo(said == Effect.CHANGED ? to : from);
    }
  }

  private TrafficSplit other(TrafficSplit split) {
    return split.equals(stage.all(Color.BLUE)) ? stage.all(Color.GREEN) : stage.all(Color.BLUE);
  }

  @ParameterizedTest(name = "executed {0}, kept {1}")
  @CsvSource({"true, 0", "false, 0", "true, -1", "false, -1"})
  void aSocketThatIsLostForGoodFromAnyCommandOn(boolean executed, int kept) throws Exception {
    try (FaultyRelay relay = new FaultyRelay(stage.haproxy.dir.resolve("admin.sock"), false)) {
      HaproxyRouter router = through(relay);
      int commands = commandsOfASwitch(relay);
      for (int at = 0; at < commands; at++) {
        Fault fault = new Fault(at, true, executed, kept);
        relay.plan(fault);
        applyAndJudge(router, other(live), Duration.ofMillis(400), fault);
        relay.heal();
        // Whatever it left, the next switch makes running and durable truth equal.
        TrafficSplit to = other(live);
        observer.apply(stage.change(live, to));
        assertThat(((Known) observer.current()).wholly(to)).describedAs("%s", fault).isTrue();
        live = to;
      }
    }
  }

  private int commandsOfASwitch(FaultyRelay relay) {
    HaproxyRouter router = through(RuntimeApi.unix(relay.path()), stage.haproxy.master());
    relay.heal();
    router.apply(stage.change(live, other(live)));
    live = other(live);
    return relay.heal();
  }

  @Test
  void aMasterThatIsLostFromAnyCommandOn() throws Exception {
    try (FaultyRelay relay = new FaultyRelay(stage.haproxy.dir.resolve("master.sock"), true)) {
      HaproxyRouter router =
          through(stage.haproxy.api(), MasterApi.unix(relay.path()).within(Duration.ofMillis(200)));
      for (int at = 0; at < 3; at++) {
        for (int kept : new int[] {0, 20, -1}) {
          Fault fault = new Fault(at, true, true, kept);
          relay.plan(fault);
          applyAndJudge(router, other(live), Duration.ofMillis(600), fault);
          relay.heal();
          TrafficSplit to = other(live);
          observer.apply(stage.change(live, to));
          live = to;
        }
      }
    }
  }

  @Test
  void aMasterThatNeverAnswersLeavesEverythingAsItIs() throws Exception {
    String file = stage.mapText();
    try (FaultyRelay relay = new FaultyRelay(stage.haproxy.dir.resolve("master.sock"), true)) {
      HaproxyRouter router =
          through(stage.haproxy.api(), MasterApi.unix(relay.path()).within(Duration.ofMillis(200)));
      relay.plan(new Fault(0, true, false, -1));
      RouterException e =
          catchThrowableOfType(
              RouterException.class, () -> router.apply(stage.change(live, other(live), 1, SHORT)));
      assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
      assertThat(e).hasMessageContaining("show proc").hasMessageContaining("still serves");
      assertThat(stage.mapText()).isEqualTo(file);
    }
  }

  @Test
  void aFullStatsMaxconnIsToldAsTheCauseAndPasses() throws Exception {
    HaproxyRouter router = through(stage.haproxy.api(), stage.haproxy.master());
    List<SocketChannel> held = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      SocketChannel channel =
          SocketChannel.open(UnixDomainSocketAddress.of(stage.haproxy.dir.resolve("admin.sock")));
      channel.write(ByteBuffer.wrap("prompt\n".getBytes()));
      channel.read(ByteBuffer.allocate(10));
      held.add(channel);
    }
    RouterException e =
        catchThrowableOfType(
            RouterException.class, () -> router.apply(stage.change(live, other(live), 1, SHORT)));
    assertThat(e).hasMessageContaining("stats maxconn");
    assertThat(e.effect()).isEqualTo(Effect.UNKNOWN);
    for (SocketChannel channel : held) {
      channel.close();
    }
    assertThat(((Known) observer.current()).wholly(live)).isTrue();
    router.apply(stage.change(live, other(live)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "operator"})
  void aSocketOfALowerLevelIsRefusedByOpen(String level) {
    HaproxyRouter router =
        stage.kept(
            HaproxyRouter.map(
                stage.map(), RuntimeApi.unix(stage.haproxy.dir.resolve(level + ".sock"))));
    assertThatThrownBy(() -> router.open(stage.opening()))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("level " + level)
        .hasMessageContaining("level admin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "operator"})
  void aMastersSocketOfALowerLevelIsRefusedByOpen(String level) throws Exception {
    // What the master answers to a socket of a lower level, it answers in the words of its worker.
    try (RealHaproxy proxy = new RealHaproxy()) {
      proxy.masterLevel(level);
      proxy.config(stage.haproxy.read("haproxy.cfg").replaceAll("(?m)^    bind .*$", ""));
      String own = proxy.read("haproxy.cfg").replace(stage.haproxy.dir.toString(), "DIR");
      proxy.config(own);
      proxy.write("shop.map", stage.mapText());
      proxy.start();
      HaproxyRouter router =
          stage.kept(
              HaproxyRouter.map(proxy.dir.resolve("shop.map"), proxy.api()).master(proxy.master()));
      assertThatThrownBy(() -> router.open(stage.opening()))
          .isInstanceOf(RouterException.class)
          .message()
          .containsAnyOf(
              "master's socket has the level " + level,
              "no answer for a master's socket of a lower")
          .contains(",level,admin");
    }
  }

  @Test
  void aFileThatCanNotBeWrittenLeavesEverythingAsItIs() throws Exception {
    Files.delete(stage.map());
    Files.createDirectory(stage.map());
    RouterException e =
        catchThrowableOfType(
            RouterException.class, () -> observer.apply(stage.change(live, other(live))));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e).hasMessageContaining("shop.map");
  }
}
