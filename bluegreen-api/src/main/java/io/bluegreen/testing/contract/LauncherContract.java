package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The promises of every {@link Launcher} that starts processes, as tests. */
public interface LauncherContract extends LauncherAdoptionContract {
  @Test
  default void whatWasLaunchedRunsUntilItIsStoppedByItsToken() {
    try (Launcher launcher = openLauncher()) {
      expect(launcher, LaunchState.Kind.ABSENT, "state() promises ABSENT before a launch");
      launcher.launch(slot(), lasting(), TOKEN);
      expect(launcher, LaunchState.Kind.RUNNING, "state() promises RUNNING after a launch");
      launcher.stop(slot(), TOKEN, GRACE);
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as("stop() promises that it has ended when stop() returns")
          .isEqualTo(LaunchState.Kind.ABSENT);
    }
  }

  @Test
  default void theNextProcessFindsAndStopsWhatWasLaunched() {
    try (Launcher first = openLauncher()) {
      first.launch(slot(), lasting(), TOKEN);
    }
    try (Launcher next = openLauncher()) {
      expect(
          next,
          LaunchState.Kind.RUNNING,
          "a launcher promises that launched processes outlive it and are found by their token");
      next.stop(slot(), TOKEN, GRACE);
      expect(next, LaunchState.Kind.ABSENT, "stop() promises to end what another has launched");
    }
  }

  @Test
  default void aSecondLaunchWithTheSameTokenStartsNothing() {
    try (Launcher launcher = openLauncher()) {
      launcher.launch(slot(), lasting(), TOKEN);
      assertThatCode(() -> launcher.launch(slot(), lasting(), TOKEN))
          .as("launch() promises to be idempotent for one token")
          .doesNotThrowAnyException();
      expect(launcher, LaunchState.Kind.RUNNING, "launch() promises to be idempotent");
      launcher.stop(slot(), TOKEN, GRACE);
      expect(
          launcher,
          LaunchState.Kind.ABSENT,
          "launch() promises to start nothing more for a token that runs");
    }
  }

  @Test
  default void whatBearsAnotherTokenIsNeverTouched() {
    try (Launcher launcher = openLauncher()) {
      launcher.launch(slot(), lasting(), TOKEN);
      String promise = "stop() promises never to touch what does not bear its token";
      assertThatCode(() -> launcher.stop(slot(), TOKEN + "2", GRACE))
          .as(promise)
          .doesNotThrowAnyException();
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as(promise)
          .isEqualTo(LaunchState.Kind.RUNNING);
      assertThat(launcher.state(slot(), TOKEN + "2").kind())
          .as("state() promises ABSENT for a token that was never launched")
          .isEqualTo(LaunchState.Kind.ABSENT);
    }
  }

  @Test
  default void stoppingTwiceAndStoppingNothingDoNothing() {
    try (Launcher launcher = openLauncher()) {
      String promise = "stop() promises to do nothing where nothing with its token runs";
      assertThatCode(() -> launcher.stop(slot(), TOKEN, GRACE))
          .as(promise)
          .doesNotThrowAnyException();
      launcher.launch(slot(), lasting(), TOKEN);
      launcher.stop(slot(), TOKEN, GRACE);
      assertThatCode(() -> launcher.stop(slot(), TOKEN, GRACE))
          .as(promise)
          .doesNotThrowAnyException();
    }
  }

  @Test
  default void theSlotIsFreeForTheNextLaunchAfterAStop() {
    try (Launcher launcher = openLauncher()) {
      launcher.launch(slot(), lasting(), TOKEN);
      launcher.stop(slot(), TOKEN, GRACE);
      launcher.launch(slot(), lasting(), TOKEN + "2");
      assertThat(launcher.state(slot(), TOKEN + "2").kind())
          .as("stop() promises that the slot is free when it returns")
          .isEqualTo(LaunchState.Kind.RUNNING);
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as("state() promises to answer for one token only")
          .isEqualTo(LaunchState.Kind.ABSENT);
    }
  }

  @Test
  default void whatEndsByItselfIsToldWithItsLastWords() {
    try (Launcher launcher = openLauncher()) {
      launcher.launch(slot(), ending(), TOKEN);
      expect(launcher, LaunchState.Kind.EXITED, "state() promises EXITED for what has ended");
      Eventually.until(
          "state() promises the end of what was printed: " + lastWords(),
          patience(),
          () -> launcher.state(slot(), TOKEN).lastOutput().contains(lastWords()),
          () -> launcher.state(slot(), TOKEN));
      assertThatCode(() -> launcher.stop(slot(), TOKEN, GRACE))
          .as("stop() promises to do nothing to what has ended")
          .doesNotThrowAnyException();
    }
  }

  @Test
  default void aLaunchThatFailsSaysSoAndLeavesNothingRunning() {
    try (Launcher launcher = openLauncherThatCanNotStart()) {
      String promise = "launch() promises a LaunchException where nothing could be started";
      Optional<Effect> effect = launch(launcher, TOKEN);
      assertThat(effect).as(promise).isPresent();
      LaunchState left = launcher.state(slot(), TOKEN);
      Promise.kept(
          "launch() promises to leave nothing running when it fails", !left.alive(), () -> left);
      expectNothingWhereUnchanged(effect, left);
    }
  }

  @Test
  default void whatRunsIsNotTouchedByALaunchBesideIt() {
    try (Launcher launcher = openLauncher()) {
      launcher.launch(slot(), lasting(), TOKEN);
      Optional<Effect> effect = launch(launcher, TOKEN + "2");
      expectNothingWhereUnchanged(effect, launcher.state(slot(), TOKEN + "2"));
      String promise = "launch() promises never to touch what bears another token";
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as(promise)
          .isEqualTo(LaunchState.Kind.RUNNING);
      launcher.stop(slot(), TOKEN + "2", GRACE);
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as("stop() promises never to touch what does not bear its token")
          .isEqualTo(LaunchState.Kind.RUNNING);
    }
  }

  @Test
  default void checkTouchesNothingAndFindsNothingWhereALaunchSucceeds() {
    try (Launcher launcher = openLauncher()) {
      assertThat(launcher.check(slot(), lasting(), Optional.empty()))
          .as("check() promises no false alarm: the slot is free")
          .isEmpty();
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as("check() promises to start nothing")
          .isEqualTo(LaunchState.Kind.ABSENT);
      launcher.launch(slot(), lasting(), TOKEN);
      expect(launcher, LaunchState.Kind.RUNNING, "state() promises RUNNING after a launch");
      assertThat(launcher.check(slot(), lasting(), Optional.of(TOKEN)))
          .as("check() promises that the launch on record, which is stopped first, is no reason")
          .isEmpty();
      assertThat(launcher.state(slot(), TOKEN).kind())
          .as("check() promises to stop nothing")
          .isEqualTo(LaunchState.Kind.RUNNING);
    }
  }

  @Test
  default void whatCheckFindsIsRefusedByTheLaunch() {
    try (Launcher launcher = openLauncher()) {
      launcher.launch(slot(), lasting(), TOKEN);
      expect(launcher, LaunchState.Kind.RUNNING, "state() promises RUNNING after a launch");
      List<LaunchFinding> found = launcher.check(slot(), lasting(), Optional.empty());
      Optional<Effect> effect = launch(launcher, TOKEN + "2");
      Promise.kept(
          "check() promises that what it finds is refused by launch()",
          found.isEmpty() || effect.equals(Optional.of(Effect.UNCHANGED)),
          () ->
              found
                  + ", and then a launch that "
                  + effect.map(e -> "failed, " + e).orElse("succeeded"));
    }
  }

  private static void expectNothingWhereUnchanged(Optional<Effect> effect, LaunchState left) {
    Promise.kept(
        "a LaunchException promises that nothing was started where it says UNCHANGED",
        !effect.equals(Optional.of(Effect.UNCHANGED)) || left.kind() == LaunchState.Kind.ABSENT,
        () -> left);
  }

  /** Launches, and returns the effect that a failure names; empty if there was no failure. */
  private Optional<Effect> launch(Launcher launcher, String token) {
    try {
      launcher.launch(slot(), lasting(), token);
      return Optional.empty();
    } catch (LaunchException e) {
      return Optional.of(e.effect());
    }
  }

  private void expect(Launcher launcher, LaunchState.Kind kind, String promise) {
    Eventually.until(
        promise,
        patience(),
        () -> launcher.state(slot(), TOKEN).kind() == kind,
        () -> launcher.state(slot(), TOKEN));
  }
}
