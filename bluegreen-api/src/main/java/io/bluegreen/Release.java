package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Names;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What is deployed: a version and attributes (commit, branch, artifact, and so on) that launchers
 * can refer to. Immutable.
 *
 * @param version matches {@code [A-Za-z0-9][A-Za-z0-9._+-]{0,127}} and has no {@code ..}, because
 *     it becomes part of command lines
 * @param attributes text by name; may be empty. Names match {@code [a-z][a-zA-Z0-9]{0,31}}, values
 *     are text on one line, such as a branch, an image, a URL or a digest: 1 to 512 characters,
 *     without control characters. Where one becomes part of a command, the launcher judges it there
 */
public record Release(String version, Map<String, String> attributes) {
  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if the version or an attribute does not match its pattern
   */
  public Release {
    Objects.requireNonNull(version, "version");
    ArgumentChecks.noNulls("attributes", attributes);
    Names.value("version", version);
    TreeMap<String, String> sorted = new TreeMap<>(attributes);
    sorted.forEach((name, value) -> Names.text("attribute " + Names.attribute(name), value));
    attributes = Collections.unmodifiableMap(sorted);
  }

  /**
   * Returns a release without attributes.
   *
   * @throws IllegalArgumentException if the version does not match its pattern
   */
  public static Release of(String version) {
    return new Release(version, Map.of());
  }

  /**
   * Returns this release with one more attribute, or with another value of it.
   *
   * @throws IllegalArgumentException if name or value do not match their pattern
   */
  public Release with(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    TreeMap<String, String> more = new TreeMap<>(attributes);
    more.put(name, value);
    return new Release(version, more);
  }

  /** Returns the version, and the attributes where there are some. */
  @Override
  public String toString() {
    return attributes.isEmpty() ? version : version + " " + attributes;
  }
}
