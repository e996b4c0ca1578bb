package io.bluegreen;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads and writes a policy as JSON: an object of what differs from the default, under the names of
 * its parts.
 */
final class PolicyJson {
  private static final int LONGEST = 200;
  private static final List<String> SETS = List.of("options", "without", "pointsOfNoReturn");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Duration.class, new Written())
                  .addDeserializer(Duration.class, new Read()))
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
          .disable(MapperFeature.USE_ANNOTATIONS) // They are for tools that only read a value.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private PolicyJson() {}

  /** Returns a policy, or a part of one, as the maps and lists that JSON has. */
  static Map<String, Object> map(Object policy) {
    return MAPPER.convertValue(
        policy instanceof DeploymentPolicy whole ? tree(whole) : MAPPER.valueToTree(policy),
        new TypeReference<Map<String, Object>>() {});
  }

  private static ObjectNode tree(DeploymentPolicy policy) {
    ObjectNode whole = MAPPER.valueToTree(policy);
    SETS.forEach(set -> whole.set(set, sorted(whole.get(set))));
    return whole;
  }

  static String write(DeploymentPolicy policy) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree(policy));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the policy can't be written as JSON", e);
    }
  }

  /** Equal policies are written alike. */
  private static ArrayNode sorted(JsonNode set) {
    ArrayNode sorted = MAPPER.createArrayNode();
    StreamSupport.stream(set.spliterator(), false)
        .map(JsonNode::textValue)
        .sorted()
        .forEach(sorted::add);
    return sorted;
  }

  /** Reads what differs from the default. */
  static DeploymentPolicy read(String json) {
    try {
      JsonNode given = MAPPER.readTree(json);
      if (!(given instanceof ObjectNode object)) {
        throw new IllegalArgumentException("policy: expected a JSON object");
      }
      ObjectNode whole = MAPPER.valueToTree(DeploymentPolicy.DEFAULT);
      merge(whole, object);
      return MAPPER.treeToValue(whole, DeploymentPolicy.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("policy" + reason(e), e);
    }
  }

  private static void merge(ObjectNode into, ObjectNode given) {
    given
        .properties()
        .forEach(
            member -> {
              if (into.get(member.getKey()) instanceof ObjectNode part
                  && member.getValue() instanceof ObjectNode changes) {
                merge(part, changes);
              } else {
                into.set(member.getKey(), member.getValue());
              }
            });
  }

  /** Says where and what, in words of ours. */
  private static String reason(JsonProcessingException failure) {
    String where = failure instanceof JsonMappingException at ? path(at) : "";
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return where
          + ": there is no such key; known are "
          + unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
    }
    if (failure instanceof InvalidFormatException odd && odd.getTargetType().isEnum()) {
      return where
          + ": expected one of "
          + Arrays.toString(odd.getTargetType().getEnumConstants())
          + ", but was \""
          + Text.clean(String.valueOf(odd.getValue()), LONGEST)
          + "\"";
    }
    if (failure.getCause() instanceof IllegalArgumentException ours) {
      return where + ": " + ours.getMessage();
    }
    return failure.getLocation() == null || !where.isEmpty()
        ? where + ": has not the form that is expected"
        : ": not JSON at line "
            + failure.getLocation().getLineNr()
            + ", column "
            + failure.getLocation().getColumnNr();
  }

  private static String path(JsonMappingException failure) {
    return failure.getPath().stream()
        .map(
            step ->
                step.getFieldName() == null
                    ? "[" + step.getIndex() + "]"
                    : "." + Text.clean(step.getFieldName(), LONGEST))
        .collect(Collectors.joining());
  }

  private static final class Written extends JsonSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(Durations.write(value));
    }
  }

  private static final class Read extends JsonDeserializer<Duration> {
    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getValueAsString();
      try {
        return Durations.parse(text == null ? "" : text);
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(in, "not a duration", e);
      }
    }
  }
}
