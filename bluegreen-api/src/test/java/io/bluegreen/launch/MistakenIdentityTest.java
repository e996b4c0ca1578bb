package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record alone is not enough to signal a process. */
class MistakenIdentityTest {
  private static final Release RELEASE = Release.of("1.4.2");
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Workshop workshop;
  private Slot slot;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    slot = workshop.slot(0);
  }

  @AfterEach
  void leaveNothingBehind() throws Exception {
    workshop.close();
  }

  @Test
  void recordEditedToNameAnotherProcessSignalsNothing() throws Exception {
    HostProcess innocent = workshop.stranger();
    try (ProcessLauncher launcher = launched().time(new VirtualTime())) {
      write(new LaunchRecord.Started(innocent.pid(), innocent.start()), workshop.table().bootId());
      assertThat(launcher.state(slot, workshop.token))
          .satisfies(
              state -> {
                assertThat(state.kind()).isEqualTo(Kind.UNKNOWN);
                assertThat(state.detail()).contains("pid " + innocent.pid());
              });
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, GRACE))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("pid " + innocent.pid())
          .hasMessageContaining("not signalled");
      assertThat(workshop.runs(innocent)).isTrue();
    }
  }

  @Test
  void reusedNumberIsNotTakenForTheLaunchedProcess() throws Exception {
    HostProcess innocent = workshop.stranger();
    try (ProcessLauncher launcher = launched()) {
      write(
          new LaunchRecord.Started(innocent.pid(), innocent.start() - 1),
          workshop.table().bootId());
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.EXITED);
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.runs(innocent)).isTrue();
      assertThat(workshop.processes(slot)).isEmpty();
    }
  }

  @Test
  void recordOfTheMachinesFormerRunSignalsNothing() throws Exception {
    HostProcess innocent = workshop.stranger();
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      Files.createDirectories(workshop.file(slot, "").getParent());
      write(
          new LaunchRecord.Started(innocent.pid(), innocent.start()),
          "00000000-0000-0000-0000-000000000000");
      assertThat(launcher.state(slot, workshop.token))
          .satisfies(
              state -> {
                assertThat(state.kind()).isEqualTo(Kind.EXITED);
                assertThat(state.detail()).contains("started again");
              });
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(workshop.runs(innocent)).isTrue();
    }
  }

  @Test
  void processOfAnotherPidNamespaceIsUnknownNotDead() throws Exception {
    try (ProcessLauncher launcher = launched()) {
      LaunchRecord record = LaunchRecord.read(Files.readAllBytes(workshop.file(slot, ".json")));
      launcher.stop(slot, workshop.token, GRACE);
      LaunchRecord elsewhere =
          new LaunchRecord(
              record.id(),
              record.version(),
              record.bootId(),
              "pid:[4026531999]",
              record.instances());
      Files.write(workshop.file(slot, ".json"), elsewhere.write());

      assertThat(launcher.state(slot, workshop.token))
          .satisfies(
              state -> {
                assertThat(state.kind()).isEqualTo(Kind.UNKNOWN);
                assertThat(state.detail()).contains("another PID namespace", "remove");
              });
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, GRACE))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("another PID namespace");

      Files.delete(workshop.file(slot, ".json"));
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void processOfAnotherPidNamespaceThatIsSeenHereIsFoundByItsToken() throws Exception {
    try (ProcessLauncher launcher = launched()) {
      String record = Files.readString(workshop.file(slot, ".json"));
      Files.writeString(
          workshop.file(slot, ".json"),
          record.replace(workshop.table().namespace(), "pid:[4026531999]"));

      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  @Test
  void anotherTokenGroupServiceOrColourIsNotTouched() throws Exception {
    String token = workshop.token;
    List<HostProcess> innocent =
        List.of(
            bearing("0", "shop", "bot", "green"),
            bearing(token + "0", "shop", "bot", "green"),
            bearing(token, "other", "bot", "green"),
            bearing(token, "shop", "bot2", "green"),
            bearing(token, "shop", "bot", "blue"));
    try (ProcessLauncher launcher = launched()) {
      launcher.stop(slot, token, GRACE);
    }
    assertThat(workshop.processes(slot)).isEmpty();
    for (HostProcess process : innocent) {
      assertThat(workshop.runs(process)).isTrue();
    }
  }

  @Test
  void orphanThatWasNeverWrittenDownIsFoundByItsTokenAndStopped() throws Exception {
    try (ProcessLauncher killed = launched();
        ProcessLauncher next = workshop.script(Workshop.FOREVER)) {
      Files.delete(workshop.file(slot, ".json"));
      assertThat(workshop.awaitState(next, slot, Kind.RUNNING).detail()).contains("by token");
      next.launch(slot, RELEASE, workshop.token);
      workshop.awaitProcesses(slot, 1);
      next.stop(slot, workshop.token, GRACE);
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(killed.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void halfALaunchIsUnknownAndALaunchWithItsTokenStartsAgain() throws Exception {
    Slot two = workshop.slot(2);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(two, RELEASE, workshop.token);
      LaunchRecord record = LaunchRecord.read(Files.readAllBytes(workshop.file(two, ".json")));
      LaunchRecord half =
          new LaunchRecord(
              record.id(),
              record.version(),
              record.bootId(),
              record.namespace(),
              record.instances().subList(0, 1));
      Files.write(workshop.file(two, ".json"), half.write());
      ProcessHandle other = ProcessHandle.of(record.instances().get(1).pid()).orElseThrow();
      other.destroyForcibly();
      other.onExit().join();
      assertThat(launcher.state(two, workshop.token))
          .satisfies(
              state -> {
                assertThat(state.kind()).isEqualTo(Kind.UNKNOWN);
                assertThat(state.detail()).contains("1 of 2");
              });
      launcher.launch(two, RELEASE, workshop.token);
      assertThat(launcher.state(two, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      assertThat(workshop.awaitProcesses(two, 2))
          .noneMatch(process -> record.instances().get(0).is(process));
    }
  }

  @Test
  void damagedRecordIsNamedAndStillNothingElseIsSignalled() throws Exception {
    try (ProcessLauncher launcher = launched()) {
      Path file = workshop.file(slot, ".json");
      String good = Files.readString(file);
      for (String bad :
          List.of(
              "",
              "{",
              good + "x",
              good.replace("\"format\" : 1", "\"format\" : 2"),
              good.replace("\"version\"", "\"versions\""),
              good.replaceAll("\"pid\" : [0-9]+", "\"pid\" : 1"),
              good.replaceAll("\"pid\" : [0-9]+", "\"pid\" : \"5\""),
              good.replace("\"service\" : \"bot\"", "\"service\" : \"bot2\""),
              good.replace(workshop.token, "../x"))) {
        assertThat(bad).isNotEqualTo(good);
        Files.writeString(file, bad);
        assertThat(launcher.state(slot, workshop.token))
            .as(bad)
            .satisfies(
                state -> {
                  assertThat(state.kind()).isEqualTo(Kind.UNKNOWN);
                  assertThat(state.detail()).contains(file.toString());
                });
        assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
            .isInstanceOf(LaunchException.class)
            .hasMessageContaining(file.toString())
            .hasMessageContaining("delete it");
      }
      workshop.awaitProcesses(slot, 1);
      assertThatThrownBy(() -> launcher.stop(slot, workshop.token, GRACE))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining(file.toString());
      assertThat(workshop.processes(slot)).isEmpty();
    }
  }

  @Test
  void launcherClaimsNothingWhereProcessesCanNotBeRead() throws Exception {
    try (ProcessLauncher launcher = launched()) {
      ProcessLauncher blind = launcher.table(new ProcessTable(directory.resolve("no-proc")));
      assertThat(blind.state(slot, workshop.token).kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(blind.state(slot, "another").kind()).isEqualTo(Kind.UNKNOWN);
      assertThatThrownBy(() -> blind.stop(slot, workshop.token, GRACE))
          .isInstanceOf(LaunchException.class);
      assertThatThrownBy(() -> blind.launch(slot, RELEASE, workshop.token))
          .isInstanceOf(LaunchException.class);
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  private ProcessLauncher launched() {
    ProcessLauncher launcher = workshop.script(Workshop.FOREVER);
    launcher.launch(slot, RELEASE, workshop.token);
    assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
    return launcher;
  }

  private HostProcess bearing(String token, String group, String service, String color)
      throws Exception {
    return workshop.stranger(
        "BLUEGREEN_TOKEN", token,
        "BLUEGREEN_GROUP", group,
        "BLUEGREEN_SERVICE", service,
        "BLUEGREEN_COLOR", color);
  }

  private void write(LaunchRecord.Started started, String bootId) throws Exception {
    LaunchRecord record =
        new LaunchRecord(
            LaunchId.of(slot, workshop.token),
            "1.4.2",
            bootId,
            workshop.table().namespace(),
            List.of(started));
    Files.write(workshop.file(slot, ".json"), record.write());
  }
}
