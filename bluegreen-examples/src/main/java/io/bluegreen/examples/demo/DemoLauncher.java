package io.bluegreen.examples.demo;

import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A launcher whose processes end with it. A real one leaves them running when its host ends; a demo
 * leaves nothing.
 */
final class DemoLauncher implements Launcher {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Launcher launcher;
  private final Map<String, Slot> launched = new LinkedHashMap<>();

  DemoLauncher(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    return launcher.check(slot, release, occupant);
  }

  @Override
  public void launch(Slot slot, Release release, String token) {
    synchronized (launched) {
      launched.put(token, slot); // First, so that one which starts too late is ended, too.
    }
    launcher.launch(slot, release, token);
  }

  @Override
  public void stop(Slot slot, String token, Duration grace) {
    launcher.stop(slot, token, grace);
    synchronized (launched) {
      launched.remove(token);
    }
  }

  @Override
  public LaunchState adoptable(Slot slot) {
    return launcher.adoptable(slot);
  }

  @Override
  public void adopt(Slot slot, Release release, String token) {
    launcher.adopt(slot, release, token);
  }

  @Override
  public LaunchState state(Slot slot, String token) {
    return launcher.state(slot, token);
  }

  /** Ends what still runs. */
  @Override
  public void close() {
    Map<String, Slot> left;
    synchronized (launched) {
      left = new LinkedHashMap<>(launched);
    }
    left.forEach((token, slot) -> stop(slot, token, GRACE));
    launcher.close();
  }
}
