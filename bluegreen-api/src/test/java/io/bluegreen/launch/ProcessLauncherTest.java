package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.net.InetAddress;
import java.net.ServerSocket;
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

  @Test
  void oneProcessRunsForEachInstanceWithItsValuesFilledIn() throws Exception {
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
  void aProcessGetsTheMarkAndOfTheHostsVariablesOnlyThoseOnTheList() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher =
        workshop.script(Workshop.FOREVER).inherit("PATH", "NOT_THERE")) {
      launcher.launch(slot, RELEASE, workshop.token);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      HostProcess process = workshop.processes(slot).get(0);
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
  void theProcessLeadsASessionOfItsOwnUnderTheNumberThatWasReported() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script("echo ready; exec sleep 600")) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "ready");
      HostProcess process = workshop.processes(slot).get(0);
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
  void stopAlsoEndsWhatAWrapperScriptStarted() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script("sleep 600 & sleep 600 & echo two; wait")) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "two");
      assertThat(workshop.processes(slot)).hasSize(3);
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
  void stopKillsWhatDoesNotEndWithinTheGrace() throws Exception {
    Slot slot = workshop.slot(0);
    String script = "trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done";
    try (ProcessLauncher launcher = workshop.script(script)) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "ready");
      launcher.stop(slot, workshop.token, Duration.ofMillis(300));
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(workshop.output(slot, 0)).contains("asked");
    }
  }

  @Test
  void aSecondLaunchWithTheSameTokenDoesNothing() throws Exception {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      List<HostProcess> before = workshop.processes(slot);
      launcher.launch(slot, RELEASE, workshop.token);
      assertThat(workshop.processes(slot)).hasSize(1).allMatch(before.get(0)::same);
    }
  }

  @Test
  void whileALaunchOfTheSlotRunsAnotherIsRefused() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      assertThatThrownBy(() -> launcher.launch(slot, Release.of("2"), workshop.anotherToken))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining(workshop.token)
          .hasMessageContaining("1.4.2")
          .hasMessageContaining("stop that first");
      assertThat(workshop.processes(slot, workshop.anotherToken)).isEmpty();
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  @Test
  void whatEndsByItselfIsToldWithExitCodeAndLastOutput() throws Exception {
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
  void aHeldPortIsRefusedAndItsHolderNamed() throws Exception {
    try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      Slot slot = workshop.slotAt(Workshop.freePorts(1)[0], held.getLocalPort());
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("port " + held.getLocalPort() + " is held by pid ")
          .hasMessageContaining("pid " + ProcessHandle.current().pid() + " (")
          .hasMessageContaining("nothing was started");
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(workshop.file(slot, ".json")).doesNotExist();
    }
  }

  @Test
  void aPortThatIsHeldOnAllAddressesIsRefused() throws Exception {
    try (ServerSocket held = new ServerSocket(0);
        ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      Slot slot = workshop.slotAt(held.getLocalPort());
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
          .hasMessageContaining("pid " + ProcessHandle.current().pid() + " (");
    }
  }

  @Test
  void aLaunchThatFailsForItsSecondInstanceLeavesNoneRunning() throws Exception {
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
  void anInterruptedLaunchLeavesNothingRunningAndKeepsTheFlag() throws Exception {
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
  void anInterruptedStopKeepsTheFlagAndTheNextOneGoesOn() throws Exception {
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

  @Test
  void whatCanNotBeFilledInIsRefusedBeforeAnythingStarts() throws Exception {
    Slot slot = workshop.slot(0);
    refused(workshop.script(Workshop.FOREVER, "{branch}"), slot, "{branch}", "commit", "version");
    refused(
        workshop.script(Workshop.FOREVER, "{port}"),
        slot,
        "[4]: the placeholder {port} at character 1",
        "{index}");
    refused(
        workshop.script(Workshop.FOREVER).environment("A", "{x}"),
        slot,
        "environment A: the placeholder {x}");
    refused(ProcessLauncher.command("no-such-program"), slot, "no-such-program", "PATH");
    refused(ProcessLauncher.command("/no/such/program"), slot, "/no/such/program");
    refused(
        workshop.script(Workshop.FOREVER).directory(directory.resolve("none")), slot, "directory");
    assertThat(workshop.runDirectory).doesNotExist();
  }

  @Test
  void anAttributeCanNotTakeThePlaceOfAPlaceholder() {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER, "{port}")) {
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE.with("port", "80"), workshop.token))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("{port}");
    }
  }

  @Test
  void aRunDirectoryThatOthersCanWriteIsRefused() throws Exception {
    Files.createDirectory(workshop.runDirectory);
    Files.setPosixFilePermissions(
        workshop.runDirectory, PosixFilePermissions.fromString("rwxrwx---"));
    refused(workshop.script(Workshop.FOREVER), workshop.slot(0), "nobody else can write");
  }

  @Test
  void badArgumentsAreRefusedAtOnce() {
    Slot slot = workshop.slot(0);
    assertThatThrownBy(() -> ProcessLauncher.command())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("command");
    assertThatThrownBy(() -> ProcessLauncher.command("./run"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absolute path");
    assertThatThrownBy(() -> ProcessLauncher.command("run", "{Bad}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("command[1]: the brace at character 1 stands alone");
    try (ProcessLauncher launcher = workshop.script("")) {
      assertThatThrownBy(() -> launcher.environment("BLUEGREEN_TOKEN", "x"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> launcher.inherit("A=B"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, "NOT A TOKEN"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("token");
      assertThatThrownBy(() -> launcher.stop(slot, "a", Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("grace");
    }
  }

  @Test
  void onAnotherSystemItNamesTheLauncherToUse() {
    assertThatThrownBy(() -> ProcessLauncher.requireLinux("Mac OS X"))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("Mac OS X")
        .hasMessageContaining("CommandLauncher");
  }

  private void refused(ProcessLauncher launcher, Slot slot, String... named) throws Exception {
    try (launcher) {
      assertThatThrownBy(
              () ->
                  launcher
                      .runDirectory(workshop.runDirectory)
                      .launch(slot, RELEASE, workshop.token))
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll(named);
      assertThat(workshop.processes(slot)).isEmpty();
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
