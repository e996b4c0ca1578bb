package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.support.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Switches as deploy scripts do: edits a file, tests it, reloads, and proves nothing. */
final class ShellSwitcher implements Switcher {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Paths are handed in as arguments: the shell does not read them as text of its own. */
  private static final String SCRIPT =
      "file=$1 from=$2 to=$3; shift 3; sed -i \"s/{ \\* $from; }/{ * $to; }/\" \"$file\" && \"$@\""
          + " -t -q && \"$@\" -s reload";

  private final Path file;
  private final List<String> nginx;

  /**
   * Does nothing yet.
   *
   * @param file that says which colour serves
   * @param nginx the command that nginx was started with
   */
  ShellSwitcher(Path file, List<String> nginx) {
    this.file = file;
    this.nginx = List.copyOf(nginx);
  }

  @Override
  public void switchTo(Color color) throws IOException, InterruptedException {
    List<String> argv =
        new ArrayList<>(
            List.of("sh", "-c", SCRIPT, "switch", file.toString(), color.other().label()));
    argv.add(color.label());
    argv.addAll(nginx);
    Command.Result result = Command.of(argv).without("NGINX").run(LIMIT);
    if (!result.ok()) {
      throw new IOException("the shell's way failed: " + result);
    }
  }
}
