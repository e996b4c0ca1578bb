package io.bluegreen.launch;

import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.contract.LauncherContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherContractTest implements LauncherContract {
  private static final String SCRIPT = "[ $1 = lasting ] && exec sleep 600; echo no database";

  @TempDir Path directory;
  private final int[] ports = Workshop.freePorts(2);

  @Override
  public Launcher openLauncher() {
    return new Workshop(directory).script(SCRIPT, "{version}");
  }

  @Override
  public Launcher openLauncherThatCanNotStart() {
    return ProcessLauncher.command("/no/such/program").runDirectory(directory.resolve("run"));
  }

  @Override
  public Slot slot() {
    return new Workshop(directory).slotAt(ports);
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
  public String lastWords() {
    return "no database";
  }
}
