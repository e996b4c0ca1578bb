package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.TimeSource;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each documented success and refusal of each command, by the real HAProxy. */
class RuntimeApiReplyTableTest {
  private static RealHaproxy haproxy;
  private static RuntimeApi api;
  private static Path map;
  private static final Path NO_MAP = Path.of("/no/such.map");

  @BeforeAll
  static void start() {
    haproxy = new RealHaproxy();
    haproxy.write("big.map", "one 1:1\n");
    haproxy.write("live.map", "web 25:42\nempty\nworkers y\n");
    haproxy.config(
        """
        global
            nbthread 2
            stats socket DIR/admin.sock mode 600 level admin expose-fd listeners
            stats socket DIR/operator.sock mode 600 level operator
            stats socket DIR/user.sock mode 600 level user
            stats socket ipv4@127.0.0.1:PORT level admin
        defaults
            mode http
            timeout connect 2s
            timeout client 5s
            timeout server 5s
        backend shop
            http-request set-var(txn.a) str(web),map_str(DIR/live.map,0:0)
            http-request set-var(txn.b) str(web),map_str(DIR/big.map,0:0)
            server blue 127.0.0.1:1 weight 100
            server green 127.0.0.1:2 weight 0
        backend fixed
            balance static-rr
            server blue 127.0.0.1:1 weight 100
        """
            .replace("PORT", Integer.toString(port = RealHaproxy.freePort())));
    haproxy.start();
    api = haproxy.api();
    map = haproxy.dir.resolve("live.map");
  }

  private static int port;

  @AfterAll
  static void stop() {
    haproxy.close();
  }

  private static void refused(Refusal refusal, ThrowingCallable command) {
    RuntimeApiException e = catchThrowableOfType(RuntimeApiException.class, command);
    assertThat(e).describedAs("refused with %s", refusal).isNotNull();
    assertThat(e.kind()).describedAs(e.getMessage()).isEqualTo(Kind.REFUSED);
    assertThat(e.refusal()).describedAs(e.getMessage()).contains(refusal);
    assertThat(e.mayHaveActed()).isFalse();
  }

  @Test
  void aMapIsReadChangedAndRefused() {
    assertThat(api.maps()).extracting(LoadedMap::file).contains(map.toString());
    assertThat(api.map(map)).contains(new MapEntry("web", "25:42"), new MapEntry("empty", ""));
    assertThat(api.mapValue(map, "web")).contains("25:42");
    assertThat(api.mapValue(map, "empty")).contains("");
    assertThat(api.mapValue(map, "nobody")).isEmpty();

    api.setMap(map, "web", "30:43");
    assertThat(api.mapValue(map, "web")).contains("30:43");
    api.setMap(map, "web", "25:42");
    api.addMap(map, "added", "1:1");
    assertThat(api.mapValue(map, "added")).contains("1:1");

    refused(Refusal.ENTRY_NOT_FOUND, () -> api.setMap(map, "nobody", "1:1"));
    refused(Refusal.UNKNOWN_MAP, () -> api.setMap(NO_MAP, "web", "1:1"));
    refused(Refusal.UNKNOWN_MAP, () -> api.addMap(NO_MAP, "web", "1:1"));
    refused(Refusal.UNKNOWN_MAP, () -> api.map(NO_MAP));
    refused(Refusal.UNKNOWN_MAP, () -> api.mapValue(NO_MAP, "web"));
    refused(Refusal.UNKNOWN_MAP, () -> api.prepareMap(NO_MAP));
    refused(Refusal.UNKNOWN_MAP, () -> api.commitMap(NO_MAP, 1));
    refused(Refusal.VERSION_IN_FUTURE, () -> api.addMap(map, 999_999, Map.of("a", "1:1")));
    refused(Refusal.VERSION_OUT_OF_RANGE, () -> api.commitMap(map, 999_999));
  }

  @Test
  void aTransactionOfAThousandKeysIsSeenOnlyWhenItIsCommitted() {
    Path big = haproxy.dir.resolve("big.map");
    List<MapEntry> before = api.map(big);
    Map<String, String> entries = new LinkedHashMap<>();
    before.stream()
        .filter(entry -> !entry.value().isEmpty())
        .forEach(entry -> entries.put(entry.key(), entry.value()));
    for (int i = 0; i < 1_000; i++) {
      entries.put("service-" + i, "100:" + i);
    }
    int version = api.prepareMap(big);
    api.addMap(big, version, entries);
    assertThat(api.map(big)).isEqualTo(before);
    assertThat(api.map(big, version)).hasSize(entries.size());
    api.commitMap(big, version);
    assertThat(api.map(big))
        .hasSize(entries.size())
        .contains(new MapEntry("service-999", "100:999"));
    refused(Refusal.VERSION_OUT_OF_RANGE, () -> api.commitMap(big, version - 1));
  }

  @Test
  void serversAreReadWeightedDrainedAndRefused() {
    api.setWeight("shop", "green", 256);
    assertThat(api.weight("shop", "green")).isEqualTo(256);
    api.setWeight("shop", "green", 0);
    assertThat(api.weight("shop", "green")).isZero();
    api.setState("shop", "green", AdminState.DRAIN);
    assertThat(server("green").draining()).isTrue();
    api.setState("shop", "green", AdminState.MAINT);
    assertThat(server("green").inMaintenance()).isTrue();
    api.setState("shop", "green", AdminState.READY);
    assertThat(server("green").inMaintenance()).isFalse();
    assertThat(server("green").draining()).isFalse();
    assertThat(server("blue"))
        .extracting(ServerState::address, ServerState::port, ServerState::configured)
        .containsExactly("127.0.0.1", 1, 100);
    assertThat(api.servers()).hasSizeGreaterThanOrEqualTo(3);
    api.shutdownSessions("shop", "blue");
    assertThat(api.sessions()).extracting(SessionEntry::backend).contains("<NONE>");

    if (api.info().version().startsWith("2.4")) {
      api.shutdownSession("0x1"); // It has nothing to say of one that it does not have.
    } else {
      refused(Refusal.NO_SUCH_SESSION, () -> api.shutdownSession("0x1"));
    }
    refused(Refusal.NO_SUCH_BACKEND, () -> api.setWeight("nobody", "blue", 1));
    refused(Refusal.NO_SUCH_SERVER, () -> api.setWeight("shop", "nobody", 1));
    refused(Refusal.STATIC_BALANCING, () -> api.setWeight("fixed", "blue", 50));
    refused(Refusal.NO_SUCH_BACKEND, () -> api.setState("nobody", "blue", AdminState.READY));
    refused(Refusal.NO_SUCH_SERVER, () -> api.setState("shop", "nobody", AdminState.READY));
    refused(Refusal.NO_SUCH_BACKEND, () -> api.weight("nobody", "blue"));
    refused(Refusal.NO_SUCH_SERVER, () -> api.weight("shop", "nobody"));
    refused(Refusal.NO_SUCH_SERVER, () -> api.shutdownSessions("shop", "nobody"));
    refused(Refusal.NO_SUCH_BACKEND, () -> api.servers("nobody"));
  }

  private static ServerState server(String name) {
    return api.servers("shop").stream()
        .filter(server -> server.server().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void statisticsAndProcessesAreReadByTheNamesOfTheirColumns() {
    List<StatRow> rows = api.stats("shop");
    assertThat(rows).extracting(StatRow::name).containsExactly("blue", "green", "BACKEND");
    assertThat(rows.get(2).isBackend()).isTrue();
    assertThat(rows.get(2).number("req_tot")).isZero();
    assertThat(api.backendStats()).extracting(StatRow::proxy).contains("shop", "fixed");
    assertThat(api.stats()).hasSize(5);
    refused(Refusal.NO_SUCH_PROXY, () -> api.stats("nobody"));
    refused(Refusal.NO_SUCH_PROXY, () -> api.stats("2nobody"));

    assertThat(api.level()).isEqualTo("admin");
    assertThat(api.info().stopping()).isFalse();
    assertThat(api.info().version()).contains(".");
    HaproxyWorkers workers = haproxy.master().workers();
    assertThat(workers.current()).containsExactly(api.info().pid());
    assertThat(workers.former()).isEmpty();
    RuntimeApi worker = haproxy.master().worker(api.info().pid());
    assertThat(worker.info().pid()).isEqualTo(api.info().pid());
    worker.setMap(map, "workers", "x");
    assertThat(api.mapValue(map, "workers")).contains("x");
  }

  /** What this client would not send by itself, by the words of the line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set server shop/blue weight 257       | BAD_WEIGHT",
        "set server shop/blue weight -1        | BAD_WEIGHT",
        "set server shop/blue weight abc       | BAD_WEIGHT",
        "set server shop/blue weight           | BAD_WEIGHT",
        "set server shop weight 1              | BAD_SERVER_NAME",
        "set server shop/blue state bogus      | BAD_STATE",
        "set server nobody/blue state ready    | NO_SUCH_BACKEND",
        "set server shop/nobody state ready    | NO_SUCH_SERVER",
        "set server fixed/blue weight 7        | STATIC_BALANCING",
        "set map #99 a b                       | UNKNOWN_MAP",
        "set map MAP nobody b                  | ENTRY_NOT_FOUND",
        "add map @99 MAP a b                   | VERSION_IN_FUTURE",
        "commit map @99 MAP                    | VERSION_OUT_OF_RANGE",
        "commit map MAP                        | MISSING_VERSION",
        "prepare map /no/such.map              | UNKNOWN_MAP",
        "get weight nobody/blue                | NO_SUCH_BACKEND",
        "show map /no/such.map                 | UNKNOWN_MAP",
        "show stat nobody 2 -1                 | NO_SUCH_PROXY",
        "show servers state nobody             | NO_SUCH_BACKEND",
        "shutdown sessions server shop/nobody  | NO_SUCH_SERVER",
        "bogus                                 | UNKNOWN_COMMAND",
        "set server shop/blue bogus            | OTHER",
      })
  void eachRefusalOfACommandIsToldByItsWords(String command, Refusal refusal) {
    refused(refusal, () -> raw("admin").act(command.replace("MAP", map.toString())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set server shop/blue state ready",
        "set server shop/blue weight 100",
        "set server shop/blue weight 100%",
        "add map MAP raw 1:1",
        "set map MAP web 25:42",
        "shutdown sessions server shop/blue"
      })
  void eachSuccessOfACommandThatActsIsOneEmptyLine(String command) {
    raw("admin").act(command.replace("MAP", map.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "user, set server shop/blue weight 1",
    "user, set server shop/blue state drain",
    "user, shutdown sessions server shop/blue",
    "user, shutdown session 0x1",
    "user, show sess",
    "operator, set server shop/blue weight 1",
    "operator, set server shop/blue state drain",
    "operator, shutdown sessions server shop/blue",
    "operator, shutdown session 0x1"
  })
  void eachCommandThatALowerLevelMayNotGiveIsRefusedForThat(String level, String command) {
    refused(Refusal.PERMISSION_DENIED, () -> raw(level).act(command));
  }

  private static CommandChannel raw(String socket) {
    HaproxySocket wire =
        new HaproxySocket(
            UnixDomainSocketAddress.of(haproxy.dir.resolve(socket + ".sock")),
            false,
            TimeSource.system());
    return new CommandChannel(wire, "", RealHaproxy.LONG, Optional.empty());
  }

  @Test
  void aWorkerThatTheMasterDoesNotKnowIsTold() {
    refused(Refusal.NO_SUCH_WORKER, () -> haproxy.master().worker(1).info());
  }

  @Test
  void tcpServesAlike() {
    RuntimeApi tcp =
        RuntimeApi.tcp(
            new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
    assertThat(tcp.info().pid()).isEqualTo(api.info().pid());
    tcp.setWeight("shop", "blue", 100);
    refused(Refusal.NO_SUCH_SERVER, () -> tcp.weight("shop", "nobody"));
  }

  @Test
  void aSocketOfALowerLevelIsToldAsTheCause() {
    RuntimeApi user = RuntimeApi.unix(haproxy.dir.resolve("user.sock"));
    RuntimeApi operator = RuntimeApi.unix(haproxy.dir.resolve("operator.sock"));
    assertThat(user.level()).isEqualTo("user");
    assertThat(operator.level()).isEqualTo("operator");
    refused(Refusal.PERMISSION_DENIED, () -> user.setWeight("shop", "blue", 1));
    refused(Refusal.PERMISSION_DENIED, () -> operator.setState("shop", "blue", AdminState.DRAIN));
    refused(Refusal.PERMISSION_DENIED, () -> operator.shutdownSessions("shop", "blue"));
    assertThat(
            catchThrowableOfType(
                RuntimeApiException.class, () -> user.setWeight("shop", "blue", 1)))
        .hasMessageContaining("level admin");
    assertThat(api.weight("shop", "blue")).isEqualTo(100);
  }
}
