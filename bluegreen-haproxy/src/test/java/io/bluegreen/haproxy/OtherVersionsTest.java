package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.TimeSource;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What HAProxy says in other versions, word for word, though only one is installed here. */
@Tag("long")
class OtherVersionsTest {
  private static final long SERVES = 26700;
  private static final long LOADS = 26729;

  /** Time passes only between two looks, so that a slow machine gives up no sooner. */
  private static final Duration SOON = Duration.ofMillis(40);

  /** How masters list their workers: the heads, and a worker, current or former. */
  enum Listed {
    V2_4_0(
        "<relative PID>  <reloads>", "0               2", "1               1", "[was: 1]        1"),
    V2_6_12("<reloads>", "2 [failed: 1]", "1", "1"),
    V3_0_0("<reloads>", "2 [failed: 1]", "1", "1"),
    V3_2_0("<reloads>", "2 [failed: 0]", "1", "1"),
    V3_4_0("<reloads>", "2 [failed: 1]", "1", "1");

    private final String heads;
    private final String master;
    private final String current;
    private final String former;

    Listed(String heads, String master, String current, String former) {
      this.heads = heads;
      this.master = master;
      this.current = current;
      this.former = former;
    }

    String workers(List<Long> currents, List<Long> formers) {
      StringBuilder text = new StringBuilder();
      text.append("#<PID>          <type>          ")
          .append(heads)
          .append("  <uptime>  <version>\n");
      text.append("26695           master          ").append(master).append("  0d00h00m04s  x\n");
      text.append("# workers\n");
      currents.forEach(pid -> text.append(row(pid, current)));
      if (!formers.isEmpty()) {
        text.append("# old workers\n");
        formers.forEach(pid -> text.append(row(pid, former)));
      }
      if (ordinal() < V3_2_0.ordinal()) {
        text.append("# programs\n");
      }
      return text.append("\n").toString();
    }

    private static String row(long pid, String reloads) {
      return pid + "           worker          " + reloads + "   0d00h00m03s  x\n";
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneWorkerServesAndNoneIsLoading(Listed version) throws Exception {
    assertThat(settled(version.workers(List.of(SERVES), List.of()), 0, RealHaproxy.LONG).workers())
        .isEqualTo(new HaproxyWorkers(26695, 2, List.of(SERVES), List.of()));
  }

  /** Until the next reload that succeeds the one that serves is listed among the former ones. */
  @ParameterizedTest
  @EnumSource
  void behindAReloadThatFailedTheFormerWorkerServes(Listed version) throws Exception {
    assertThat(
            settled(version.workers(List.of(), List.of(26001L, SERVES)), 0, RealHaproxy.LONG)
                .workers())
        .isEqualTo(new HaproxyWorkers(26695, 2, List.of(SERVES), List.of(26001L)));
  }

  /** As one that was told to stop, with nothing in its place. */
  @ParameterizedTest
  @EnumSource
  void oneThatStopsServesNothing(Listed version) {
    assertThatThrownBy(() -> settled(version.workers(List.of(), List.of(SERVES)), 1, SOON))
        .isInstanceOf(RuntimeApiException.class)
        .hasMessageContaining("still reloading");
  }

  /** 3.2 and 3.4 list it at once; it has read the map already, and serves in a moment. */
  @ParameterizedTest
  @EnumSource
  void oneThatIsLoadingIsAwaited(Listed version) throws Exception {
    String loading = version.workers(List.of(LOADS), List.of(SERVES));
    assertThatThrownBy(() -> settled(loading, 0, SOON)).hasMessageContaining("still reloading");
    String loaded = version.workers(List.of(SERVES), List.of());
    try (ScriptedSocket admin = new ScriptedSocket(command -> info(0));
        ScriptedSocket master = new ScriptedSocket(inTurn(loading, loading, loaded))) {
      assertThat(settled(admin, master, RealHaproxy.LONG).workers().current())
          .containsExactly(SERVES);
    }
  }

  /** 2.4, 2.6 and 3.0 say nothing meanwhile. */
  @ParameterizedTest
  @EnumSource
  void masterThatDoesNotAnswerWhileItLoadsIsAskedAgain(Listed version) throws Exception {
    String loaded = version.workers(List.of(SERVES), List.of());
    try (ScriptedSocket admin = new ScriptedSocket(command -> info(0));
        ScriptedSocket master = new ScriptedSocket(inTurn("", "", loaded))) {
      assertThat(settled(admin, master, RealHaproxy.LONG).workers().current())
          .containsExactly(SERVES);
    }
  }

  /** A reload that begins behind one that failed is seen by its number and by its worker. */
  @ParameterizedTest
  @EnumSource
  void reloadBehindOneThatFailedIsSeen(Listed version) throws Exception {
    String failed = version.workers(List.of(), List.of(SERVES));
    String loading = version.workers(List.of(LOADS), List.of(SERVES));
    String next = failed.replace("  2", "  3");
    for (String now : List.of(loading, next)) {
      try (ScriptedSocket admin = new ScriptedSocket(command -> info(0));
          ScriptedSocket master = new ScriptedSocket(inTurn(failed, failed, now));
          TimeSource time = TimeSource.system()) {
        RunningHaproxy proxy = proxy(admin, master, time);
        SettledWorkers before = proxy.settled(proxy.limit());
        assertThat(proxy.stillAt(before, proxy.limit())).isTrue();
        assertThat(proxy.stillAt(before, proxy.limit())).as(now).isFalse();
      }
    }
  }

  /** 3.2.0 does so now and then. */
  @Test
  void masterThatLeavesTheConnectionOpenBehindAWorkerThatItDoesNotKnowIsNotWaitedFor()
      throws Exception {
    String unknown = "Can't find the target PID matching the prefix '@!7'\n";
    try (ScriptedSocket master =
        new ScriptedSocket(command -> unknown + ScriptedSocket.STAYS_OPEN)) {
      RuntimeApi gone = MasterApi.unix(master.socket()).within(RealHaproxy.LONG).worker(7);
      assertThatThrownBy(gone::info)
          .isInstanceOfSatisfying(
              RuntimeApiException.class,
              e -> assertThat(e.refusal()).contains(Refusal.NO_SUCH_WORKER));
    }
  }

  @Test
  void masterThatHasNoAnswerForALowLevelIsToldAsThat() throws Exception {
    assertThatThrownBy(() -> neverAnswered("3.0.0-7a59afa93"))
        .hasMessageContaining("has no answer for a master's socket of a lower level")
        .hasMessageContaining("',level,admin' behind its path at -S");
    assertThatThrownBy(() -> neverAnswered("3.2.0")).message().doesNotContain("level");
  }

  private static SettledWorkers neverAnswered(String version) throws Exception {
    try (ScriptedSocket admin =
            new ScriptedSocket(command -> info(0).replace("Version: x", "Version: " + version));
        ScriptedSocket master = new ScriptedSocket(command -> "")) {
      return settled(admin, master, SOON);
    }
  }

  /** 3.4.0 and 3.5-dev5: it can't be asked whether it will. */
  @Test
  void masterThatMayDieOfAConnectionIsWarnedOf() {
    for (String version : List.of("3.4.0", "3.4.0-64a335366", "3.5-dev5-50872daa6")) {
      assertThat(OpenChecks.deadly(version).orElseThrow().what())
          .contains("HAProxy " + version)
          .contains("dies of the next connection");
      assertThat(OpenChecks.deadly(version).orElseThrow().remedy())
          .contains("'haproxy -c -f <configuration>'");
    }
    for (String version : List.of("2.4.0", "2.6.12-1+deb12u4", "3.0.0", "3.2.0-e134140d2", "")) {
      assertThat(OpenChecks.deadly(version)).as(version).isEmpty();
    }
  }

  private static SettledWorkers settled(String workers, int stopping, Duration limit)
      throws Exception {
    try (ScriptedSocket admin = new ScriptedSocket(command -> info(stopping));
        ScriptedSocket master = new ScriptedSocket(command -> workers)) {
      return settled(admin, master, limit);
    }
  }

  private static SettledWorkers settled(ScriptedSocket admin, ScriptedSocket master, Duration limit)
      throws Exception {
    VirtualTime time = new VirtualTime();
    return proxy(admin, master, time).settled(time.deadline(limit));
  }

  private static RunningHaproxy proxy(
      ScriptedSocket admin, ScriptedSocket master, TimeSource time) {
    return new RunningHaproxy(admin.api(), Optional.of(MasterApi.unix(master.socket())), time);
  }

  private static String info(int stopping) {
    return "Name: HAProxy\nVersion: x\nPid: " + SERVES + "\nStopping: " + stopping + "\n\n";
  }

  /** The last one is given again and again. */
  private static Function<String, String> inTurn(String... replies) {
    Deque<String> rest = new ArrayDeque<>(List.of(replies));
    return command -> rest.size() > 1 ? rest.removeFirst() : rest.getFirst();
  }
}
