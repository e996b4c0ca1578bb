package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.testing.FakeLauncher;
import io.bluegreen.testing.LaunchFault;
import java.util.List;
import java.util.Optional;

class FakeLauncherContractTest implements LauncherContract {
  private final FakeLauncher launcher = new FakeLauncher();

  @Override
  public Launcher openLauncher() {
    return launcher;
  }

  @Override
  public Launcher openLauncherThatCanNotStart() {
    return launcher.next(LaunchFault.FAIL);
  }

  @Override
  public Slot slot() {
    return new Group(
            "shop", List.of(Service.named("web").blue("http://[::1]:5001").green("http://h:5002")))
        .slot("web", Color.GREEN);
  }

  @Override
  public Release lasting() {
    return Release.of("1.0");
  }

  @Override
  public Release ending() {
    launcher.next(LaunchFault.EXIT_AT_ONCE);
    return Release.of("1.1");
  }

  @Override
  public Optional<AutoCloseable> startStranger() {
    launcher.strangerRuns("web", Color.GREEN);
    return Optional.of(() -> launcher.strangerEnds("web", Color.GREEN));
  }

  @Override
  public String lastWords() {
    return "exited, as told";
  }
}
