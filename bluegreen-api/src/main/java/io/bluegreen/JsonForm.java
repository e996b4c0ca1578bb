package io.bluegreen;

import com.fasterxml.jackson.annotation.JsonValue;
import io.bluegreen.support.Json;
import java.util.Map;

/**
 * A value that has a JSON form of its own, for tools. The form is the same by {@link #toJson}, by
 * {@link #toMap}, and where a web framework writes the value with Jackson 2 or 3, no matter which
 * of their modules are there.
 *
 * <p>Members have the names of the methods that return them. Where there is no value there is no
 * member. An instant is text in the form of ISO 8601; a duration is a number, of milliseconds, and
 * its name ends in {@code Millis}; a policy, with its durations, is what {@link
 * DeploymentPolicy#fromJson} reads. A split is an object with the percent that green gets, by
 * service. An enum is its name, a {@link Color} its label. A whole document (a status, a result, a
 * plan, a record, a report, an event) starts with {@code format}, which is {@value
 * JsonShapes#FORMAT}. A release may add members and keep that number; the number grows when a
 * member is taken away or changes its meaning.
 */
public interface JsonForm {
  /**
   * Returns the form as maps, lists, text, numbers and booleans, in their order; unmodifiable, and
   * without null.
   */
  @JsonValue
  default Map<String, Object> toMap() {
    return JsonShapes.of(this);
  }

  /** Returns the form as compact JSON. */
  default String toJson() {
    return Json.write(toMap());
  }
}
