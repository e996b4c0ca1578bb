package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchFinding;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.support.Programs;
import java.io.FileNotFoundException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The program that is started for each instance of a slot, with placeholders in its arguments and
 * its environment. Immutable.
 *
 * @param argv the program and its arguments
 * @param directory where it works; null for that of this JVM
 * @param environment its environment
 */
record LaunchTemplate(ArgvTemplate argv, @Nullable Path directory, ChildEnvironment environment) {
  /**
   * Returns what is to be started, one for each instance; nothing is started yet. Each is started
   * by setsid(1): in a session of its own a process gets neither the Ctrl-C nor the hang-up of the
   * host's terminal. A child of this JVM leads no process group, so that setsid becomes the program
   * without a fork, and the number that is reported stays.
   *
   * @throws LaunchException if a placeholder is unknown, or a program or the directory is missing
   */
  List<ProcessBuilder> fill(Slot slot, Release release, LaunchId id, Map<String, String> host) {
    String setsid;
    try {
      setsid = setsid(host);
    } catch (FileNotFoundException e) {
      throw new LaunchException(e.getMessage() + ". Nothing was started.", Effect.UNCHANGED, e);
    }
    if (directory != null && !Files.isDirectory(directory)) {
      throw new LaunchException(
          slot + ": " + directoryMissing() + "; nothing was started", Effect.UNCHANGED);
    }
    List<ProcessBuilder> builders = new ArrayList<>();
    for (Instance instance : slot.instances()) {
      PlaceholderValues values = PlaceholderValues.of(slot).at(instance).with(release);
      List<String> command = new ArrayList<>(List.of(setsid));
      command.addAll(argv.fill(values, host));
      ProcessBuilder builder = new ProcessBuilder(command);
      if (directory != null) {
        builder.directory(directory.toFile());
      }
      builder.environment().clear();
      builder.environment().putAll(environment.fill(host, values, id.variables()));
      builder.environment().putAll(LaunchId.release(release));
      builder.environment().put(LaunchId.INDEX, Integer.toString(instance.index()));
      builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile())).redirectErrorStream(true);
      builders.add(builder);
    }
    return builders;
  }

  /** Returns what is known to speak against a launch; touches nothing. */
  List<LaunchFinding> check(Slot slot, Release release, Map<String, String> host) {
    Set<LaunchFinding> findings = new LinkedHashSet<>();
    try {
      setsid(host);
    } catch (FileNotFoundException e) {
      findings.add(LaunchFinding.missing(String.valueOf(e.getMessage())));
    }
    boolean there = directory == null || Files.isDirectory(directory);
    if (!there) {
      findings.add(LaunchFinding.missing(slot + ": " + directoryMissing()));
    }
    for (Instance instance : slot.instances()) {
      check(instance, PlaceholderValues.of(slot), release, host, there, findings);
    }
    return List.copyOf(findings);
  }

  private void check(
      Instance instance,
      PlaceholderValues ofSlot,
      Release release,
      Map<String, String> host,
      boolean there,
      Set<LaunchFinding> findings) {
    try {
      PlaceholderValues values = ofSlot.at(instance).with(release);
      List<String> texts = argv.texts(values);
      Map<String, String> child = environment.fill(host, values, Map.of());
      Programs.find(texts.get(0), host);
      if (there) {
        Path works = Objects.requireNonNullElse(directory, Path.of("")).toAbsolutePath();
        for (Path file : NeededFiles.missing(texts, works, child)) {
          findings.add(
              LaunchFinding.missing(
                  instance
                      + ": "
                      + file
                      + ", which "
                      + texts.get(0)
                      + " is to run, is not there or can't be read"));
        }
      }
    } catch (LaunchException e) {
      findings.add(LaunchFinding.invalid(String.valueOf(e.getMessage())));
    } catch (FileNotFoundException e) {
      findings.add(LaunchFinding.missing(instance + ": " + e.getMessage()));
    }
  }

  private String directoryMissing() {
    return "the working directory " + directory + " does not exist";
  }

  private static String setsid(Map<String, String> host) throws FileNotFoundException {
    try {
      return Programs.find("setsid", host).toString();
    } catch (FileNotFoundException e) {
      FileNotFoundException told =
          new FileNotFoundException(
              "setsid, which keeps a service alive when this program ends, is missing; install"
                  + " util-linux ("
                  + e.getMessage()
                  + ")");
      told.initCause(e);
      throw told;
    }
  }
}
