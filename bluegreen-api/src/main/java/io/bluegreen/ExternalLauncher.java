package io.bluegreen;

import java.time.Duration;

/** Somebody else runs the service. */
enum ExternalLauncher implements Launcher {
  INSTANCE;

  @Override
  public void launch(Slot slot, Release release, String token) {}

  @Override
  public void stop(Slot slot, String token, Duration grace) {}

  @Override
  public LaunchState adoptable(Slot slot) {
    return LaunchState.external();
  }

  @Override
  public void adopt(Slot slot, Release release, String token) {}

  @Override
  public LaunchState state(Slot slot, String token) {
    return LaunchState.external();
  }

  @Override
  public String toString() {
    return "external";
  }
}
