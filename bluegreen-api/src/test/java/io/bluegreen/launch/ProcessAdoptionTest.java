package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.LaunchState.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Real processes that somebody else started are taken over, and nothing beside them is touched. */
class ProcessAdoptionTest extends AdoptionScene {
  @Test
  void listeningProcessIsShownWithoutItsArgumentsTakenOverAndStopped() throws Exception {
    HostProcess process = listeners.start(Listeners.ONE, port, "--password=secret").get(0);
    try (ProcessLauncher launcher = launcher()) {
      LaunchState found = launcher.adoptable(slot);
      assertThat(found.kind()).as(found.detail()).isEqualTo(Kind.RUNNING);
      assertThat(found.detail())
          .contains("pid " + process.pid() + " (perl)", System.getProperty("user.name"))
          .containsPattern("since 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
          .doesNotContain("secret");
      launcher.adopt(slot, RELEASE, workshop.token);
    }
    LaunchRecord record = LaunchRecord.read(Files.readAllBytes(workshop.file(slot, ".json")));
    assertThat(record.takenOver()).isTrue();
    assertThat(record.version()).isEqualTo("1.4.2");
    assertThat(record.running(workshop.table())).containsExactly(process);
    try (ProcessLauncher next = workshop.script(Workshop.FOREVER)) {
      assertThat(next.state(slot, workshop.token).detail())
          .isEqualTo("pid " + process.pid() + ", taken over");
      next.stop(slot, workshop.anotherToken, GRACE);
      assertThat(workshop.runs(process)).isTrue();
      next.stop(slot, workshop.token, GRACE);
      assertThat(workshop.runs(process)).isFalse();
      assertThat(workshop.file(slot, ".json")).doesNotExist();
    }
  }

  @Test
  void masterWithItsWorkersIsOneProcess() throws Exception {
    List<HostProcess> all = listeners.start(Listeners.MASTER, port);
    try (ProcessLauncher launcher = launcher()) {
      launcher.adopt(slot, RELEASE, workshop.token);
      assertThat(launcher.check(slot, RELEASE, Optional.of(workshop.token))).isEmpty();
      launcher.stop(slot, workshop.token, Duration.ZERO);
      for (HostProcess process : all) {
        assertThat(workshop.runs(process)).as(process.toString()).isFalse();
      }
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  /** It has left the program that started it, as a daemon does, and its workers have its socket. */
  @Test
  void realNginxThatSomebodyStartedIsTakenOverAndStopped() throws Exception {
    Path config = directory.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon on; master_process on; worker_processes 2; user root;
        pid %1$s/nginx.pid; error_log %1$s/error.log;
        events { worker_connections 64; }
        http { access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s;
          fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
          server { listen 127.0.0.1:%2$d reuseport; return 200; } }
        """
            .formatted(directory, port));
    new ProcessBuilder("nginx", "-c", config.toString()).inheritIO().start().waitFor();
    try (ProcessLauncher launcher = launcher()) {
      await().atMost(Workshop.PATIENCE).until(() -> listening().size() == 3);
      LaunchState found = launcher.adoptable(slot);
      assertThat(found.detail()).contains("(nginx)");
      launcher.adopt(slot, RELEASE, workshop.token);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(listening()).isEmpty();
    } finally {
      for (long pid : listening()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** As with a program that somebody started by hand: its session has processes of others, too. */
  @Test
  void neighbourInTheSessionOfAProcessThatWasTakenOverIsNotEnded() throws Exception {
    HostProcess process = listeners.start(Listeners.DETACHED, port).get(0);
    assertThat(process.leadsSession()).isTrue();
    try (ProcessLauncher launcher = launcher()) {
      List<HostProcess> besides = new ProcessTree(workshop.table(), process).members();
      assertThat(besides).hasSize(1);
      launcher.adopt(slot, RELEASE, workshop.token);
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.runs(process)).isFalse();
      try {
        assertThat(workshop.runs(besides.get(0))).isTrue();
      } finally {
        ProcessHandle.of(besides.get(0).pid()).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Test
  void processThatListensAtAnyAddressListensAtThatOfTheInstance() {
    listeners.start("perl", Listeners.ONE, "0.0.0.0", port);
    try (ProcessLauncher launcher = launcher()) {
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  @Test
  void strangerAtThePortIsFoundWithBothRemediesAndAProcessThatWasTakenOverIsNot() {
    listeners.start(Listeners.ONE, port);
    try (ProcessLauncher launcher = launcher()) {
      String wayOut = "take it over with Operation.adopt(release).on(Color.GREEN)";
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .extracting(LaunchFinding::reason)
          .singleElement()
          .asString()
          .contains("port " + port, "Stop that process", wayOut);
      launcher.adopt(slot, RELEASE, workshop.token);
      assertThat(launcher.check(slot, RELEASE, Optional.of(workshop.token))).isEmpty();
      assertThat(launcher.check(slot, RELEASE, Optional.of(workshop.anotherToken)))
          .extracting(LaunchFinding::reason)
          .allMatch(reason -> reason.contains(wayOut))
          .anyMatch(reason -> reason.contains("taken over as launch " + workshop.token));
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.anotherToken))
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll("stop that first", wayOut);
    }
  }

  @Test
  void recordEditedToNameAProcessThatMayNotBeTakenOverSignalsNothing() throws Exception {
    int second = Workshop.freePorts(1)[0];
    HostProcess supervised =
        listeners.start("supervisord", Listeners.STARTER, "127.0.0.1", second).get(0);
    listeners.start(Listeners.ONE, port);
    try (ProcessLauncher launcher = launcher()) {
      launcher.adopt(slot, RELEASE, workshop.token);
      Path file = workshop.file(slot, ".json");
      Files.writeString(
          file,
          Files.readString(file)
              .replaceAll("\"pid\" : [0-9]+", "\"pid\" : " + supervised.pid())
              .replaceAll("\"start\" : [0-9]+", "\"start\" : " + supervised.start()));
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(launcher.state(slot, workshop.token).detail()).contains("supervisord", "delete");
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, Duration.ZERO))
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll("supervisord", "was not signalled");
      assertThat(workshop.runs(supervised)).isTrue();
      Files.writeString(file, Files.readString(file).replace("\"taken-over\"", "\"stolen\""));
      assertThat(launcher.state(slot, workshop.token).detail()).contains("origin is not what");
    }
  }

  /** Killed before the record is whole: nothing is known. Killed after: nobody knows the token. */
  @Test
  void killInTheMiddleOfAnAdoptionNeitherHidesNorStopsTheProcess() throws Exception {
    HostProcess process = listeners.start(Listeners.ONE, port).get(0);
    try (ProcessLauncher launcher = launcher()) {
      Path record = workshop.file(slot, ".json");
      Files.createDirectories(record.getParent());
      Path left = record.resolveSibling("." + record.getFileName() + ".0123456789abcdef.tmp");
      Files.writeString(left, "{");
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
      launcher.stop(slot, workshop.token, Duration.ZERO);
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.RUNNING);

      launcher.adopt(slot, RELEASE, workshop.token);
      assertThat(left).doesNotExist();
      launcher.stop(slot, workshop.anotherToken, Duration.ZERO);
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.RUNNING);
      launcher.adopt(slot, RELEASE, workshop.anotherToken);
      launcher.stop(slot, workshop.token, Duration.ZERO);
      assertThat(workshop.runs(process)).isTrue();
      assertThat(launcher.state(slot, workshop.anotherToken).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  private Set<Long> listening() throws IOException {
    SocketTable sockets = new SocketTable(workshop.table());
    return sockets.holders(sockets.listening(new InetSocketAddress("127.0.0.1", port)));
  }
}
