package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.HttpAnswer;
import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * All that an answer has to be like to be UP: its status, and what else was asked for. Immutable.
 */
record AnswerExpectations(Expectation status, List<VersionedExpectation> others) {
  private static final int SHOWN = 80;

  static AnswerExpectations success() {
    return new AnswerExpectations(Expectation.success(), List.of());
  }

  AnswerExpectations status(int... statuses) {
    Set<Integer> expected = new TreeSet<>();
    for (int each : statuses) {
      expected.add(ArgumentChecks.between("status", 200, 599, each));
    }
    ArgumentChecks.notEmpty("status", expected);
    return new AnswerExpectations(Expectation.status(expected), others);
  }

  AnswerExpectations json(String pointer, String value) {
    try {
      if (Json.read(new byte[] {'0'}).at(pointer).isPresent() != pointer.isEmpty()) {
        throw new IllegalArgumentException("it points to something in a number");
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "pointer: expected a JSON pointer such as /status, but was \""
              + Text.clean(pointer, SHOWN)
              + '"',
          e);
    }
    return with(
        VersionedExpectation.of(
            "value", value, version -> version, text -> Expectation.json(pointer, text)));
  }

  AnswerExpectations body(String regex) {
    try {
      return with(
          VersionedExpectation.of(
              "regex", regex, Pattern::quote, text -> Expectation.body(Pattern.compile(text))));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "regex: expected a regular expression, but was \""
              + Text.clean(regex, SHOWN)
              + "\": "
              + e.getDescription(),
          e);
    }
  }

  AnswerExpectations text(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("text: expected at least one character");
    }
    return with(VersionedExpectation.of("text", text, version -> version, Expectation::text));
  }

  AnswerExpectations header(String name, String value) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: expected the name of a header");
    }
    return with(
        VersionedExpectation.of(
            "value", value, version -> version, text -> Expectation.header(name, text)));
  }

  AnswerExpectations within(Duration limit) {
    return with(
        VersionedExpectation.always(Expectation.within(ArgumentChecks.positive("limit", limit))));
  }

  /**
   * Judges an answer. What is about a version that is not known is left out, and the detail says
   * so.
   *
   * @param asked what was asked, for the detail
   */
  Health judge(Object asked, HttpAnswer answer, Optional<String> version) {
    Optional<String> refusal = status.refusal(answer);
    boolean unknown = false;
    for (VersionedExpectation other : others) {
      if (other.ofVersion() && version.isEmpty()) {
        unknown = true;
      } else {
        refusal = refusal.or(() -> other.make().apply(version.orElse("")).refusal(answer));
      }
    }
    String left = unknown ? "; its version is not known, and was not compared" : "";
    return refusal
        .map(reason -> Health.down(asked + ": " + reason))
        .orElseGet(() -> Health.up(asked + ": " + answer + left));
  }

  private AnswerExpectations with(VersionedExpectation expectation) {
    List<VersionedExpectation> more = new ArrayList<>(others);
    more.add(expectation);
    return new AnswerExpectations(status, List.copyOf(more));
  }
}
