package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.support.Text;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is started for each instance of a slot, with placeholders. Immutable.
 *
 * @param argv the program and its arguments
 * @param directory where it works; null for that of this JVM
 * @param environment its environment
 */
record Blueprint(Argv argv, @Nullable Path directory, ChildEnvironment environment) {
  /**
   * Returns what is to be started, one for each instance; nothing is started yet. Each begins with
   * setsid(1): in a session of its own a process gets neither the Ctrl-C nor the hang-up of the
   * host's terminal. A child of this JVM leads no process group, so that setsid becomes the program
   * without a fork, and the number that is reported stays.
   *
   * @throws LaunchException if a placeholder is unknown, or a program or the directory is missing
   */
  List<ProcessBuilder> fill(Slot slot, Release release, Mark mark, Map<String, String> host) {
    Path setsid = setsid(host);
    if (directory != null && !Files.isDirectory(directory)) {
      throw new LaunchException(
          slot + ": the working directory " + directory + " does not exist; nothing was started");
    }
    List<ProcessBuilder> builders = new ArrayList<>();
    for (Instance instance : slot.instances()) {
      Values values = Values.of(slot).at(instance).with(release);
      List<String> command = new ArrayList<>(List.of(setsid.toString()));
      command.addAll(argv.fill(values, host));
      ProcessBuilder builder = new ProcessBuilder(command);
      if (directory != null) {
        builder.directory(directory.toFile());
      }
      builder.environment().clear();
      builder.environment().putAll(environment.fill(host, values, mark.variables()));
      builder.environment().putAll(Mark.release(release));
      builder.environment().put(Mark.INDEX, Integer.toString(instance.index()));
      builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile())).redirectErrorStream(true);
      builders.add(builder);
    }
    return builders;
  }

  private static Path setsid(Map<String, String> host) {
    try {
      return Argv.resolve("setsid", host);
    } catch (LaunchException e) {
      throw new LaunchException(
          "setsid, which keeps a service alive when this program ends, is missing; install"
              + " util-linux ("
              + Text.clean(String.valueOf(e.getMessage()), 400)
              + ")",
          e);
    }
  }
}
