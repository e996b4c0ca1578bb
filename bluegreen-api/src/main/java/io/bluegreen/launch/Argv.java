package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.support.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An argument list with placeholders. Its program is an absolute path, or a bare name that is
 * looked up in the host's PATH; a relative path is refused, because it would mean another file in
 * another working directory. Immutable.
 */
final class Argv {
  private final List<Template> templates;

  private Argv(List<Template> templates) {
    this.templates = templates;
  }

  /**
   * Parses an argument list.
   *
   * @throws IllegalArgumentException if it is empty, its program is blank or a relative path, or a
   *     template is malformed
   */
  static Argv of(String argument, List<String> argv) {
    if (argv.isEmpty() || argv.get(0).isBlank()) {
      throw new IllegalArgumentException(argument + ": expected a program and its arguments");
    }
    String program = argv.get(0);
    if (program.startsWith("-") || (program.contains("/") && !program.startsWith("/"))) {
      throw new IllegalArgumentException(
          argument
              + ": the program has to be an absolute path, or a bare name that is looked up in"
              + " PATH, but was \""
              + Text.clean(program, 120)
              + '"');
    }
    List<Template> templates = new ArrayList<>();
    for (String text : argv) {
      templates.add(Template.of(argument + "[" + templates.size() + "]", text));
    }
    return new Argv(List.copyOf(templates));
  }

  /** Returns the names of the placeholders in all of it. */
  Set<String> placeholders() {
    Set<String> names = new TreeSet<>();
    templates.forEach(template -> names.addAll(template.placeholders()));
    return names;
  }

  /**
   * Returns the list with all placeholders filled in, and the program as an absolute path.
   *
   * @throws LaunchException if a placeholder is unknown, or there is no such program
   */
  List<String> fill(Values values, Map<String, String> host) {
    List<String> filled = new ArrayList<>();
    templates.forEach(template -> filled.add(template.fill(values)));
    filled.set(0, resolve(filled.get(0), host).toString());
    return List.copyOf(filled);
  }

  /**
   * Returns the absolute path of a program.
   *
   * @param host the environment whose PATH is searched; relative entries, which mean the working
   *     directory, are not
   * @throws LaunchException if there is no such executable file
   */
  static Path resolve(String program, Map<String, String> host) {
    if (program.startsWith("/")) {
      Path path = Path.of(program);
      if (!executable(path)) {
        throw new LaunchException("program " + path + " is not an executable file");
      }
      return path;
    }
    String searched = host.getOrDefault("PATH", "");
    for (String entry : searched.split(":", -1)) {
      if (entry.startsWith("/") && executable(Path.of(entry, program))) {
        return Path.of(entry, program);
      }
    }
    throw new LaunchException(
        "program \""
            + Text.clean(program, 120)
            + "\" was not found in PATH ("
            + Text.clean(searched, 300)
            + "); name it by its absolute path");
  }

  private static boolean executable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  /** Returns the program; arguments may be nobody else's business. */
  @Override
  public String toString() {
    return templates.get(0).toString();
  }
}
