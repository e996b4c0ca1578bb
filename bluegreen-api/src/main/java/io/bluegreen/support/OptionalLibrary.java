package io.bluegreen.support;

import java.util.Locale;
import java.util.Objects;

/**
 * A library that one class of ours needs, and that a host adds only if it uses that class. It is
 * looked for where that class is made, so that a missing one is known before anything is deployed.
 *
 * <p>The versions are those that all tests ran with; a host that imports the dependency management
 * of {@code io.bluegreen:bluegreen-parent} gets them without naming them.
 */
public enum OptionalLibrary {
  /** The tests of Apache Commons Statistics, for {@code ComparisonGate}. */
  COMMONS_STATISTICS(
      "org.apache.commons.statistics.inference.BinomialTest",
      "org.apache.commons:commons-statistics-inference",
      "1.2"),

  /** Undertow, for {@code EmbeddedRouter}. */
  UNDERTOW("io.undertow.Undertow", "io.undertow:undertow-core", "2.4.4.Final");

  private final String witness;
  private final String coordinates;
  private final String version;

  OptionalLibrary(String witness, String coordinates, String version) {
    this.witness = witness;
    this.coordinates = coordinates;
    this.version = version;
  }

  /** Returns {@code groupId:artifactId:version}, with the version that the tests ran with. */
  public String coordinates() {
    return coordinates + ":" + version;
  }

  /**
   * Does nothing if the library can be loaded; it is not initialized.
   *
   * @param neededBy the class that can't be made without it; it is looked for by its class loader
   * @throws IllegalStateException if it is not there; the message names both, and what to add
   */
  public void require(Class<?> neededBy) {
    Objects.requireNonNull(neededBy, "neededBy");
    try {
      Class.forName(witness, false, neededBy.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s needs %s, which this program has not got; add the dependency %s",
              neededBy.getSimpleName(),
              coordinates,
              coordinates()),
          e);
    }
  }
}
