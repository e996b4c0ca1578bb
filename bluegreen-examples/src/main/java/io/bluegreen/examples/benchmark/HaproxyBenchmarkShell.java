package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Switches as deploy scripts do: makes a file durable, moves it into its place, and then gives the
 * commands by socat. It ignores socat's output, and a reload that is under way. The shell is
 * started once, so that only what it starts for a switch is timed.
 */
final class HaproxyBenchmarkShell implements Switcher {
  /** Paths are handed in as arguments: the shell does not read them as text of its own. */
  private static final String SCRIPT =
      """
      file=$1 socket=$2; shift 2
      while read -r value; do
        list=
        for key; do
          printf '%s %s\\n' "$key" "$value"
          list="$list;set map $file $key $value"
        done > "$file.tmp" && sync "$file.tmp" && mv "$file.tmp" "$file" && sync "${file%/*}" &&
          echo "${list#;}" | socat stdio "unix-connect:$socket" >/dev/null &&
          echo switched || echo failed
      done
      """;

  private final Process shell;
  private final Writer orders;
  private final BufferedReader reports;
  private long generation;

  /** Starts the shell. */
  HaproxyBenchmarkShell(Path file, Path socket, List<String> keys) throws IOException {
    List<String> argv =
        new ArrayList<>(List.of("sh", "-c", SCRIPT, "switch", file.toString(), socket.toString()));
    argv.addAll(keys);
    shell = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    orders = shell.outputWriter(StandardCharsets.US_ASCII);
    reports =
        new BufferedReader(
            new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
  }

  @Override
  public void switchTo(Color color) throws IOException {
    generation++;
    orders.write((color == Color.GREEN ? "100:" : "0:") + generation + "\n");
    orders.flush();
    @Nullable String report = reports.readLine();
    if (!"switched".equals(report)) {
      throw new IOException("the shell's way failed: " + report + "; is socat installed?");
    }
  }

  @Override
  public void close() {
    shell.descendants().forEach(ProcessHandle::destroy);
    shell.destroy();
  }
}
