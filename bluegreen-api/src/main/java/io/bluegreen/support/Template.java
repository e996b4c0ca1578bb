package io.bluegreen.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text with placeholders, in the one form that all templates of this library have. A name in braces
 * stands for a value: {@code app-{version}.jar}. A doubled brace is the brace itself: {@code
 * {{"version":"{version}"}}}. Any other brace is refused, so that nothing mistyped is taken for
 * text. Immutable.
 *
 * <p>No message shows the text, which may have a secret in it: it says where in the text.
 */
public final class Template {
  private static final Pattern BRACES =
      Pattern.compile("\\{\\{|}}|\\{([a-z][a-zA-Z0-9]{0,31})}|[{}]");

  private final String argument;
  private final String text;
  private final List<Part> parts;

  private Template(String argument, String text, List<Part> parts) {
    this.argument = argument;
    this.text = text;
    this.parts = parts;
  }

  /**
   * Reads a template. Which names are known is asked by {@link #requireKnown}.
   *
   * @param argument what the template is, for messages
   * @throws IllegalArgumentException if a brace is neither doubled nor part of a placeholder, or
   *     there is a NUL character; the message says where, and what to write
   */
  public static Template of(String argument, String text) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(text, "text");
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(argument + ": has a NUL character");
    }
    List<Part> parts = new ArrayList<>();
    Matcher braces = BRACES.matcher(text);
    int end = 0;
    while (braces.find()) {
      parts.add(new Part(text.substring(end, braces.start()), 0));
      String found = braces.group();
      int at = braces.start() + 1;
      if (found.length() == 1) {
        throw new IllegalArgumentException(
            argument
                + ": the brace at character "
                + at
                + " stands alone; write each brace that is text twice, {{ or }}, and a placeholder"
                + " as {version}, with a name of 1 to 32 letters and digits that starts with a-z");
      }
      String name = braces.group(1);
      parts.add(name == null ? new Part(found.substring(1), 0) : new Part(name, at));
      end = braces.end();
    }
    parts.add(new Part(text.substring(end), 0));
    return new Template(argument, text, List.copyOf(parts));
  }

  /** Returns the template that stands for a text as it is: with its braces doubled. */
  public static String literal(String text) {
    Objects.requireNonNull(text, "text");
    return text.replace("{", "{{").replace("}", "}}");
  }

  /**
   * Returns this template, of which every placeholder is known.
   *
   * @param known the names that there are
   * @throws IllegalArgumentException if it has another; the message says which and where, and what
   *     to write
   */
  public Template requireKnown(Collection<String> known) {
    ArgumentChecks.noNulls("known", known);
    for (Part part : parts) {
      if (part.isPlaceholder() && !known.contains(part.text())) {
        throw new IllegalArgumentException(
            argument
                + ": the placeholder {"
                + part.text()
                + "} at character "
                + part.at()
                + " is unknown; known are "
                + known.stream()
                    .sorted()
                    .map(name -> "{" + name + "}")
                    .collect(Collectors.joining(" "))
                + "; for that text itself write {{"
                + part.text()
                + "}}");
      }
    }
    return this;
  }

  /** Returns the names of its placeholders, in alphabetical order. */
  public Set<String> placeholders() {
    return parts.stream()
        .filter(Part::isPlaceholder)
        .map(Part::text)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns the text with a value in place of each placeholder, and with each doubled brace once.
   *
   * @param values gives the value of a name; what it throws is thrown
   */
  public String fill(UnaryOperator<String> values) {
    Objects.requireNonNull(values, "values");
    return parts.stream()
        .map(part -> part.isPlaceholder() ? values.apply(part.text()) : part.text())
        .collect(Collectors.joining());
  }

  /** Returns the template as it was given. */
  @Override
  public String toString() {
    return text;
  }

  /**
   * A piece of the text.
   *
   * @param text itself, or the name of a placeholder
   * @param at at which character a placeholder starts, from 1; 0 for text
   */
  private record Part(String text, int at) {
    boolean isPlaceholder() {
      return at > 0;
    }
  }
}
