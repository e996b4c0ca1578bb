package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.Text;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with {@code {service}}, {@code {color}}, {@code {index}}, {@code {version}}, {@code {host}},
 * {@code {port}}.
 */
final class Placeholders {
  static final String KNOWN = "{service} {color} {index} {version} {host} {port}";
  // What only looks a little like a placeholder, such as a JSON object, is left as it is.
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_.-]*)}");
  private static final Set<String> NAMES =
      Set.of("service", "color", "index", "version", "host", "port");

  private final String template;

  Placeholders(String argument, String template) {
    this.template = template;
    Matcher matcher = PLACEHOLDER.matcher(template);
    while (matcher.find()) {
      if (!NAMES.contains(matcher.group(1))) {
        throw new IllegalArgumentException(
            argument
                + ": unknown placeholder "
                + Text.clean(matcher.group(), 40)
                + ", known are "
                + KNOWN);
      }
    }
  }

  boolean any() {
    return PLACEHOLDER.matcher(template).find();
  }

  /** Returns the answer where the text can't be filled for an instance; empty if it can. */
  Optional<Health> lacking(Instance instance) {
    if (fill(instance).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        template.contains("{version}") && instance.version().isEmpty()
            ? Reason.noVersion(instance, template)
            : Health.down(instance + " has no endpoint for " + template));
  }

  /**
   * Returns the text for an instance, or empty if it asks for an endpoint that there is not, or for
   * a version that is not known.
   */
  Optional<String> fill(Instance instance) {
    Optional<URI> endpoint = instance.endpoint();
    StringBuilder filled = new StringBuilder();
    Matcher matcher = PLACEHOLDER.matcher(template);
    while (matcher.find()) {
      Optional<String> value =
          switch (matcher.group(1)) {
            case "service" -> Optional.of(instance.service());
            case "color" -> Optional.of(instance.color().label());
            case "index" -> Optional.of(Integer.toString(instance.index()));
            case "version" -> instance.version();
            case "host" -> endpoint.map(URI::getHost);
            default -> endpoint.map(uri -> Integer.toString(uri.getPort()));
          };
      if (value.isEmpty()) {
        return Optional.empty();
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value.get()));
    }
    return Optional.of(matcher.appendTail(filled).toString());
  }

  @Override
  public String toString() {
    return template;
  }
}
