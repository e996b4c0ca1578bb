package io.bluegreen.engine;

import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.Incarnation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A launcher whose process dies as soon as it has told a slot to stop, which then takes 9 s. */
record SlowToStop(Shop shop, Incarnation life, Predicate<Slot> which) implements Launcher {
  @Override
  public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    return shop.launcher.check(slot, release, occupant);
  }

  @Override
  public void launch(Slot slot, Release release, String token) {
    shop.launcher.launch(slot, release, token);
  }

  @Override
  public void stop(Slot slot, String token, Duration grace) {
    if (which.test(slot)) {
      shop.time.after(Duration.ofSeconds(9), () -> shop.launcher.stop(slot, token, grace));
      life.die();
    } else {
      shop.launcher.stop(slot, token, grace);
    }
  }

  @Override
  public LaunchState state(Slot slot, String token) {
    return shop.launcher.state(slot, token);
  }
}
