package io.bluegreen.testing.contract;

import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Passes everything on to a launcher that is right. */
class FlawedLauncher implements Launcher {
  final Launcher right;

  FlawedLauncher(Launcher right) {
    this.right = right;
  }

  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    return right.check(slot, release, occupant);
  }

  @Override
  public void launch(Slot slot, Release release, String token) {
    right.launch(slot, release, token);
  }

  @Override
  public void stop(Slot slot, String token, Duration grace) {
    right.stop(slot, token, grace);
  }

  @Override
  public LaunchState adoptable(Slot slot) {
    return right.adoptable(slot);
  }

  @Override
  public void adopt(Slot slot, Release release, String token) {
    right.adopt(slot, release, token);
  }

  @Override
  public LaunchState state(Slot slot, String token) {
    return right.state(slot, token);
  }
}
