package io.bluegreen.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A JSON value that came from outside, read strictly: bounded in size and depth, no duplicate keys,
 * nothing behind the end. Immutable. It is written from plain maps, lists, strings, numbers and
 * booleans.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;

  private Json(JsonNode node) {
    this.node = node;
  }

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException if it is not exactly one well-formed value; the message starts
   *     with {@code not JSON:} and says what is wrong and where, and shows nothing of the document
   */
  public static Json read(byte[] document) {
    Objects.requireNonNull(document, "document");
    try {
      JsonNode node = MAPPER.readTree(document);
      if (node.isMissingNode()) {
        throw new IllegalArgumentException("not JSON: empty");
      }
      return new Json(node);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + problem(e), e);
    }
  }

  /** Returns a value as compact JSON; the order of a map is kept. */
  public static String write(Object value) {
    Objects.requireNonNull(value, "value");
    return render(value, false);
  }

  /** Returns a value as JSON for people, with line breaks and indentation. */
  public static String writePretty(Object value) {
    Objects.requireNonNull(value, "value");
    return render(value, true);
  }

  /**
   * Returns what is wrong with a document, and where, for a person. The reader's own message is
   * about its classes, and may show what stands in the document; any other failure's message is
   * returned as it is.
   */
  public static String problem(Exception failure) {
    if (!(failure instanceof JsonProcessingException wrong)) {
      return Text.clean(Failures.reason(failure), 200);
    }
    String message = String.valueOf(wrong.getOriginalMessage());
    String problem =
        wrong instanceof StreamConstraintsException
            ? "it is nested too deep, or has a name, text or number that is too long"
            : wrong instanceof JsonMappingException
                ? message.startsWith("Trailing token")
                    ? "there is more behind its end"
                    : "it is not laid out as expected"
                : wrong instanceof JsonEOFException
                    ? "it ends too soon"
                    : message.startsWith("Duplicate") ? "a name stands twice in it" : "malformed";
    JsonLocation at = wrong.getLocation();
    return at == null
        ? problem
        : problem + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  /**
   * Returns the value at a JSON pointer (RFC 6901), or empty if there is none.
   *
   * @throws IllegalArgumentException if it is no pointer
   */
  public Optional<Json> at(String pointer) {
    Objects.requireNonNull(pointer, "pointer");
    JsonNode found = node.at(pointer);
    return found.isMissingNode() ? Optional.empty() : Optional.of(new Json(found));
  }

  /**
   * Returns a scalar as text, such as {@code 42}, {@code true} or the string itself; else empty.
   */
  public Optional<String> text() {
    return node.isValueNode() && !node.isNull() ? Optional.of(node.asText()) : Optional.empty();
  }

  /** Returns an integral number that fits, or empty. */
  public Optional<Long> integer() {
    return node.isIntegralNumber() && node.canConvertToLong()
        ? Optional.of(node.longValue())
        : Optional.empty();
  }

  /** Returns the elements of an array; empty for anything else. */
  public List<Json> elements() {
    List<Json> elements = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(element -> elements.add(new Json(element)));
    }
    return List.copyOf(elements);
  }

  /** Returns the members of an object in their order; empty for anything else. */
  public Map<String, Json> members() {
    Map<String, Json> members = new LinkedHashMap<>();
    if (node.isObject()) {
      node.properties().forEach(entry -> members.put(entry.getKey(), new Json(entry.getValue())));
    }
    return Collections.unmodifiableMap(members);
  }

  /** Returns the value as compact JSON. */
  @Override
  public String toString() {
    return node.toString();
  }

  private static String render(Object value, boolean pretty) {
    try {
      return (pretty ? MAPPER.writerWithDefaultPrettyPrinter() : MAPPER.writer())
          .writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("value: can't be written as JSON", e);
    }
  }
}
