package io.bluegreen.testing.contract;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.FakeLauncher;
import java.time.Duration;

/** Each is a right launcher, with one thing wrong in how it takes over what it did not start. */
final class WrongAdoptions {
  private WrongAdoptions() {}

  /** Calls adoptable what it then refuses. */
  static class RefusesWhatItCallsAdoptable extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public void adopt(Slot slot, Release release, String token) {
          throw new LaunchException("refused", LaunchException.Effect.UNCHANGED);
        }
      };
    }
  }

  /** Knows by its token what it has taken over, and can't end it. */
  static class ForgetsWhatItHasTakenOver extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public void stop(Slot slot, String token, Duration grace) {
          boolean adopted = adoptable(slot).alive();
          super.stop(slot, token, grace);
          if (adopted) {
            fake.strangerRuns("web", slot.color());
          }
        }
      };
    }
  }

  /** Starts again what it takes over. */
  static class EndsWhatItTakesOver extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public void adopt(Slot slot, Release release, String token) {
          super.adopt(slot, release, token);
          fake.strangerEnds("web", slot.color());
        }
      };
    }
  }

  /** Takes an adoption that was given up for one that holds. */
  static class ClingsToTheFirstToken extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public void adopt(Slot slot, Release release, String token) {
          if (fake.running("web", slot.color()).isPresent()) {
            throw new LaunchException("taken over already", LaunchException.Effect.UNCHANGED);
          }
          super.adopt(slot, release, token);
        }
      };
    }
  }

  /** Refuses the same token twice. */
  static class AdoptsOnce extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public void adopt(Slot slot, Release release, String token) {
          if (super.state(slot, token).alive()) {
            throw new LaunchException("done before", LaunchException.Effect.UNCHANGED);
          }
          super.adopt(slot, release, token);
        }
      };
    }
  }

  /** Remembers what it has taken over, and does not look whether it still runs. */
  static class RemembersWhatHasEnded extends FakeLauncherContractTest {
    private boolean adopted;

    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public void adopt(Slot slot, Release release, String token) {
          super.adopt(slot, release, token);
          adopted = true;
        }

        @Override
        public LaunchState state(Slot slot, String token) {
          return adopted ? LaunchState.running("taken over") : super.state(slot, token);
        }
      };
    }

    @Override
    public Duration patience() {
      return Duration.ofMillis(50);
    }
  }

  /** Ends what it looks at. */
  static class EndsWhatItLooksAt extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      FakeLauncher fake = (FakeLauncher) super.openLauncher();
      return new FlawedLauncher(fake) {
        @Override
        public LaunchState adoptable(Slot slot) {
          LaunchState found = super.adoptable(slot);
          fake.strangerEnds("web", slot.color());
          return found;
        }
      };
    }
  }

  /** Takes over whatever it is told to. */
  static class AdoptsNothing extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public void adopt(Slot slot, Release release, String token) {}
      };
    }
  }

  /** Finds nothing that it could take over, whatever runs. */
  static class SeesNoStranger extends FakeLauncherContractTest {
    @Override
    public Launcher openLauncher() {
      return new FlawedLauncher(super.openLauncher()) {
        @Override
        public LaunchState adoptable(Slot slot) {
          return LaunchState.absent();
        }
      };
    }
  }
}
