package io.bluegreen.launch;

import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.contract.LauncherContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small service manager of three commands: one file for each launch, with a process number. It
 * knows a service that was started without a token by its colour, and takes it for any launch.
 */
class CommandLauncherContractTest implements LauncherContract {
  private static final String START =
      "[ $2 = lasting ] && script='exec sleep 600' || script='echo no database';"
          + " setsid sh -c \"$script\" > $1.log 2>&1 < /dev/null & echo $! > $1.pid";
  private static final String STOP =
      "for f in $1 $2; do [ -e $f.pid ] && kill $(cat $f.pid); rm -f $f.pid; done";
  private static final String STATUS =
      "for f in $1 $2; do [ -e $f.pid ] && kill -0 $(cat $f.pid) && exit 0; done;"
          + " cat $1.log; exit 3";

  @TempDir Path directory;
  private final int[] ports = Workshop.freePorts(1);

  @Override
  public Launcher openLauncher() {
    return launcher(START);
  }

  @Override
  public Launcher openLauncherThatCanNotStart() {
    return launcher("exit 1");
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
  public Optional<AutoCloseable> startStranger() {
    try {
      Process process = new ProcessBuilder("sleep", "600").start();
      Files.writeString(directory.resolve("green.pid"), Long.toString(process.pid()));
      return Optional.of(() -> process.destroyForcibly().waitFor());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String lastWords() {
    return "no database";
  }

  private CommandLauncher launcher(String start) {
    return CommandLauncher.of(
            List.of("sh", "-c", start, "sh", "{token}", "{version}"),
            List.of("sh", "-c", STOP, "sh", "{token}", "{color}"),
            List.of("sh", "-c", STATUS, "sh", "{token}", "{color}"))
        .directory(directory);
  }
}
