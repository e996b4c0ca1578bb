package io.bluegreen;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/**
 * The state document as bytes: JSON that a person can read, with a format number and a checksum.
 * What is torn, edited or from a later format is refused, never repaired.
 */
final class StateCodec {
  static final int FORMAT = 2;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Duration.class, new FromText<>(Duration::parse))
                  .addDeserializer(Instant.class, new FromText<>(Instant::parse)))
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StateCodec() {}

  static byte[] write(StateDocument state) {
    try {
      return MAPPER
          .writerWithDefaultPrettyPrinter()
          .writeValueAsBytes(new Document(FORMAT, checksum(state), state));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state can't be written as JSON", e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws StateCorruptException if it is not exactly what {@link #write} made
   */
  static StateDocument read(byte[] bytes) {
    try {
      JsonNode document = MAPPER.readTree(bytes);
      int format = document.path("format").asInt(-1);
      if (format > FORMAT) {
        throw new StateCorruptException(
            "the state has format "
                + format
                + ", and this version of bluegreen reads up to "
                + FORMAT
                + "; use the version that wrote it, or a later one");
      }
      JsonNode tree = document.path("state");
      if (format < 1 || !checksum(tree).equals(document.path("sha256").asText())) {
        throw new StateCorruptException(
            "the state is torn or was edited: its checksum does not match; put the last good copy back,"
                + " or move it away to begin anew from what the router serves");
      }
      if (format == 1) {
        upgradeFrom1(tree);
      }
      return MAPPER.treeToValue(tree, StateDocument.class);
    } catch (IOException | IllegalArgumentException e) {
      throw new StateCorruptException(
          "the state is torn or was edited: "
              + Text.clean(String.valueOf(e.getMessage()), 200)
              + "; put the last good copy back, or move it away to begin anew from what the router"
              + " serves",
          e);
    }
  }

  /** Format 1 had watches that the first failed verdict ended, and could not wait for a lease. */
  private static void upgradeFrom1(JsonNode state) {
    JsonNode policy = state.path("open").path("policy");
    for (String watch : List.of("hold", "bake")) {
      if (policy.path(watch) instanceof ObjectNode fields) {
        fields.put("failuresInARow", 1).put("longest", "PT0S");
      }
    }
    if (policy.path("limits") instanceof ObjectNode limits) {
      limits.put("lease", "PT0S");
    }
    if (policy instanceof ObjectNode fields) {
      fields.putArray("pointsOfNoReturn");
    }
  }

  /** What is stored, in this order. */
  private record Document(int format, String sha256, StateDocument state) {}

  /** Returns the checksum of the state, which is the same for the object and for its JSON. */
  private static String checksum(Object state) throws JsonProcessingException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(MAPPER.writeValueAsBytes(state));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static final class FromText<T> extends JsonDeserializer<T> {
    private final Function<String, T> parse;

    FromText(Function<String, T> parse) {
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return parse.apply(parser.getText());
    }
  }
}
