package io.bluegreen.testing.contract;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchFinding;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.LaunchFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Each is right, with one thing wrong. */
final class WrongLaunchers {
  private WrongLaunchers() {}

  static class StopsByName extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public void stop(Slot slot, String token, Duration grace) {
          fake.running(slot.service().name(), slot.color())
              .ifPresent(running -> super.stop(slot, running.token(), grace));
        }
      };
    }
  }

  static class ForgetsWithItsProcess extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FakeLauncher();
    }

    @Override
    public Duration patience() {
      return Duration.ofMillis(50);
    }
  }

  /** Starts something, and then says that it has refused. */
  static class ClaimsThatNothingWasStarted extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncherThatCanNotStart() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public void launch(Slot slot, Release release, String token) {
          ((FakeLauncher) right).next(LaunchFault.EXIT_AT_ONCE);
          super.launch(slot, release, token);
          throw new LaunchException("refused", LaunchException.Effect.UNCHANGED);
        }
      };
    }
  }

  /** Makes room for what it launches. */
  static class MakesRoom extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public void launch(Slot slot, Release release, String token) {
          fake.running(slot.service().name(), slot.color())
              .filter(other -> !other.token().equals(token))
              .ifPresent(other -> super.stop(slot, other.token(), Duration.ZERO));
          super.launch(slot, release, token);
        }
      };
    }
  }

  static class TakesItsOwnLaunchForAReason extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
          return super.check(slot, release, Optional.empty());
        }
      };
    }
  }

  static class FindsWhatItThenLaunches extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public void launch(Slot slot, Release release, String token) {
          if (fake.running(slot.service().name(), slot.color()).isEmpty()) {
            super.launch(slot, release, token);
          }
        }
      };
    }
  }

  static class StopsWhenItChecks extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
          occupant.ifPresent(token -> super.stop(slot, token, Duration.ZERO));
          return List.of();
        }
      };
    }
  }

  static class HidesFailure extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncherThatCanNotStart() {
      return new FlawedLauncher(super.openLauncherThatCanNotStart()) {
        @Override
        public void launch(Slot slot, Release release, String token) {
          try {
            super.launch(slot, release, token);
          } catch (LaunchException hidden) {
            return;
          }
        }
      };
    }
  }
}
