package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A socket that misbehaves in every way that a script can have it. */
@Tag("long")
class RuntimeApiFaultTest {
  private static final Path MAP = Path.of("/etc/live.map");
  private static final Duration SHORT = Duration.ofMillis(200);

  /** Commands that act, with the only reply that is their success. */
  private static Map<String, Consumer<RuntimeApi>> acting() {
    Map<String, Consumer<RuntimeApi>> acting = new LinkedHashMap<>();
    acting.put("set map", api -> api.setMap(MAP, "web", "1:1"));
    acting.put("add map", api -> api.addMap(MAP, "web", "1:1"));
    acting.put("add @v", api -> api.addMap(MAP, 1, Map.of("web", "1:1")));
    acting.put("commit", api -> api.commitMap(MAP, 1));
    acting.put("weight", api -> api.setWeight("shop", "blue", 1));
    acting.put("state", api -> api.setState("shop", "blue", AdminState.READY));
    acting.put("shutdown", api -> api.shutdownSessions("shop", "blue"));
    return acting;
  }

  @Test
  void noReplyToACommandThatActsIsTakenForSuccessButItsOwn() throws Exception {
    List<String> wrong =
        List.of(
            "",
            "\n\n",
            " \n",
            "ok\n\n",
            "entry not found.\n\n",
            "No such server.\n\n",
            "Permission denied\n\n",
            "Unknown command, but maybe\n\n",
            "\r\n",
            "x\n",
            "> ");
    AtomicReference<String> reply = new AtomicReference<>("");
    try (ScriptedSocket socket = new ScriptedSocket(command -> reply.get())) {
      for (String text : wrong) {
        reply.set(text);
        acting()
            .forEach(
                (name, command) -> {
                  int before = socket.received.size();
                  assertThatThrownBy(() -> command.accept(socket.api()))
                      .describedAs("%s answered with \"%s\"", name, text)
                      .isInstanceOf(RuntimeApiException.class);
                  assertThat(socket.received)
                      .describedAs("%s is never sent again", name)
                      .hasSize(before + 1);
                });
      }
      reply.set("\n");
      acting().forEach((name, command) -> command.accept(socket.api()));
    }
  }

  @Test
  void aRefusalThatIsCutAtAnyByteIsNeverASuccess() throws Exception {
    String whole = "Permission denied\n\n";
    AtomicReference<String> reply = new AtomicReference<>("");
    try (ScriptedSocket socket = new ScriptedSocket(command -> reply.get())) {
      for (int length = 0; length <= whole.length(); length++) {
        reply.set(whole.substring(0, length));
        acting()
            .forEach(
                (name, command) ->
                    assertThatThrownBy(() -> command.accept(socket.api()))
                        .isInstanceOf(RuntimeApiException.class));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "show map|0x1 web 25:42\n0x2 api 0:1\n\n",
        "show maps|# id (file) description\n2 (/etc/live.map) pattern loaded\n\n",
        "show info|Name: HAProxy\nVersion: 2.6\nPid: 12\n\n",
        "show stat|# pxname,svname,type,-\nshop,BACKEND,1,\nshop,blue,2,\n\n",
        "show servers|1\n# be_id be_name srv_name srv_addr srv_op_state srv_admin_state"
            + " srv_uweight srv_iweight srv_port\n3 shop blue 127.0.0.1 2 0 1 1 80\n\n",
        "get map|type=str, case=sensitive, found=yes, idx=tree, key=\"web\", value=\"1:2\","
            + " type=\"str\"\n\n",
        "prepare|New version created: 17\n\n",
        "weight|100 (initial 100)\n\n",
        "level|admin\n\n"
      })
  void aReplyThatIsCutAtAnyByteIsNeverTakenForAWholeOne(String row) throws Exception {
    String command = row.substring(0, row.indexOf('|'));
    String whole = row.substring(row.indexOf('|') + 1);
    AtomicReference<String> reply = new AtomicReference<>(whole);
    try (ScriptedSocket socket = new ScriptedSocket(line -> reply.get())) {
      read(command, socket.api());
      for (int length = 0; length < whole.length(); length++) {
        reply.set(whole.substring(0, length));
        RuntimeApiException e =
            catchThrowableOfType(RuntimeApiException.class, () -> read(command, socket.api()));
        assertThat(e).describedAs("cut after %s bytes", length).isNotNull();
        assertThat(e.kind()).isEqualTo(Kind.CUT);
        assertThat(e.mayHaveActed()).isEqualTo(command.equals("prepare"));
      }
    }
  }

  private static void read(String command, RuntimeApi api) {
    switch (command) {
      case "show map" -> assertThat(api.map(MAP)).hasSize(2);
      case "show maps" -> assertThat(api.maps()).hasSize(1);
      case "show info" -> assertThat(api.info().pid()).isEqualTo(12);
      case "show stat" -> assertThat(api.stats()).hasSize(2);
      case "show servers" -> assertThat(api.servers()).hasSize(1);
      case "get map" -> assertThat(api.mapValue(MAP, "web")).contains("1:2");
      case "prepare" -> assertThat(api.prepareMap(MAP)).isEqualTo(17);
      case "weight" -> assertThat(api.weight("shop", "blue")).isEqualTo(100);
      case "level" -> assertThat(api.level()).isEqualTo("admin");
      default -> throw new IllegalArgumentException(command);
    }
  }

  @Test
  void whatOnlyReadsIsAskedAgainAndWhatActsIsNot() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedSocket socket =
        new ScriptedSocket(command -> asked.incrementAndGet() % 3 == 0 ? "admin\n\n" : "")) {
      assertThat(socket.api().level()).isEqualTo("admin");
      assertThat(socket.received).hasSize(3);
    }
  }

  @Test
  void aSocketThatAcceptsAndNeverRepliesEndsAtTheDeadlineAndMayHaveActed() throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(command -> null)) {
      RuntimeApi api = socket.api().within(SHORT);
      RuntimeApiException acting =
          catchThrowableOfType(RuntimeApiException.class, () -> api.setWeight("shop", "blue", 1));
      assertThat(acting.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(acting.mayHaveActed()).isTrue();
      assertThat(acting).hasMessageContaining("stats maxconn");
      RuntimeApiException reading = catchThrowableOfType(RuntimeApiException.class, api::info);
      assertThat(reading.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(reading.mayHaveActed()).isFalse();
      await().untilAsserted(() -> assertThat(socket.received).hasSize(2));
    }
  }

  @Test
  void aDrippingReplyDoesNotOutliveTheDeadline() throws Exception {
    // More than the bound would be read if only each read had a limit of its own.
    try (ScriptedSocket socket = new ScriptedSocket(command -> "0".repeat(40 * 1024 * 1024))) {
      RuntimeApiException e =
          catchThrowableOfType(RuntimeApiException.class, () -> socket.api().info());
      assertThat(e.kind()).isIn(Kind.NOT_UNDERSTOOD, Kind.TIMED_OUT);
    }
  }

  @Test
  void aFullBacklogEndsAtTheDeadlineAndNothingWasSent(@TempDir Path dir) throws Exception {
    Path path = dir.resolve("s");
    List<SocketChannel> fillers = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path), 1);
      fill(path, fillers);
      RuntimeApiException e =
          catchThrowableOfType(
              RuntimeApiException.class,
              () -> RuntimeApi.unix(path).within(SHORT).setWeight("shop", "blue", 1));
      assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(e.mayHaveActed()).isFalse();
      assertThat(e).hasMessageContaining("backlog");

      CompletableFuture<Integer> weight =
          CompletableFuture.supplyAsync(
              () -> RuntimeApi.unix(path).within(Duration.ofSeconds(20)).weight("shop", "blue"));
      int held = fillers.size();
      for (int i = 0; i < held; i++) {
        server.accept().close();
      }
      try (SocketChannel channel = server.accept()) {
        channel.read(java.nio.ByteBuffer.allocate(100));
        channel.write(java.nio.ByteBuffer.wrap("7 (initial 7)\n\n".getBytes()));
      }
      assertThat(weight.get()).isEqualTo(7);
    } finally {
      for (SocketChannel filler : fillers) {
        filler.close();
      }
    }
  }

  private static void fill(Path path, List<SocketChannel> fillers) throws Exception {
    while (true) {
      SocketChannel filler = SocketChannel.open(StandardProtocolFamily.UNIX);
      filler.configureBlocking(false);
      try {
        filler.connect(UnixDomainSocketAddress.of(path));
        fillers.add(filler);
      } catch (java.net.SocketException full) {
        filler.close();
        return;
      }
    }
  }

  @Test
  void aMissingSocketAndAStaleOneAreToldApartFromATimeout(@TempDir Path dir) throws Exception {
    Path stale = dir.resolve("stale");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(stale));
    server.close();
    assertThat(Files.exists(stale)).isTrue();
    for (Path path : List.of(stale, dir.resolve("missing"))) {
      RuntimeApiException e =
          catchThrowableOfType(
              RuntimeApiException.class, () -> RuntimeApi.unix(path).setWeight("shop", "blue", 1));
      assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(e.mayHaveActed()).isFalse();
    }
  }

  @Test
  void interruptionEndsACallAtOnceWithTheFlagSet() throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(command -> null)) {
      AtomicReference<RuntimeApiException> thrown = new AtomicReference<>();
      AtomicReference<Boolean> flag = new AtomicReference<>();
      Thread caller =
          new Thread(
              () -> {
                thrown.set(
                    catchThrowableOfType(
                        RuntimeApiException.class,
                        () -> socket.api().within(Duration.ofMinutes(5)).setWeight("s", "b", 1)));
                flag.set(Thread.currentThread().isInterrupted());
              });
      caller.start();
      await().until(() -> socket.received.size() == 1);
      caller.interrupt();
      caller.join(20_000);
      assertThat(thrown.get().kind()).isEqualTo(Kind.INTERRUPTED);
      assertThat(thrown.get().mayHaveActed()).isTrue();
      assertThat(flag.get()).isTrue();
    }
  }
}
