package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.spy;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherTest {
  private static final Release RELEASE = Release.of("1.4.2").with("commit", "ab12");
  private static final Duration GRACE = Workshop.PATIENCE;

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

  @Test
  void eachInstanceHasOneProcessWithItsValuesFilledIn() throws Exception {
    int[] ports = Workshop.freePorts(2);
    Slot slot = workshop.slotAt(ports);
    try (ProcessLauncher launcher =
        workshop
            .script(
                "echo \"$@\" $PROFILE; exec sleep 600",
                "{group}/{service}/{color}",
                "{index}",
                "{host}:{port}",
                "{version}-{commit}",
                "{{{version}}}")
            .environment("PROFILE", "on-{color}")) {
      launcher.launch(slot, RELEASE, workshop.token);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      for (int index = 0; index < 2; index++) {
        workshop.awaitOutput(
            slot,
            index,
            "shop/web/green "
                + index
                + " 127.0.0.1:"
                + ports[index]
                + " 1.4.2-ab12 {1.4.2} on-green\n");
      }
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(workshop.file(slot, ".json")).doesNotExist();
    }
  }

  @Test
  void processGetsTheMarkAndOnlyThoseVariablesOfTheHostThatAreOnTheList() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher =
        workshop.script(Workshop.FOREVER).inherit("PATH", "NOT_THERE")) {
      launcher.launch(slot, RELEASE, workshop.token);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      HostProcess process = workshop.awaitProcesses(slot, 1).get(0);
      assertThat(workshop.table().environment(process.pid()))
          .containsKeys("PATH")
          .containsEntry("BLUEGREEN_TOKEN", workshop.token)
          .containsEntry("BLUEGREEN_GROUP", "shop")
          .containsEntry("BLUEGREEN_SERVICE", "bot")
          .containsEntry("BLUEGREEN_COLOR", "green")
          .containsEntry("BLUEGREEN_VERSION", "1.4.2")
          .containsEntry("BLUEGREEN_INDEX", "0")
          .doesNotContainKeys("HOME", "USER", "NOT_THERE");
      assertThat(System.getenv()).containsKey("HOME");
    }
  }

  @Test
  void processLeadsASessionOfItsOwnUnderTheNumberThatWasReported() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script("echo ready; exec sleep 600")) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "ready");
      HostProcess process = workshop.awaitProcesses(slot, 1).get(0);
      assertThat(process.leadsSession()).isTrue();
      assertThat(launcher.state(slot, workshop.token).detail()).isEqualTo("pid " + process.pid());
    }
  }

  @Test
  void recordsAndOutputAreReadableByThisUserOnlyAndTheFormerOutputIsKept() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher =
        workshop.script("echo version $1; exec sleep 600", "{version}")) {
      launcher.launch(slot, Release.of("1"), workshop.token);
      workshop.awaitOutput(slot, 0, "version 1");
      assertThat(permissions(workshop.runDirectory)).isEqualTo("rwx------");
      assertThat(permissions(workshop.file(slot, ".json"))).isEqualTo("rw-------");
      assertThat(permissions(workshop.file(slot, ".0.log"))).isEqualTo("rw-------");
      launcher.stop(slot, workshop.token, GRACE);
      launcher.launch(slot, Release.of("2"), workshop.token);
      workshop.awaitOutput(slot, 0, "version 2");
      assertThat(workshop.file(slot, ".0.previous.log")).hasContent("version 1");
      assertThat(workshop.output(slot, 0)).doesNotContain("version 1");
    }
  }

  @Test
  void stopAlsoEndsTheProcessesThatAWrapperScriptStarted() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script("sleep 600 & sleep 600 & echo two; wait")) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "two");
      workshop.awaitProcesses(slot, 3);
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.processes(slot)).isEmpty();
    }
  }

  @Test
  void stopAsksFirstSoThatAProcessMayEndInItsOwnWay() throws Exception {
    Slot slot = workshop.slot(0);
    String script = "trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    try (ProcessLauncher launcher = workshop.script(script)) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "ready");
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.output(slot, 0)).contains("asked");
    }
  }

  @Test
  void stopKillsAProcessThatDoesNotEndWithinTheGrace() throws Exception {
    Slot slot = workshop.slot(0);
    String script = "trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done";
    TimeSource time = spy(TimeSource.system());
    // The grace is over when the process has had its chance, however slow the machine is.
    doAnswer(
            call -> {
              Duration elapsed = (Duration) call.callRealMethod();
              return workshop.output(slot, 0).contains("asked") ? elapsed.plus(GRACE) : elapsed;
            })
        .when(time)
        .elapsed();
    try (ProcessLauncher launcher = workshop.script(script).time(time)) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "ready");
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(workshop.output(slot, 0)).contains("asked");
    }
  }

  @Test
  void secondLaunchWithTheSameTokenDoesNothing() throws Exception {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      List<HostProcess> before = workshop.awaitProcesses(slot, 1);
      launcher.launch(slot, RELEASE, workshop.token);
      assertThat(workshop.awaitProcesses(slot, 1)).allMatch(before.get(0)::same);
    }
  }

  @Test
  void processThatEndsByItselfIsReportedWithExitCodeAndLastOutput() throws Exception {
    Slot slot = workshop.slot(2);
    String script = "[ $1 = 0 ] && exec sleep 600; echo no database; exit 7";
    try (ProcessLauncher launcher = workshop.script(script, "{index}");
        ProcessLauncher other = workshop.script(script, "{index}")) {
      launcher.launch(slot, RELEASE, workshop.token);
      assertThat(workshop.awaitState(launcher, slot, Kind.EXITED))
          .satisfies(
              state -> {
                assertThat(state.detail()).contains("instance 1").contains("exit code 7");
                assertThat(state.lastOutput()).isEqualTo("no database");
              });
      assertThat(other.state(slot, workshop.token).detail()).contains("exit code unknown");
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(other.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void launchThatFailsForItsSecondInstanceLeavesNoneRunning() throws Exception {
    Slot slot = workshop.slot(2);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      launcher.stop(slot, workshop.token, GRACE);
      Path inTheWay = Files.createDirectory(workshop.file(slot, ".1.previous.log"));
      Files.createFile(inTheWay.resolve("file"));
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("instance 1 could not be started")
          .hasMessageContaining("nothing is left running");
      assertThat(workshop.output(slot, 0)).isEmpty();
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void interruptedLaunchLeavesNothingRunningAndKeepsTheFlag() throws Exception {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
          .isInstanceOf(LaunchException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void interruptedStopKeepsTheFlagAndTheNextOneGoesOn() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, GRACE))
          .isInstanceOf(LaunchException.class);
      assertThat(Thread.interrupted()).isTrue();
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
