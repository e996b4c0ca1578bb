package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that runs by the word of the status command is taken over if the stop command can stop
 * it.
 */
class CommandAdoptionTest {
  private static final Release RELEASE = Release.of("1.4.2");
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final List<String> START = List.of("touch", "{color}-{version}");
  private static final List<String> STOP = List.of("rm", "-f", "{color}");

  private final Slot slot = slot("http://h:2");
  @TempDir Path directory;

  @Test
  void runningServiceIsTakenOverAndStopped() throws Exception {
    try (CommandLauncher launcher = launcher(STOP, status("{color}"))) {
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.ABSENT);
      Path file = Files.createFile(directory.resolve("green"));
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.RUNNING);
      assertThat(launcher.check(slot, RELEASE, Optional.empty()))
          .extracting(LaunchFinding::reason)
          .singleElement()
          .asString()
          .contains("stop that first, or take it over with Operation.adopt(release)");
      launcher.adopt(slot, RELEASE, "t1");
      launcher.adopt(slot, RELEASE, "t1");
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.RUNNING);
      launcher.stop(slot, "t1", GRACE);
      assertThat(file).doesNotExist();
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.ABSENT);
    }
  }

  @Test
  void serviceThatWasTakenOverAndEndsByItselfHasExited() throws Exception {
    Path file = Files.createFile(directory.resolve("green"));
    try (CommandLauncher launcher = launcher(STOP, status("{color}"))) {
      launcher.adopt(slot, RELEASE, "t1");
      Files.delete(file);
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.EXITED);
      assertThat(launcher.state(slot, "t2").kind()).isEqualTo(Kind.ABSENT);
    }
  }

  /** The file of the colour is there; the commands look for one of the token. */
  @Test
  void serviceWithoutATokenIsUnknownWhereOnlyTheTokenTellsLaunchesApart() throws Exception {
    Files.createFile(directory.resolve("green"));
    try (CommandLauncher both = launcher(List.of("rm", "{token}"), status("{token}"));
        CommandLauncher stop = launcher(List.of("rm", "{token}"), status("{color}"))) {
      refused(both, slot, "tells launches apart by {token}", "{color}");
      refused(stop, slot, "the stop command needs the {token}", "{color}");
    }
    assertThat(directory.resolve("green")).exists();
  }

  @Test
  void statusCommandIsAskedWithTheTokenThatIsGivenWhereItHasOne() throws Exception {
    Files.createFile(directory.resolve("t1"));
    try (CommandLauncher launcher = launcher(List.of("rm", "{token}"), status("{token}"))) {
      assertThat(launcher.adoptable(slot).kind()).isEqualTo(Kind.UNKNOWN);
      refused(launcher, slot, "{token}");
      launcher.adopt(slot, RELEASE, "t1");
      assertThat(launcher.state(slot, "t1").kind()).isEqualTo(Kind.RUNNING);
    }
  }

  @Test
  void slotThatRunsInPartIsUnknownAndTheInstanceIsNamed() throws Exception {
    Slot two = slot("http://h:2", "http://h:3");
    Files.createFile(directory.resolve("green-2"));
    try (CommandLauncher launcher =
        launcher(List.of("rm", "-f", "{color}-{port}"), status("{color}-{port}"))) {
      refused(launcher, two, "web/green[1] http://h:3", "start what is missing");
      Files.createFile(directory.resolve("green-3"));
      assertThat(launcher.adoptable(two).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  @Test
  void serviceThatCanNotBeStoppedIsUnknown() throws Exception {
    Files.createFile(directory.resolve("green"));
    try (CommandLauncher gone = launcher(List.of("nosuchprogram", "{color}"), status("{color}"));
        CommandLauncher same = launcher(List.of("kill", "{port}"), status("{color}"))) {
      refused(gone, slot, "could not be stopped", "nosuchprogram");
      Service shared = Service.named("web").blue("http://a:80").green("http://b:80");
      refused(
          same,
          new Group("shop", List.of(shared)).slot("web", Color.GREEN),
          "would be the same for web/blue");
    }
  }

  @Test
  void serviceOfUnknownStatusIsNotTakenOver() {
    try (CommandLauncher launcher = launcher(STOP, List.of("false", "{color}"))) {
      refused(launcher, slot, "it is to end with 0 if it runs");
    }
  }

  private void refused(CommandLauncher launcher, Slot where, String... named) {
    LaunchState found = launcher.adoptable(where);
    assertThat(found.kind()).isEqualTo(Kind.UNKNOWN);
    assertThatThrownBy(() -> launcher.adopt(where, RELEASE, "t2"))
        .isInstanceOf(LaunchException.class)
        .hasMessageContainingAll(named)
        .hasMessageContaining("Nothing was changed")
        .extracting(e -> ((LaunchException) e).effect())
        .isEqualTo(Effect.UNCHANGED);
  }

  private CommandLauncher launcher(List<String> stop, List<String> status) {
    return CommandLauncher.of(START, stop, status).directory(directory);
  }

  private static List<String> status(String file) {
    return List.of("sh", "-c", "[ -e $1 ] || exit 3", "sh", file);
  }

  private static Slot slot(String... green) {
    Service web = Service.named("web").blue("http://h:1").green(green);
    return new Group("shop", List.of(web)).slot("web", Color.GREEN);
  }
}
