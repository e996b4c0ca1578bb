package io.bluegreen.gate;

import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query in PromQL with placeholders in its string literals. A value has no character that could
 * end the literal that it stands in, and where the literal is matched as a regular expression it
 * matches only itself. Other text in braces, such as {@code "/orders/{id}"}, is left as it is.
 */
final class PromqlTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(service|color|version)}");
  private static final Pattern LITERAL_OR_COMMENT =
      Pattern.compile(
          "(?s)\"(?:[^\"\\\\]++|\\\\.)*+\"|'(?:[^'\\\\]++|\\\\.)*+'|`[^`]*+`|(#[^\\n]*)");
  private static final Pattern QUOTE = Pattern.compile("[\"'`]");
  private static final Pattern MATCHES_REGEX = Pattern.compile("[=!]~\\s*$");

  private final String template;
  private final List<Part> parts;

  /**
   * Parses a query.
   *
   * @throws IllegalArgumentException if it is blank, a literal does not end, or a placeholder
   *     stands outside of one
   */
  PromqlTemplate(String template) {
    if (template.isBlank()) {
      throw new IllegalArgumentException("query: expected PromQL, but was blank");
    }
    this.template = template;
    this.parts = parse(template);
  }

  /** Returns the query for a slot, or empty if it asks for a version that is not known. */
  Optional<String> fill(Slot slot, Optional<Release> release) {
    StringBuilder filled = new StringBuilder();
    for (Part part : parts) {
      Matcher matcher = PLACEHOLDER.matcher(part.text);
      while (matcher.find()) {
        Optional<String> value =
            switch (matcher.group(1)) {
              case "service" -> Optional.of(slot.service().name());
              case "color" -> Optional.of(slot.color().label());
              default -> release.map(Release::version);
            };
        if (value.isEmpty()) {
          return Optional.empty();
        }
        matcher.appendReplacement(filled, Matcher.quoteReplacement(literal(value.get(), part)));
      }
      matcher.appendTail(filled);
    }
    return Optional.of(filled.toString());
  }

  /** Returns the query with its placeholders. */
  @Override
  public String toString() {
    return template;
  }

  private static String literal(String value, Part part) {
    // A class of one character needs no backslash, which raw literals would read otherwise.
    return part.regex ? value.replace(".", "[.]").replace("+", "[+]") : value;
  }

  private static List<Part> parse(String template) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = LITERAL_OR_COMMENT.matcher(template);
    int end = 0;
    while (matcher.find()) {
      parts.add(code(template.substring(end, matcher.start())));
      if (matcher.group(1) == null) {
        boolean regex = MATCHES_REGEX.matcher(template.substring(0, matcher.start())).find();
        parts.add(new Part(matcher.group(), regex));
      } else {
        parts.add(withoutPlaceholder(matcher.group()));
      }
      end = matcher.end();
    }
    parts.add(code(template.substring(end)));
    return List.copyOf(parts);
  }

  private static Part code(String text) {
    Matcher quote = QUOTE.matcher(text);
    if (quote.find()) {
      throw new IllegalArgumentException(
          "query: the string does not end that begins with " + text.substring(quote.start()));
    }
    return withoutPlaceholder(text);
  }

  private static Part withoutPlaceholder(String text) {
    if (PLACEHOLDER.matcher(text).find()) {
      throw new IllegalArgumentException(
          "query: a placeholder stands in a string, such as {color=\"{color}\"}, but one is outside"
              + " of a string in: "
              + text.strip());
    }
    return new Part(text, false);
  }

  private record Part(String text, boolean regex) {}
}
