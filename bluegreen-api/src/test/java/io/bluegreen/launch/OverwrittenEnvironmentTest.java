package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs whose environment does not show the token: a process on record is known all the same.
 */
class OverwrittenEnvironmentTest {
  private static final Release RELEASE = Release.of("1.4.2");
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
  }

  @AfterEach
  void leaveNothingBehind() throws Exception {
    workshop.close();
  }

  /** The name that perl gives itself overwrites arguments and environment, as setproctitle does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec perl -e '$0 = \"x\" x 4000; sleep 600'",
        "exec env -i sleep 600",
        "env -i sleep 600; exit 7",
        "[ $(id -u) != 0 ] && exec env -i sleep 600;"
            + " exec env -i setpriv --reuid 65534 --regid 65534 --clear-groups sleep 600",
        "env -i setsid sleep 600; exit 7"
      })
  void processThatDoesNotShowItsTokenRunsAndIsStoppedByTheNextHost(String script) throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher first = workshop.script(script)) {
      first.launch(slot, RELEASE, workshop.token);
    }
    try (ProcessLauncher next = workshop.script(script)) {
      await()
          .atMost(Workshop.PATIENCE)
          .until(() -> family(slot).stream().anyMatch(p -> !shows(slot, p)));
      List<HostProcess> all = family(slot);
      assertThat(next.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      assertThatThrownBy(() -> next.launch(slot, RELEASE, workshop.anotherToken))
          .isInstanceOf(LaunchException.class)
          .extracting(e -> ((LaunchException) e).effect())
          .isEqualTo(LaunchException.Effect.UNCHANGED);
      assertThat(next.check(slot, RELEASE, Optional.of(workshop.token))).isEmpty();
      assertThat(next.check(slot, RELEASE, Optional.empty())).hasSize(1);

      next.stop(slot, workshop.token, GRACE);
      assertThat(next.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
      for (HostProcess process : all) {
        assertThat(workshop.runs(process)).as("%s of %s", process, script).isFalse();
      }
    }
  }

  /** Killed at once, a master leaves workers that would keep its port. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20})
  void realNginxWithItsWorkersRunsAndIsStopped(int graceSeconds) throws Exception {
    Slot slot = workshop.slot(1);
    int port = slot.instances().get(0).endpoint().orElseThrow().getPort();
    Path config = directory.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off; master_process on; worker_processes 2; user root;
        pid %1$s/nginx.pid; error_log %1$s/error.log;
        events { worker_connections 64; }
        http { access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s;
          fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
          server { listen 127.0.0.1:%2$d; return 200; } }
        """
            .formatted(directory, port));
    try (ProcessLauncher launcher =
        ProcessLauncher.command("nginx", "-c", config.toString())
            .runDirectory(workshop.runDirectory)) {
      launcher.launch(slot, RELEASE, workshop.token);
      await().atMost(Workshop.PATIENCE).until(() -> listens(port) && family(slot).size() == 3);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      assertThat(launcher.check(slot, RELEASE, Optional.of(workshop.token))).isEmpty();

      launcher.stop(slot, workshop.token, Duration.ofSeconds(graceSeconds));
      assertThat(listens(port)).isFalse();
      assertThat(launcher.check(slot, RELEASE, Optional.empty())).isEmpty();
    }
  }

  @Test
  void processOnRecordThatWasNotLaunchedHereIsNamedWithARemedyThatHelps() throws Exception {
    Slot slot = workshop.slot(0);
    HostProcess innocent = workshop.stranger();
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      Path record = workshop.file(slot, ".json");
      String text = Files.readString(record);
      Files.writeString(
          record,
          text.replaceAll("\"pid\" : [0-9]+", "\"pid\" : " + innocent.pid())
              .replaceAll("\"start\" : [0-9]+", "\"start\" : " + innocent.start()));

      LaunchState state = launcher.state(slot, workshop.token);
      assertThat(state.kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(state.detail()).contains("kill " + innocent.pid(), record.toString());
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, GRACE))
          .hasMessageContaining("kill " + innocent.pid())
          .hasMessageContaining(record.toString());
      assertThat(workshop.runs(innocent)).isTrue();

      Files.delete(record); // As the message says.
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
      assertThat(workshop.runs(innocent)).isTrue();
    }
  }

  /** It leads a session, as launched ones do, but bears the mark of another launch. */
  @Test
  void processOfAnotherLaunchThatARecordNamesIsNotSignalled() throws Exception {
    Slot slot = workshop.slot(0);
    Slot other = new Workshop(directory).slotAt(Workshop.freePorts(1));
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(other, RELEASE, workshop.token);
      LaunchRecord theirs = LaunchRecord.read(Files.readAllBytes(workshop.file(other, ".json")));
      LaunchRecord edited =
          new LaunchRecord(
              LaunchId.of(slot, workshop.token),
              theirs.version(),
              theirs.bootId(),
              theirs.namespace(),
              theirs.instances());
      Files.write(workshop.file(slot, ".json"), edited.write());
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, GRACE))
          .isInstanceOf(LaunchException.class);
      assertThat(launcher.state(other, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      launcher.stop(other, workshop.token, GRACE);
    }
  }

  /** The main process and what belongs to it, as the kernel tells. */
  private List<HostProcess> family(Slot slot) throws IOException {
    LaunchRecord record = LaunchRecord.read(Files.readAllBytes(workshop.file(slot, ".json")));
    List<HostProcess> all = new ArrayList<>(record.running(workshop.table()));
    for (HostProcess main : record.running(workshop.table())) {
      all.addAll(new ProcessTree(workshop.table(), main).members());
    }
    return all;
  }

  private boolean shows(Slot slot, HostProcess process) {
    return LaunchId.of(slot, workshop.token).isIn(workshop.table().environment(process.pid()));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
