package io.bluegreen.health;

import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An expectation that may be about the version of what is probed.
 *
 * @param ofVersion whether it is; it can't be made where the version is not known
 * @param make makes it for a version
 */
record VersionedExpectation(boolean ofVersion, Function<String, Expectation> make) {
  static VersionedExpectation always(Expectation expectation) {
    return new VersionedExpectation(false, version -> expectation);
  }

  /**
   * Returns one whose text is a template.
   *
   * @param quote how a version is written in such a text
   * @param make makes the expectation of the text; called once now, to find out what is malformed
   * @throws IllegalArgumentException as {@link VersionTemplate#of}
   */
  static VersionedExpectation of(
      String argument,
      String text,
      UnaryOperator<String> quote,
      Function<String, Expectation> make) {
    VersionTemplate template = VersionTemplate.of(argument, text);
    Expectation sample = make.apply(template.fill(quote.apply(VersionTemplate.SAMPLE)));
    return template.needsVersion()
        ? new VersionedExpectation(true, version -> make.apply(template.fill(quote.apply(version))))
        : always(sample);
  }
}
