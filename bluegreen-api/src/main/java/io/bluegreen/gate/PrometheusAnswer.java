package io.bluegreen.gate;

import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.HttpAnswer;
import io.bluegreen.support.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The one figure of an answer to an instant query, or why it has none. */
record PrometheusAnswer(OptionalDouble value, String problem) {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

  static PrometheusAnswer none(String problem) {
    return new PrometheusAnswer(OptionalDouble.empty(), problem);
  }

  static PrometheusAnswer read(HttpAnswer answer) {
    if (answer.status() / 100 == 3) {
      return none("HTTP status " + answer.outcome());
    }
    if (answer.encoding().isPresent()) {
      return none(
          "HTTP status "
              + answer.status()
              + ", and the answer is encoded ("
              + answer.encoding().get()
              + "), which was not asked for; let what stands before Prometheus send it as it is");
    }
    if (answer.truncated()) {
      return none("the answer has more than " + BoundedHttp.BODY_KEPT + " bytes");
    }
    Json document;
    try {
      document = Json.read(answer.body());
    } catch (IllegalArgumentException e) {
      return none("HTTP status " + answer.status() + ", and the answer is " + e.getMessage());
    }
    if (answer.status() != 200) {
      return none("HTTP status " + answer.status() + error(document));
    }
    if (!text(document, "/status").equals("success")) {
      return none("the status is not success" + error(document));
    }
    List<Json> warnings = document.at("/warnings").map(Json::elements).orElse(List.of());
    if (!warnings.isEmpty()) {
      return none(
          "it warns: " + warnings.stream().map(Json::toString).collect(Collectors.joining("; ")));
    }
    String type = text(document, "/data/resultType");
    if (!type.equals("vector")) {
      return none("expected a vector of one series, but was \"" + type + '"');
    }
    return series(document.at("/data/result").map(Json::elements).orElse(List.of()));
  }

  private static PrometheusAnswer series(List<Json> series) {
    if (series.isEmpty()) {
      return none("no data: the result is empty");
    }
    if (series.size() > 1) {
      return none(
          "expected one series, but were "
              + series.size()
              + "; aggregate them, for example with sum()");
    }
    Optional<String> value = series.get(0).at("/value/1").flatMap(Json::text);
    if (value.isEmpty()) {
      return none("the series has no value; a histogram has to be made one first");
    }
    return NUMBER.matcher(value.get()).matches()
        ? finite(Double.parseDouble(value.get()), value.get())
        : none("no data: the value is " + value.get());
  }

  private static PrometheusAnswer finite(double number, String text) {
    return Double.isInfinite(number)
        ? none("no data: the value is " + text)
        : new PrometheusAnswer(OptionalDouble.of(number), "");
  }

  private static String error(Json document) {
    String type = text(document, "/errorType");
    String error = text(document, "/error");
    return (type.isEmpty() ? "" : ", " + type) + (error.isEmpty() ? "" : ": " + error);
  }

  private static String text(Json document, String pointer) {
    return document.at(pointer).flatMap(Json::text).orElse("");
  }
}
