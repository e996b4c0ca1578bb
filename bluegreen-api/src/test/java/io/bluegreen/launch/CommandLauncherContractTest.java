package io.bluegreen.launch;

import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.testing.contract.LauncherContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A small service manager of three commands: one file for each launch, with a process number. */
class CommandLauncherContractTest implements LauncherContract {
  private static final String START =
      "[ $2 = lasting ] && script='exec sleep 600' || script='echo no database';"
          + " setsid sh -c \"$script\" > $1.log 2>&1 < /dev/null & echo $! > $1.pid";
  private static final String STOP = "[ -e $1.pid ] && kill $(cat $1.pid); rm -f $1.pid";
  private static final String STATUS =
      "[ -e $1.pid ] && kill -0 $(cat $1.pid) && exit 0; cat $1.log; exit 3";

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
  public String lastWords() {
    return "no database";
  }

  private CommandLauncher launcher(String start) {
    return CommandLauncher.of(
            List.of("sh", "-c", start, "sh", "{token}", "{version}"),
            List.of("sh", "-c", STOP, "sh", "{token}"),
            List.of("sh", "-c", STATUS, "sh", "{token}"))
        .directory(directory);
  }
}
