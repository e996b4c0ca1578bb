package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Template;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Text with placeholders for what is known of an instance. Immutable. */
record InstanceTemplate(Template template, Set<String> names) {
  private static final Set<String> KNOWN =
      Set.of("service", "color", "index", "version", "host", "address", "port");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException as {@link Template#of} and {@link Template#requireKnown}
   */
  static InstanceTemplate of(String argument, String text) {
    Template template = Template.of(argument, text).requireKnown(KNOWN);
    return new InstanceTemplate(template, template.placeholders());
  }

  boolean hasPlaceholders() {
    return !names.isEmpty();
  }

  /** Returns the answer where the text can't be filled for an instance; empty if it can. */
  Optional<Health> lacking(Instance instance) {
    Optional<String> unclear = unclear(instance);
    if (names.contains("address") && unclear.isPresent()) {
      return unclear.map(Health::down);
    }
    if (fill(instance).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        names.contains("version") && instance.version().isEmpty()
            ? Reason.noVersion(instance, template)
            : Health.down(instance + " has no endpoint for " + template));
  }

  /**
   * Returns the text for an instance, or empty if it asks for an endpoint that there is not, or for
   * a version that is not known.
   */
  Optional<String> fill(Instance instance) {
    Map<String, String> values = new HashMap<>();
    for (String name : names) {
      value(name, instance).ifPresent(value -> values.put(name, value));
    }
    return values.keySet().equals(names)
        ? Optional.of(template.fill(name -> values.getOrDefault(name, "")))
        : Optional.empty();
  }

  /**
   * Returns why a program could mean another address by this text than the one that is served;
   * empty if it can't. It resolves a name by itself.
   */
  Optional<String> unclear(Instance instance) {
    boolean host = names.contains("host");
    boolean address = names.contains("address");
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

  private static Optional<String> value(String name, Instance instance) {
    Optional<URI> endpoint = instance.endpoint();
    return switch (name) {
      case "service" -> Optional.of(instance.service());
      case "color" -> Optional.of(instance.color().label());
      case "index" -> Optional.of(Integer.toString(instance.index()));
      case "version" -> instance.version();
      case "host" -> endpoint.map(URI::getHost);
      case "address" -> endpoint.flatMap(InstanceTemplate::literal);
      default -> endpoint.map(uri -> Integer.toString(uri.getPort()));
    };
  }

  private static Optional<String> literal(URI endpoint) {
    try {
      return Optional.of(LiteralAddress.of(endpoint).inUrl());
    } catch (IOException e) {
      return Optional.empty(); // The method unclear has said so already.
    }
  }

  /** Returns the template as it was given. */
  @Override
  public String toString() {
    return template.toString();
  }
}
