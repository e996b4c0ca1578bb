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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher refuses before it starts anything. */
class ProcessLauncherRefusalTest {
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
  void otherLaunchIsRefusedWhileALaunchOfTheSlotRuns() throws Exception {
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
  void heldPortIsRefusedAndItsHolderNamed() throws Exception {
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
  void portThatIsHeldOnAllAddressesIsRefused() throws Exception {
    try (ServerSocket held = new ServerSocket(0);
        ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      Slot slot = workshop.slotAt(held.getLocalPort());
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
          .hasMessageContaining("pid " + ProcessHandle.current().pid() + " (");
    }
  }

  @Test
  void commandThatCanNotBeFilledInIsRefusedBeforeAnythingStarts() throws Exception {
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
  void attributeCanNotTakeThePlaceOfAPlaceholder() {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER, "{port}")) {
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE.with("port", "80"), workshop.token))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("{port}");
    }
  }

  @Test
  void runDirectoryThatOthersCanWriteIsRefused() throws Exception {
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
  void refusalOnAnotherSystemNamesTheLauncherToUse() {
    assertThatThrownBy(() -> LaunchContext.requireLinux("Mac OS X"))
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
}
