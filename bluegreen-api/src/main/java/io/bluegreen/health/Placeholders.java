package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with {@code {service}}, {@code {color}}, {@code {index}}, {@code {version}}, {@code {host}},
 * {@code {port}}.
 */
final class Placeholders {
  static final String KNOWN = "{service} {color} {index} {version} {host} {address} {port}";
  // What only looks a little like a placeholder, such as a JSON object, is left as it is.
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_.-]*)}");
  private static final Set<String> NAMES =
      Set.of("service", "color", "index", "version", "host", "address", "port");

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
    Optional<String> unclear = unclear(instance);
    if (template.contains("{address}") && unclear.isPresent()) {
      return unclear.map(Health::down);
    }
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
            case "address" -> endpoint.flatMap(Placeholders::literal);
            default -> endpoint.map(uri -> Integer.toString(uri.getPort()));
          };
      if (value.isEmpty()) {
        return Optional.empty();
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value.get()));
    }
    return Optional.of(matcher.appendTail(filled).toString());
  }

  /**
   * Returns why a program could mean another address by this text than the one that is served;
   * empty if it can't. It resolves a name by itself.
   */
  Optional<String> unclear(Instance instance) {
    boolean host = template.contains("{host}");
    boolean address = template.contains("{address}");
    if (instance.endpoint().isEmpty() || !(host || address)) {
      return Optional.empty();
    }
    try {
      LiteralAddress literal = LiteralAddress.of(instance.endpoint().get());
      return host && !literal.hint().isEmpty()
          ? Optional.of(
              literal.hint() + "; a program may take either: use {address} in place of {host}")
          : Optional.empty();
    } catch (UnknownHostException e) {
      return address ? Optional.of(Reason.of(e)) : Optional.empty();
    } catch (IOException e) {
      return Optional.of(Reason.of(e));
    }
  }

  private static Optional<String> literal(URI endpoint) {
    try {
      return Optional.of(LiteralAddress.of(endpoint).inUrl());
    } catch (IOException e) {
      return Optional.empty(); // Which was told by unclear already.
    }
  }

  @Override
  public String toString() {
    return template;
  }
}
