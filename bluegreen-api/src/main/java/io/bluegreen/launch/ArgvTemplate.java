package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.support.Programs;
import io.bluegreen.support.Template;
import io.bluegreen.support.Text;
import java.io.FileNotFoundException;
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
final class ArgvTemplate {
  private final List<Template> templates;

  private ArgvTemplate(List<Template> templates) {
    this.templates = templates;
  }

  /**
   * Parses an argument list.
   *
   * @throws IllegalArgumentException if it is empty, its program is blank or a relative path, or a
   *     template is malformed
   */
  static ArgvTemplate of(String argument, List<String> argv) {
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
    return new ArgvTemplate(List.copyOf(templates));
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
  List<String> fill(PlaceholderValues values, Map<String, String> host) {
    List<String> filled = new ArrayList<>(texts(values));
    try {
      filled.set(0, Programs.find(filled.get(0), host).toString());
    } catch (FileNotFoundException e) {
      throw new LaunchException(e.getMessage() + ". Nothing was started.", Effect.UNCHANGED, e);
    }
    return List.copyOf(filled);
  }

  /**
   * Returns the list with all placeholders filled in.
   *
   * @throws LaunchException if one is unknown, or can't be part of an argument
   */
  List<String> texts(PlaceholderValues values) {
    return templates.stream().map(values::argument).toList();
  }

  /** Returns the program; arguments may be nobody else's business. */
  @Override
  public String toString() {
    return templates.get(0).toString();
  }
}
