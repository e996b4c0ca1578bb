package io.bluegreen.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program in a JVM of its own under a umask, which a JVM can't change for itself. */
public final class Umask {
  private Umask() {}

  /** Runs it to its end and returns what it printed; fails with that where it does not exit 0. */
  public static String run(String umask, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "umask " + umask + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData", // Its file would have a mode that the JVM complains of.
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    argv.addAll(List.of(arguments));
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(program.getSimpleName() + " with umask " + umask + ": " + output);
    }
    return output;
  }
}
