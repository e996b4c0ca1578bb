package io.bluegreen.testing;

import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A launcher as one {@link Incarnation} of the process sees it. */
final class MortalLauncher implements Launcher {
  private final Incarnation life;
  private final Launcher launcher;

  MortalLauncher(Incarnation life, Launcher launcher) {
    this.life = life;
    this.launcher = launcher;
  }

  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    return life.ask(() -> launcher.check(slot, release, occupant));
  }

  @Override
  public void launch(Slot slot, Release release, String token) {
    life.effect("launch " + slot + " " + release, () -> launcher.launch(slot, release, token));
  }

  @Override
  public void stop(Slot slot, String token, Duration grace) {
    life.effect("stop " + slot, () -> launcher.stop(slot, token, grace));
  }

  @Override
  public LaunchState adoptable(Slot slot) {
    return life.ask(() -> launcher.adoptable(slot));
  }

  @Override
  public void adopt(Slot slot, Release release, String token) {
    life.effect("adopt " + slot + " " + release, () -> launcher.adopt(slot, release, token));
  }

  @Override
  public LaunchState state(Slot slot, String token) {
    return life.ask(() -> launcher.state(slot, token));
  }

  @Override
  public void close() {
    launcher.close();
  }
}
