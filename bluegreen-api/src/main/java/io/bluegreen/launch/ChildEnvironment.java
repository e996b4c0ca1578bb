package io.bluegreen.launch;

import io.bluegreen.support.Template;
import io.bluegreen.support.Text;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The environment of a child: of the host's variables those on a list, then what was set, then the
 * mark of the launch. Immutable.
 *
 * @param inherited the names that are handed on where the host has them
 * @param variables what was set, by name
 */
record ChildEnvironment(Set<String> inherited, Map<String, Template> variables) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  /** Returns one that hands on these names and sets nothing. */
  static ChildEnvironment inheriting(List<String> names) {
    return new ChildEnvironment(Set.of(), Map.of()).inherit(names);
  }

  /** Returns this one with another list of names to hand on. */
  ChildEnvironment inherit(List<String> names) {
    names.forEach(name -> name("inherit", name));
    return new ChildEnvironment(new LinkedHashSet<>(names), variables);
  }

  /** Returns this one with one more variable. */
  ChildEnvironment with(String name, String valueTemplate) {
    TreeMap<String, Template> more = new TreeMap<>(variables);
    more.put(name("environment", name), Template.of("environment " + name, valueTemplate));
    return new ChildEnvironment(inherited, more);
  }

  /** Returns the names of the placeholders in all values. */
  Set<String> placeholders() {
    Set<String> names = new TreeSet<>();
    variables.values().forEach(template -> names.addAll(template.placeholders()));
    return names;
  }

  /** Returns the whole environment of a child, of a host with the given one. */
  Map<String, String> fill(
      Map<String, String> host, PlaceholderValues values, Map<String, String> id) {
    Map<String, String> filled = new TreeMap<>(host);
    filled.keySet().retainAll(inherited);
    variables.forEach((name, template) -> filled.put(name, values.variable(template)));
    filled.putAll(id);
    return filled;
  }

  private static String name(String argument, String name) {
    if (!NAME.matcher(name).matches() || name.startsWith(LaunchId.PREFIX)) {
      throw new IllegalArgumentException(
          argument
              + ": expected the name of a variable, of letters, digits and '_' and not starting"
              + " with "
              + LaunchId.PREFIX
              + ", but was \""
              + Text.clean(name, 80)
              + '"');
    }
    return name;
  }
}
