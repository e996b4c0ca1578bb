package io.bluegreen.engine;

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
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.bluegreen.StateCorruptException;
import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes and reads the state document: JSON that a person can read, with a format number and a
 * checksum of the state's own bytes. A document that is torn, edited or of a later format is
 * refused, never repaired.
 */
final class StateCodec {
  static final int FORMAT = 5;

  /** The first format whose checksum is that of the state's own bytes. */
  private static final int FIRST_EXACT = 3;

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
          .disable(MapperFeature.USE_ANNOTATIONS) // They serve tools that only read values.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .build();

  private static final ObjectWriter PRINTER = MAPPER.writerWithDefaultPrettyPrinter();

  private static final String BEGIN = "{\n\"format\" : ";
  private static final String NEXT = ",\n\"sha256\" : \"";
  private static final String MIDDLE = "\",\n\"state\" : ";
  private static final String END = "\n}\n";
  private static final int CHECKSUM_LENGTH = 64;
  private static final int LONGEST_WORD = 100;

  private StateCodec() {}

  static byte[] write(StateDocument state) {
    try {
      return framed(FORMAT, PRINTER.writeValueAsBytes(state));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state can't be written as JSON", e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws StateCorruptException if it is not exactly what {@link #write} made, or what it made
   *     when the format was an older one
   */
  static StateDocument read(byte[] bytes) {
    try {
      for (int format = FORMAT; format >= FIRST_EXACT; format--) {
        byte[] state = unframed(format, bytes);
        if (Arrays.equals(framed(format, state), bytes)) {
          return format == FORMAT
              ? MAPPER.readValue(state, StateDocument.class)
              : upgraded(format, MAPPER.readTree(state));
        }
      }
      return readOlder(MAPPER.readTree(bytes));
    } catch (InvalidFormatException e) {
      throw unreadable(e);
    } catch (IOException | IllegalArgumentException e) {
      throw new StateCorruptException(
          "the state is torn or was edited: "
              + Json.problem(e)
              + "; put the last good copy back, or move it away to start again from what the router"
              + " serves",
          e);
    }
  }

  /**
   * A later version wrote a document that is whole, and has a word that this version does not know.
   */
  private static StateCorruptException unreadable(InvalidFormatException e) {
    String path =
        e.getPath().stream()
            .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : at.getFieldName())
            .collect(Collectors.joining("."))
            .replace(".[", "[");
    return new StateCorruptException(
        "the state has \""
            + Text.clean(String.valueOf(e.getValue()), LONGEST_WORD)
            + "\" at "
            + path
            + ", which this version of bluegreen does not know: a later version wrote it; use that"
            + " one, or a later one",
        e);
  }

  /** Returns the whole document around the bytes of the state. */
  private static byte[] framed(int format, byte[] state) {
    byte[] begin =
        (BEGIN + format + NEXT + checksum(format, state) + MIDDLE)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] end = END.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(begin.length + state.length + end.length)
        .put(begin)
        .put(state)
        .put(end)
        .array();
  }

  private static byte[] unframed(int format, byte[] document) {
    int begin = (BEGIN + format + NEXT).length() + CHECKSUM_LENGTH + MIDDLE.length();
    int end = document.length - END.length();
    return begin < end ? Arrays.copyOfRange(document, begin, end) : new byte[0];
  }

  private static StateDocument readOlder(JsonNode document) throws JsonProcessingException {
    int format = document.path("format").isInt() ? document.path("format").intValue() : -1;
    if (format > FORMAT) {
      throw new StateCorruptException(
          "the state has format "
              + format
              + ", and this version of bluegreen reads up to "
              + FORMAT
              + "; use the version that wrote it, or a later one");
    }
    JsonNode state = document.path("state");
    // Until format 3 the checksum was of the state without its line breaks.
    if (format < 1
        || format >= FIRST_EXACT
        || !checksum(format, MAPPER.writeValueAsBytes(state))
            .equals(document.path("sha256").asText())) {
      throw new StateCorruptException(
          "the state is torn or was edited: its checksum does not match; put the last good copy"
              + " back, or move it away to start again from what the router serves");
    }
    return upgraded(format, state);
  }

  private static StateDocument upgraded(int format, JsonNode state) throws JsonProcessingException {
    StateUpgrade.beforeReading(format, state);
    StateDocument read = MAPPER.treeToValue(state, StateDocument.class);
    StateUpgrade.afterReading(format, read);
    return read;
  }

  /**
   * Since format 5 the checksum is of the format's number, too, so that one format is not taken for
   * another.
   */
  private static String checksum(int format, byte[] state) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (format >= 5) {
        digest.update((byte) format);
      }
      return HexFormat.of().formatHex(digest.digest(state));
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
