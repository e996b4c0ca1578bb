package io.bluegreen.health;

import io.bluegreen.support.Template;
import java.util.Set;

/** Text that may have {@code {version}} in it, and no other placeholder. Immutable. */
record VersionTemplate(Template template) {
  /** As long as the versions that there are, for what is validated before one is known. */
  static final String SAMPLE = "1";

  private static final String VERSION = "version";

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException as {@link Template#of} and {@link Template#requireKnown}
   */
  static VersionTemplate of(String argument, String text) {
    return new VersionTemplate(Template.of(argument, text).requireKnown(Set.of(VERSION)));
  }

  boolean needsVersion() {
    return template.placeholders().contains(VERSION);
  }

  String fill(String version) {
    return template.fill(name -> version);
  }

  /** Returns the template as it was given. */
  @Override
  public String toString() {
    return template.toString();
  }
}
