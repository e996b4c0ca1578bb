package io.bluegreen.launch;

import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.contract.LauncherContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherContractTest implements LauncherContract {
  private static final String SCRIPT = "[ $1 = lasting ] && exec sleep 600; echo no database";

  @TempDir Path directory;
  private final int[] ports = Workshop.freePorts(2);

  @Override
  public Launcher openLauncher() {
    return workshop().script(SCRIPT, "{version}").adoptingProcesses();
  }

  @Override
  public Launcher openLauncherThatCanNotStart() {
    return ProcessLauncher.command("/no/such/program").runDirectory(directory.resolve("run"));
  }

  @Override
  public Slot slot() {
    return workshop().slotAt(ports);
  }

  @Override
  public Release lasting() {
    return Release.of("lasting");
  }

  @Override
  public Release ending() {
    return Release.of("ending");
  }

  @Override
  public Optional<AutoCloseable> startStranger() {
    Listeners listeners = new Listeners(directory);
    for (int port : ports) {
      listeners.start(Listeners.ONE, port);
    }
    return Optional.of(listeners);
  }

  private Workshop workshop() {
    return new Workshop(directory);
  }

  @Override
  public String lastWords() {
    return "no database";
  }
}
