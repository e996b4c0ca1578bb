package io.bluegreen.health;

import java.util.function.Function;

/**
 * An expectation that may be about the version of what is probed.
 *
 * @param ofVersion whether it is; it can't be made where the version is not known
 * @param make makes it for a version
 */
record VersionedExpectation(boolean ofVersion, Function<String, Expectation> make) {
  static final String VERSION = "{version}";

  /** As long as the versions that there are, for what is validated before one is known. */
  static final String SAMPLE = "1";

  static VersionedExpectation always(Expectation expectation) {
    return new VersionedExpectation(false, version -> expectation);
  }

  /**
   * Returns one whose text may have {@code {version}} in it.
   *
   * @param quote how a version is written in such a text
   * @param make makes the expectation of the text; called once now, to find out what is malformed
   */
  static VersionedExpectation of(
      String text, Function<String, String> quote, Function<String, Expectation> make) {
    boolean ofVersion = text.contains(VERSION);
    Expectation sample = make.apply(text.replace(VERSION, quote.apply(SAMPLE)));
    return ofVersion
        ? new VersionedExpectation(
            true, version -> make.apply(text.replace(VERSION, quote.apply(version))))
        : always(sample);
  }
}
