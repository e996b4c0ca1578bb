package io.bluegreen.support;

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Finds programs. */
public final class Programs {
  /** Where programs are searched if the environment has no PATH, as execvp(3) does. */
  private static final String USUAL = "/bin:/usr/bin";

  private Programs() {}

  /**
   * Returns the absolute path of a program.
   *
   * @param program an absolute path, or a bare name that is searched
   * @param environment whose PATH is searched. Its relative entries, and its empty ones, which mean
   *     the working directory, are not searched: anyone who may write there could put another
   *     program first
   * @throws FileNotFoundException if there is no such executable file; the message says what to do
   */
  public static Path find(String program, Map<String, String> environment)
      throws FileNotFoundException {
    Objects.requireNonNull(program, "program");
    ArgumentChecks.noNulls("environment", environment);
    if (program.startsWith("/")) {
      Path path = Path.of(program);
      if (!executable(path)) {
        throw new FileNotFoundException(
            "program " + Text.clean(program, 300) + " is not an executable file");
      }
      return path;
    }
    String searched = environment.getOrDefault("PATH", USUAL);
    for (String entry : searched.split(":", -1)) {
      if (entry.startsWith("/") && executable(Path.of(entry, program))) {
        return Path.of(entry, program);
      }
    }
    throw new FileNotFoundException(
        "program \""
            + Text.clean(program, 120)
            + "\" was not found in PATH ("
            + Text.clean(searched, 300)
            + "); name it by its absolute path");
  }

  private static boolean executable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
