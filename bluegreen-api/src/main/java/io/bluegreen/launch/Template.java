package io.bluegreen.launch;

import io.bluegreen.support.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with placeholders, each a name in braces. A brace itself is written twice. Whether a name is
 * known is asked when it is filled in, because it may be an attribute of the release.
 */
final class Template {
  private static final Pattern BRACES =
      Pattern.compile("\\{\\{|}}|\\{([a-z][a-zA-Z0-9]{0,31})}|[{}]");
  private static final int LONGEST_SHOWN = 120;

  private final String text;
  private final List<Part> parts;

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * Parses a template.
   *
   * @throws IllegalArgumentException if a brace is neither doubled nor part of a placeholder, or
   *     there is a NUL character
   */
  static Template of(String argument, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(argument + ": has a NUL character");
    }
    List<Part> parts = new ArrayList<>();
    Matcher braces = BRACES.matcher(text);
    int end = 0;
    while (braces.find()) {
      parts.add(new Part(text.substring(end, braces.start()), false));
      String found = braces.group();
      if (found.length() == 1) {
        throw new IllegalArgumentException(
            argument
                + ": at character "
                + (braces.start() + 1)
                + " of \""
                + Text.clean(text, LONGEST_SHOWN)
                + "\" expected a placeholder such as {version} (1 to 32 letters and digits,"
                + " starting with a-z), or a doubled brace for the brace itself");
      }
      String name = braces.group(1);
      parts.add(name == null ? new Part(found.substring(1), false) : new Part(name, true));
      end = braces.end();
    }
    parts.add(new Part(text.substring(end), false));
    return new Template(text, List.copyOf(parts));
  }

  /** Returns the names of its placeholders, in alphabetical order. */
  Set<String> placeholders() {
    Set<String> names = new TreeSet<>();
    parts.stream().filter(Part::placeholder).forEach(part -> names.add(part.text()));
    return names;
  }

  /**
   * Returns an argument with every placeholder filled in.
   *
   * @throws io.bluegreen.LaunchException if one is not known, or can't be part of an argument
   */
  String argument(PlaceholderValues values) {
    return fill(values::argument);
  }

  /**
   * Returns the value of a variable with every placeholder filled in: nothing parses it on the way.
   *
   * @throws io.bluegreen.LaunchException if one is not known
   */
  String variable(PlaceholderValues values) {
    return fill(values::text);
  }

  private String fill(UnaryOperator<String> value) {
    StringBuilder filled = new StringBuilder();
    for (Part part : parts) {
      filled.append(part.placeholder() ? value.apply(part.text()) : part.text());
    }
    return filled.toString();
  }

  /** Returns the text as it was given. */
  @Override
  public String toString() {
    return text;
  }

  private record Part(String text, boolean placeholder) {}
}
