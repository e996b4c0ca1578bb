package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a launcher promises of processes that it did not start and takes over. */
public interface LauncherAdoptionContract extends LauncherUnderTest {
  @Test
  default void whatIsCalledAdoptableIsKnownByItsTokenAndEndedByStop() throws Exception {
    withStranger(
        launcher -> {
          assertThatCode(() -> launcher.adopt(slot(), lasting(), TOKEN))
              .as("adoptable() promises that adopt() takes over what it calls RUNNING")
              .doesNotThrowAnyException();
          assertThat(launcher.state(slot(), TOKEN).kind())
              .as("adopt() promises that state() tells of it by the token")
              .isEqualTo(LaunchState.Kind.RUNNING);
          launcher.stop(slot(), TOKEN, GRACE);
          assertThat(launcher.state(slot(), TOKEN).kind())
              .as("adopt() promises that stop() ends what was taken over")
              .isEqualTo(LaunchState.Kind.ABSENT);
          LaunchState left = launcher.adoptable(slot());
          Promise.kept(
              "adopt() promises that stop() ends what was taken over, and not only forgets it",
              !left.alive(),
              () -> left);
        });
  }

  @Test
  default void adoptStartsAndEndsNothingAndIsIdempotent() throws Exception {
    withStranger(
        launcher -> {
          LaunchState before = launcher.adoptable(slot());
          launcher.adopt(slot(), lasting(), TOKEN);
          assertThat(launcher.adoptable(slot()))
              .as("adopt() promises to start and to end nothing")
              .isEqualTo(before);
          assertThatCode(() -> launcher.adopt(slot(), lasting(), TOKEN))
              .as("adopt() promises to be idempotent for one token")
              .doesNotThrowAnyException();
          try (Launcher next = openLauncher()) {
            assertThat(next.state(slot(), TOKEN).kind())
                .as("a launcher promises that what was taken over is found by its token, later too")
                .isEqualTo(LaunchState.Kind.RUNNING);
          }
        });
  }

  @Test
  default void adoptionThatWasGivenUpIsInNobodysWay() throws Exception {
    withStranger(
        launcher -> {
          launcher.adopt(slot(), lasting(), TOKEN);
          assertThat(launcher.adoptable(slot()).kind())
              .as("adopt() promises that one that is given up changes nothing of what runs")
              .isEqualTo(LaunchState.Kind.RUNNING);
          assertThatCode(() -> launcher.adopt(slot(), lasting(), TOKEN + "2"))
              .as("adopt() promises that another token works after one that was given up")
              .doesNotThrowAnyException();
          assertThat(launcher.state(slot(), TOKEN + "2").kind())
              .as("adopt() promises that state() tells of it by the latest token")
              .isEqualTo(LaunchState.Kind.RUNNING);
          assertThat(launcher.check(slot(), lasting(), Optional.of(TOKEN + "2")))
              .as("check() promises that what was taken over, and is stopped first, is no reason")
              .isEmpty();
          launcher.stop(slot(), TOKEN + "2", GRACE);
          assertThat(launcher.state(slot(), TOKEN + "2").kind())
              .as("adopt() promises that stop() ends what was taken over")
              .isEqualTo(LaunchState.Kind.ABSENT);
        });
  }

  @Test
  default void whatWasTakenOverAndEndsByItselfIsNotSaidToRun() throws Exception {
    try (Launcher launcher = openLauncher()) {
      Optional<AutoCloseable> stranger = startStranger();
      if (stranger.isPresent()) {
        launcher.adopt(slot(), lasting(), TOKEN);
        stranger.get().close();
      }
      Eventually.until(
          "state() promises that what has ended does not run, taken over or not",
          patience(),
          () -> !launcher.state(slot(), TOKEN).alive(),
          () -> launcher.state(slot(), TOKEN));
    }
  }

  @Test
  default void adoptableTouchesNothing() throws Exception {
    withStranger(
        launcher -> {
          assertThat(launcher.adoptable(slot()).kind())
              .as("adoptable() promises to touch nothing: the next look sees the same")
              .isEqualTo(LaunchState.Kind.RUNNING);
          assertThat(launcher.state(slot(), TOKEN).kind())
              .as("adoptable() promises to take over nothing")
              .isNotEqualTo(LaunchState.Kind.EXITED);
        });
  }

  @Test
  default void whatIsNotAdoptableIsRefusedAndLeftAsItIs() {
    try (Launcher launcher = openLauncher()) {
      LaunchState before = launcher.adoptable(slot());
      Promise.kept(
          "adoptable() promises not to say that something runs where nothing does",
          !before.alive(),
          () -> before);
      Optional<Effect> effect = adopt(launcher, TOKEN);
      Promise.kept(
          "adopt() promises to refuse, with nothing changed, what adoptable() does not call"
              + " RUNNING",
          effect.equals(Optional.of(Effect.UNCHANGED)),
          () -> effect.map(e -> "failed, " + e).orElse("succeeded"));
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as("adopt() promises to change nothing when it refuses")
          .isEqualTo(LaunchState.Kind.ABSENT);
      launcher.launch(slot(), lasting(), TOKEN + "2");
      assertThat(launcher.state(slot(), TOKEN + "2").kind())
          .as("adopt() promises to be in nobody's way when it refuses")
          .isEqualTo(LaunchState.Kind.RUNNING);
    }
  }

  /**
   * Asks promises about what somebody else runs; where nobody does, that nothing can be taken over.
   */
  private void withStranger(Consumer<Launcher> promises) throws Exception {
    try (Launcher launcher = openLauncher()) {
      Optional<AutoCloseable> stranger = startStranger();
      try {
        LaunchState found = launcher.adoptable(slot());
        Promise.kept(
            "adoptable() promises to call RUNNING what can be taken over, and nothing else",
            stranger.isPresent() == (found.kind() == LaunchState.Kind.RUNNING),
            () -> found);
        if (stranger.isPresent()) {
          promises.accept(launcher);
        }
      } finally {
        if (stranger.isPresent()) {
          stranger.get().close();
        }
      }
    }
  }

  private Optional<Effect> adopt(Launcher launcher, String token) {
    try {
      launcher.adopt(slot(), lasting(), token);
      return Optional.empty();
    } catch (LaunchException e) {
      return Optional.of(e.effect());
    }
  }
}
