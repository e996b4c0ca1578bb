package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.FreePorts;
import io.bluegreen.Group;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchFinding.Kind;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mistakes that can be known before a launch are found before it, and the check touches nothing.
 */
class LaunchCheckTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "java -jar app-{verion}.jar        | INVALID | the placeholder {verion} at character 5",
        "java -jar app-{version}.jar       | MISSING | app-1.4.2.jar, which java is to run",
        "java -Xmx64m -cp x -jar gone.jar  | MISSING | gone.jar",
        "java -javaagent:gone.jar=x Main   | MISSING | gone.jar",
        "/no/such/program                  | MISSING | program /no/such/program",
        "nosuchprogram                     | MISSING | \"nosuchprogram\" was not found in PATH",
        "python3 app.py                    | MISSING | app.py",
        "sh ./start.sh                     | MISSING | start.sh",
        "perl start.pl --port {port}       | MISSING | start.pl",
        "node server.js                    | MISSING | server.js",
      })
  void mistakeIsFoundAndTheLaunchIsRefusedOrFails(String argv, Kind kind, String reason) {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = command(argv)) {
      // Where this machine lacks the interpreter, the check finds that before it looks at the
      // script.
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .hasSize(1)
          .allSatisfy(found -> assertThat(found.kind()).isEqualTo(kind))
          .allSatisfy(
              found -> assertThat(found.reason()).containsAnyOf(reason, "was not found in PATH"));
      assertThat(directory.resolve("run")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java -version",
        "java Main -jar app-argument.jar",
        "java @options -jar later.jar",
        "java -jar here.jar --config gone.yaml",
        "sh -c true",
        "sh ls",
        "sh here.sh gone.txt",
        "python3 -m http.server",
        "python3 -",
        "perl -e 1 gone.pl",
        "env java -jar gone.jar",
        "sleep 600"
      })
  void uncertainMistakeIsNoFinding(String argv) throws Exception {
    Files.createFile(directory.resolve("here.jar"));
    Files.createFile(directory.resolve("here.sh"));
    try (ProcessLauncher launcher = command(argv)) {
      assertThat(launcher.check(workshop.slot(1), RELEASE, Optional.empty()))
          .allMatch(found -> found.reason().contains("was not found in PATH"));
    }
  }

  @Test
  void missingDirectoryAnUnknownPlaceholderInAVariableAndAStrangeRunDirectoryAreFound()
      throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher =
        workshop
            .script(Workshop.FOREVER)
            .directory(directory.resolve("gone"))
            .environment("A", "{colour}")
            .runDirectory(file.resolve("run"))) {
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .extracting(LaunchFinding::reason)
          .anyMatch(reason -> reason.contains("gone does not exist"))
          .anyMatch(reason -> reason.contains("environment A: the placeholder {colour}"))
          .anyMatch(reason -> reason.contains("can't be written: look at " + file));
    }
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER).runDirectory(open)) {
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .extracting(LaunchFinding::reason)
          .anyMatch(reason -> reason.contains("nobody else can write"));
    }
  }

  @Test
  void portThatSomebodyElseHoldsIsFoundAndThatOfTheOccupantIsNoReason() throws Exception {
    try (ServerSocket socket = FreePorts.listen(1)) {
      Slot slot = workshop.slotAt(socket.getLocalPort());
      try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
        assertThat(launcher.check(slot, RELEASE, Optional.of(workshop.anotherToken)))
            .hasSize(1)
            .allSatisfy(
                found -> {
                  assertThat(found.kind()).isEqualTo(Kind.TAKEN);
                  assertThat(found.reason())
                      .contains("port " + socket.getLocalPort(), "pid " + pid(), "Stop that");
                });
        assertThatThrownBy(() -> launcher.launch(slot, RELEASE, workshop.token))
            .isInstanceOf(LaunchException.class)
            .extracting(e -> ((LaunchException) e).effect())
            .isEqualTo(Effect.UNCHANGED);
      }
    }
    Slot slot = workshop.slot(1);
    int port = slot.instances().get(0).endpoint().orElseThrow().getPort();
    try (ProcessLauncher launcher =
        workshop.script(
            "exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr =>"
                + " \"127.0.0.1\", LocalPort => $ARGV[0], Listen => 1, ReuseAddr => 1); print"
                + " \"listening\\n\"; $| = 1; print \"\\n\"; $0 = \"x\" x 4000; sleep 600' "
                + port)) {
      launcher.launch(slot, RELEASE, workshop.token);
      workshop.awaitOutput(slot, 0, "listening");
      assertThat(launcher.check(slot, RELEASE, Optional.of(workshop.token))).isEmpty();
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .hasSize(2)
          .allMatch(found -> found.kind() == Kind.TAKEN);
      launcher.stop(slot, workshop.token, GRACE);
      assertThat(launcher.check(slot, RELEASE, Optional.empty())).isEmpty();
    }
  }

  @Test
  void damagedRecordIsFound() throws Exception {
    Slot slot = workshop.slot(1);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, RELEASE, workshop.token);
      launcher.stop(slot, workshop.token, GRACE);
      Files.writeString(workshop.file(slot, ".json"), "{");
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .extracting(LaunchFinding::reason)
          .anyMatch(reason -> reason.contains("delete it"));
      Files.delete(workshop.file(slot, ".json"));
      assertThat(launcher.check(slot, RELEASE, Optional.empty())).isEmpty();
    }
  }

  @Test
  void commandsAreCheckedBeforeAnyIsRun() {
    assertThat(found(commands("nosuchprogram {color}", "rm {color}", "sh -c true {color}")))
        .containsExactly(Kind.MISSING);
    assertThat(found(commands("touch {color}", "nosuchprogram {color}", "true {color}")))
        .containsExactly(Kind.MISSING);
    assertThat(found(commands("touch {color}{verion}", "rm {color}", "true {color}")))
        .containsExactly(Kind.INVALID);
    assertThat(found(commands("touch {color}", "rm {color}", "true {color}").directory(gone())))
        .containsExactly(Kind.MISSING);
    assertThat(found(commands("touch {color}", "rm {color}", "false {color}")))
        .containsExactly(Kind.TAKEN); // Exit code 1: it can't be told.
  }

  @Test
  void processInASlotWithoutARecordIsFoundAndTheLaunchOnRecordIsNoReason() throws Exception {
    try (CommandLauncher launcher = files()) {
      Slot slot = slot();
      assertThat(launcher.check(slot, RELEASE, Optional.empty())).isEmpty();
      launcher.launch(slot, RELEASE, "t1");
      assertThat(launcher.check(slot, RELEASE, Optional.of("t1"))).isEmpty();
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .extracting(LaunchFinding::reason)
          .anyMatch(reason -> reason.contains("something runs there already"));
      assertThatThrownBy(() -> launcher.launch(slot, RELEASE, "t2"))
          .isInstanceOf(LaunchException.class)
          .extracting(e -> ((LaunchException) e).effect())
          .isEqualTo(Effect.UNCHANGED);
      assertThat(directory.resolve("green")).exists();
    }
  }

  private CommandLauncher files() {
    return CommandLauncher.of(
            List.of("touch", "{color}"),
            List.of("rm", "-f", "{color}"),
            List.of("sh", "-c", "[ -e $1 ] || exit 3", "sh", "{color}"))
        .directory(directory);
  }

  private static List<Kind> found(Launcher launcher) {
    return launcher.check(slot(), RELEASE, Optional.empty()).stream()
        .map(LaunchFinding::kind)
        .toList();
  }

  private CommandLauncher commands(String start, String stop, String status) {
    return CommandLauncher.of(words(start), words(stop), words(status)).directory(directory);
  }

  private ProcessLauncher command(String argv) {
    return ProcessLauncher.command(words(argv).toArray(String[]::new))
        .directory(directory)
        .runDirectory(directory.resolve("run"));
  }

  private Path gone() {
    return directory.resolve("gone");
  }

  private static List<String> words(String text) {
    return new ArrayList<>(List.of(text.strip().split(" ", -1)));
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static Slot slot() {
    Service web = Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2");
    return new Group("shop", List.of(web)).slot("web", Color.GREEN);
  }
}
