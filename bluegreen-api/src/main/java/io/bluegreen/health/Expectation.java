package io.bluegreen.health;

import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.HttpAnswer;
import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** One thing that an answer has to be like, such as its status or a text in its body. */
@FunctionalInterface
interface Expectation {
  int SHOWN = 100;

  /** Returns why the answer is not as expected, or empty if it is. */
  Optional<String> refusal(HttpAnswer answer);

  /** Any status of 2xx. */
  static Expectation success() {
    return answer ->
        answer.status() / 100 == 2 ? Optional.empty() : Optional.of(status("2xx", answer));
  }

  static Expectation status(Set<Integer> statuses) {
    return answer ->
        statuses.contains(answer.status())
            ? Optional.empty()
            : Optional.of(status(new TreeSet<>(statuses).toString(), answer));
  }

  static Expectation within(Duration limit) {
    return answer ->
        answer.took().compareTo(limit) <= 0
            ? Optional.empty()
            : Optional.of(
                "answered in "
                    + answer.took().toMillis()
                    + " ms, expected at most "
                    + limit.toMillis()
                    + " ms");
  }

  static Expectation json(String pointer, String value) {
    return answer -> {
      if (answer.truncated()) {
        return Optional.of("the body has more than " + BoundedHttp.BODY_KEPT + " bytes");
      }
      return encoded(answer).or(() -> json(pointer, value, answer));
    };
  }

  static Expectation text(String text) {
    return answer ->
        encoded(answer)
            .or(
                () ->
                    answer.text().contains(text)
                        ? Optional.empty()
                        : Optional.of(
                            quoted(text)
                                + " was not found in the body: "
                                + Text.clean(answer.text(), SHOWN)));
  }

  static Expectation header(String name, String value) {
    return answer ->
        answer.header(name).filter(value::equals).isPresent()
            ? Optional.empty()
            : Optional.of(
                "expected the header "
                    + name
                    + " to be "
                    + quoted(value)
                    + ", but "
                    + answer
                        .header(name)
                        .map(found -> "was " + quoted(found))
                        .orElse("it is missing"));
  }

  static Expectation body(Pattern pattern) {
    BoundedPattern bounded = new BoundedPattern(pattern);
    return answer -> encoded(answer).or(() -> bounded.refusal(answer));
  }

  private static Optional<String> json(String pointer, String value, HttpAnswer answer) {
    try {
      Optional<Json> found = Json.read(answer.body()).at(pointer);
      if (found.flatMap(Json::text).filter(value::equals).isPresent()) {
        return Optional.empty();
      }
      return Optional.of(
          "expected "
              + pointer
              + " to be "
              + quoted(value)
              + ", but "
              + found
                  .map(json -> "was " + Text.clean(json.toString(), SHOWN))
                  .orElse("is missing"));
    } catch (IllegalArgumentException e) {
      return Optional.of("the body is " + Reason.of(e));
    }
  }

  /**
   * No encoding was asked for. If an answer is encoded all the same, its body can't be read here.
   */
  private static Optional<String> encoded(HttpAnswer answer) {
    return answer
        .encoding()
        .map(encoding -> "the body is encoded (" + encoding + "), which was not asked for");
  }

  private static String status(String expected, HttpAnswer answer) {
    String body = answer.encoding().isPresent() ? "" : Text.clean(answer.text(), SHOWN);
    return "expected "
        + expected
        + ", but was "
        + answer.outcome()
        + (body.isEmpty() ? "" : ": " + body);
  }

  private static String quoted(String value) {
    return '"' + Text.clean(value, SHOWN) + '"';
  }
}
