package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands keep a file for each running service, and write down their arguments. */
class CommandLauncherTest {
  private static final Release RELEASE = Release.of("1.4.2");
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final List<String> ACTIVE = List.of("systemctl", "is-active", "{color}");

  private final Slot slot = slot(Service.named("web").blue("http://h:1").green("http://h:2"));
  @TempDir Path directory;

  @Test
  void startStatusAndStopAreRunWithTheirValuesAndTheMark() throws Exception {
    try (CommandLauncher launcher = files("{color}")) {
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.ABSENT);
      launcher.launch(slot, RELEASE, "t1");
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.RUNNING);
      assertThat(calls()).containsExactly("start green 1.4.2 t1 shop web green 1.4.2");
      launcher.stop(slot, "t1", GRACE);
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.ABSENT);
      assertThat(calls()).contains("stop green t1 shop web green");
    }
  }

  @Test
  void commandsThatNameAnInstanceAreRunForEach() throws Exception {
    Slot two = slot(Service.named("web").blue("http://h:1").green("http://h:2", "http://h:3"));
    try (CommandLauncher launcher = files("{color}-{port}")) {
      launcher.launch(two, RELEASE, "t1");
      assertThat(calls()).hasSize(2).anyMatch(call -> call.startsWith("start green-3 "));
      Files.delete(directory.resolve("green-3"));
      assertThat(launcher.state(two, "t1"))
          .satisfies(
              state -> {
                assertThat(state.kind()).isEqualTo(Kind.EXITED);
                assertThat(state.detail()).contains("1 of 2");
              });
      launcher.stop(two, "t1", GRACE);
      assertThat(launcher.state(two, "t1").kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void startThatFailsStopsItsInstancesAndShowsTheEndOfItsOutput() throws Exception {
    Slot two = slot(Service.named("web").blue("http://h:1").green("http://h:2", "http://h:3"));
    try (CommandLauncher launcher =
        launcher(
            "if [ $1 = green-3 ]; then echo no such image; exit 9; fi; touch $1",
            "rm -f $1",
            "[ -e $1 ] || exit 3",
            "{color}-{port}")) {
      assertThatThrownBy(() -> launcher.launch(two, RELEASE, "t1"))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("exit code 9: no such image")
          .hasMessageContaining("nothing is left running");
      assertThat(directory.resolve("green-2")).doesNotExist();
    }
  }

  @Test
  void stopCommandIsNotBelievedUntilTheStatusSaysSo() throws Exception {
    try (CommandLauncher launcher =
        launcher("touch $1", "echo done", "[ -e $1 ] || exit 3", "{color}")) {
      launcher.launch(slot, RELEASE, "t1");
      assertThatThrownBy(() -> launcher.stop(slot, "t1", Duration.ofMillis(1)))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("not known to have stopped")
          .hasMessageContaining("done");
    }
  }

  @Test
  void stopWaitsUntilTheStatusSaysThatItDoesNotRun() throws Exception {
    // Each look at the status takes one of three files away; without any it does not run.
    try (CommandLauncher launcher =
        launcher(
            "touch $1",
            "touch stopping",
            "[ -e $1 ] || exit 3; [ -e stopping ] || exit 0; [ -e once ] && rm $1; touch once",
            "{color}")) {
      launcher.launch(slot, RELEASE, "t1");
      launcher.stop(slot, "t1", GRACE);
      assertThat(directory.resolve("once")).exists();
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void serviceThatEndedByItselfIsToldApartFromOneThatNeverRan() throws Exception {
    try (CommandLauncher launcher = files("{color}")) {
      launcher.launch(slot, RELEASE, "t1");
      Files.delete(directory.resolve("green"));
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.EXITED);
      assertThat(launcher.state(slot, "t2").kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void anyOtherExitCodeOrASlowStatusIsUnknown() throws Exception {
    try (CommandLauncher odd = launcher(":", ":", "echo what; exit 4", "{color}");
        CommandLauncher slow =
            launcher(":", ":", "exec sleep 600", "{color}").statusWithin(Duration.ofMillis(100))) {
      assertThat(odd.state(slot, "t1"))
          .satisfies(
              state -> {
                assertThat(state.kind()).isEqualTo(Kind.UNKNOWN);
                assertThat(state.detail())
                    .contains(
                        "exit code 4: what",
                        "it is to end with 0 if it runs and with 3 if it does not");
              });
      assertThat(slow.state(slot, "t1").kind()).isEqualTo(Kind.UNKNOWN);
      assertThatThrownBy(() -> odd.launch(slot, RELEASE, "t1")).isInstanceOf(LaunchException.class);
    }
  }

  @Test
  void limitOfEachCommandIsSetByItsName() {
    try (CommandLauncher launcher = launcher(":", ":", ":", "{color}")) {
      assertThatThrownBy(() -> launcher.startWithin(Duration.ZERO))
          .hasMessage("limit of the start command: expected more than zero, but was 0 ms");
      assertThatThrownBy(() -> launcher.stopWithin(Duration.ZERO))
          .hasMessageContaining("limit of the stop command");
      assertThatThrownBy(() -> launcher.statusWithin(Duration.ZERO.minusNanos(1)))
          .hasMessageContaining("limit of the status command");
    }
  }

  @Test
  void serviceThatRunsInTheSlotAlreadyIsNotTakenForTheLaunch() throws Exception {
    Files.createFile(directory.resolve("green"));
    try (CommandLauncher launcher = files("{color}")) {
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, "t1"))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("runs there already");
    }
    Files.createFile(directory.resolve("t1"));
    try (CommandLauncher launcher = files("{token}")) {
      launcher.launch(slot, RELEASE, "t1");
    }
    assertThat(directory.resolve("calls")).doesNotExist();
  }

  @Test
  void launchThatWasRefusedRunsNoStopCommand() throws Exception {
    try (CommandLauncher launcher =
        CommandLauncher.of(
                List.of("nosuchprogram", "{color}"),
                List.of("touch", "stopped-{color}"),
                List.of("sh", "-c", "exit 3", "sh", "{color}"))
            .directory(directory)) {
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, "t1"))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("Nothing was started")
          .extracting(e -> ((LaunchException) e).effect())
          .isEqualTo(LaunchException.Effect.UNCHANGED);
    }
    assertThat(directory.resolve("stopped-green")).doesNotExist();
  }

  @Test
  void onlyVariablesOnTheListReachTheCommands() throws Exception {
    try (CommandLauncher launcher =
        launcher("env > $1", "rm $1", "[ -e $1 ] || exit 3", "{color}")
            .inherit("PATH")
            .environment("SIDE", "{color}-side")) {
      launcher.launch(slot, RELEASE, "t1");
      assertThat(Files.readAllLines(directory.resolve("green")))
          .contains("SIDE=green-side", "BLUEGREEN_TOKEN=t1")
          .noneMatch(line -> line.startsWith("HOME="));
    }
  }

  @Test
  void commandsThatCouldActOnTheWrongColourAreRefused() {
    List<String> careful = List.of("systemctl", "start", "{color}");
    assertThatThrownBy(() -> CommandLauncher.of(List.of("start", "{service}"), careful, ACTIVE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("command start")
        .hasMessageContaining("wrong colour");
    assertThatThrownBy(() -> CommandLauncher.of(careful, List.of("stop"), ACTIVE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CommandLauncher.of(careful, careful, List.of("status")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void portThatBothColoursShareTellsNothingApart() {
    Slot shared = slot(Service.named("web").blue("http://a:80").green("http://b:80"));
    try (CommandLauncher launcher = files("{port}")) {
      assertThatThrownBy(() -> launcher.stop(shared, "t1", GRACE))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("would be the same for web/blue");
      assertThat(launcher.state(shared, "t1").kind()).isEqualTo(Kind.UNKNOWN);
    }
    try (CommandLauncher launcher = files("{host}-{port}")) {
      assertThat(launcher.state(shared, "t1").kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void stopCommandWithAValueThatIsNotKnownThenIsRefused() {
    List<String> versioned = List.of("systemctl", "stop", "{color}-{version}");
    assertThatThrownBy(() -> CommandLauncher.of(versioned, versioned, ACTIVE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[version]");
    assertThat(CommandLauncher.of(versioned, ACTIVE, ACTIVE)).hasToString("command systemctl");
  }

  @Test
  void interruptedStartStopsItsInstancesAndKeepsTheFlag() throws Exception {
    Thread caller = Thread.currentThread();
    try (CommandLauncher launcher =
        launcher("touch $1; exec sleep 600", "rm -f $1", "[ -e $1 ] || exit 3", "{color}")) {
      Thread watcher =
          new Thread(
              () -> {
                while (!Files.exists(directory.resolve("green"))) {
                  Thread.onSpinWait();
                }
                caller.interrupt();
              });
      watcher.start();
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, "t1"))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("interrupted")
          .hasMessageContaining("nothing is left running");
      assertThat(Thread.interrupted()).isTrue();
      watcher.join();
      assertThat(directory.resolve("green")).doesNotExist();
    }
  }

  private CommandLauncher files(String name) {
    String id = "$BLUEGREEN_TOKEN $BLUEGREEN_GROUP $BLUEGREEN_SERVICE $BLUEGREEN_COLOR";
    return launcher(
        "touch $1; echo start $1 $2 " + id + " $BLUEGREEN_VERSION >> calls",
        "rm -f $1; echo stop $1 " + id + " $BLUEGREEN_VERSION >> calls",
        "[ -e $1 ] || exit 3",
        name);
  }

  private CommandLauncher launcher(String start, String stop, String status, String name) {
    return CommandLauncher.of(
            List.of("sh", "-c", start, "sh", name, "{version}"),
            List.of("sh", "-c", stop, "sh", name),
            List.of("sh", "-c", status, "sh", name))
        .directory(directory);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  private static Slot slot(Service service) {
    return new Group("shop", List.of(service)).slot("web", Color.GREEN);
  }
}
