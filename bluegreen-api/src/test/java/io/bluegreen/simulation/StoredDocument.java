package io.bluegreen.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stored document, read by the names of its fields, without the engine's code. */
final class StoredDocument {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final byte @Nullable [] document;
  private @Nullable JsonNode parsed;

  private StoredDocument(byte @Nullable [] document) {
    this.document = document;
  }

  static StoredDocument of(byte @Nullable [] document) {
    return new StoredDocument(document);
  }

  /**
   * Parses the document when its state is first asked for: many documents are replaced before that.
   */
  private JsonNode state() {
    JsonNode state = parsed;
    if (state == null) {
      try {
        state =
            document == null ? MAPPER.createObjectNode() : MAPPER.readTree(document).path("state");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      parsed = state;
    }
    return state;
  }

  /** How far a step is, as it is spelled on disk. */
  enum Written {
    INTENT,
    FACT,
    UNDO_INTENT,
    UNDO_FACT;

    boolean isUndo() {
      return this == UNDO_INTENT || this == UNDO_FACT;
    }

    boolean isIntent() {
      return this == INTENT || this == UNDO_INTENT;
    }
  }

  /** What a line of the journal is about, as it is spelled on disk. */
  enum Journaled {
    HOOK,
    LAUNCH,
    ADOPT,
    PROVE,
    MOVE,
    HOLD,
    DRAIN,
    STOP,
    HANDOVER,
    PAUSE,
    FINISH
  }

  /** One line of the journal. */
  record Line(
      Written mark, Journaled kind, Phase phase, String subject, Optional<TrafficSplit> split) {
    boolean is(Written otherMark, Journaled otherKind) {
      return mark == otherMark && kind == otherKind;
    }

    boolean waits() {
      return mark == Written.INTENT && (kind == Journaled.HOLD || kind == Journaled.PAUSE);
    }
  }

  Optional<String> open() {
    return Optional.ofNullable(state().path("open").path("id").textValue());
  }

  long generation() {
    return state().path("generation").asLong();
  }

  long sequence() {
    return state().path("sequence").asLong();
  }

  Optional<TrafficSplit> from() {
    return split(state().path("open").path("from"));
  }

  Optional<TrafficSplit> to() {
    return split(state().path("open").path("to"));
  }

  Optional<TrafficSplit> acknowledged() {
    return split(state().path("acknowledged"));
  }

  boolean forced() {
    return state().path("open").hasNonNull("force");
  }

  /** Whether the deployment goes back. */
  boolean failed() {
    return state().path("open").hasNonNull("failure");
  }

  /** Whether the deployment has started a hook behind which nothing leads back. */
  boolean behindNoReturn() {
    return state().path("open").path("noReturn").asBoolean();
  }

  boolean is(Operation.Kind kind) {
    return kind.name().equals(state().path("open").path("kind").asText());
  }

  boolean has(DeploymentPolicy.Option option) {
    return names(policy().path("options")).contains(option.name());
  }

  /** The gates of a watch, which is {@code hold} or {@code bake}. */
  List<String> gates(String watch) {
    return names(policy().path(watch).path("gates"));
  }

  boolean noReturnBehind(String hook) {
    return names(policy().path("pointsOfNoReturn")).contains(hook);
  }

  Duration drain() {
    return Duration.parse(policy().path("limits").path("drain").asText("PT0S"));
  }

  private JsonNode policy() {
    return state().path("open").path("policy");
  }

  private static List<String> names(JsonNode array) {
    List<String> names = new ArrayList<>();
    array.forEach(name -> names.add(name.asText()));
    return names;
  }

  int passes() {
    return state().path("open").path("policy").path("probing").path("passes").asInt(2);
  }

  Duration interval() {
    String text =
        state().path("open").path("policy").path("probing").path("interval").asText("PT1S");
    return Duration.parse(text);
  }

  /** Whether nothing was live for this service before. */
  boolean unassigned(String service) {
    return names(state().path("open").path("unassigned")).contains(service);
  }

  /** Whether a service was live without a switch of ours. */
  boolean foundLive(String service) {
    return names(state().path("open").path("foundLive")).contains(service);
  }

  List<String> candidates() {
    List<String> slots = new ArrayList<>();
    state()
        .path("open")
        .path("candidates")
        .properties()
        .forEach(
            entry ->
                slots.add(
                    entry.getKey() + "/" + entry.getValue().asText().toLowerCase(Locale.ROOT)));
    return slots;
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (JsonNode entry : state().path("open").path("entries")) {
      lines.add(
          new Line(
              Written.valueOf(entry.path("mark").asText()),
              Journaled.valueOf(entry.path("kind").asText()),
              Phase.valueOf(entry.path("phase").asText()),
              entry.path("subject").asText(),
              split(entry.path("split"))));
    }
    return lines;
  }

  Optional<Line> last() {
    List<Line> lines = lines();
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1));
  }

  /** Whether the document has the token of a launch in any place. */
  boolean knows(String token) {
    return knows(state(), token);
  }

  private static boolean knows(JsonNode node, String token) {
    if (node.isValueNode()) {
      return token.equals(node.asText());
    }
    for (JsonNode child : node) {
      if (knows(child, token)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the names of the slots and services that are to be launched. */
  List<String> launches() {
    List<String> launches = new ArrayList<>();
    for (JsonNode line : state().path("open").path("plan")) {
      if (List.of("LAUNCH", "HANDOVER").contains(line.path("kind").asText())) {
        launches.add(line.path("subject").asText());
      }
    }
    return launches;
  }

  /** Returns the record of the slots and of the way back, without that of any deployment. */
  String standing() {
    TreeMap<String, String> standing = new TreeMap<>();
    state()
        .path("slots")
        .properties()
        .forEach(slot -> standing.put(slot.getKey(), slot.getValue().path("token").asText()));
    for (String field :
        List.of(
            "stopped",
            "former",
            "formerBackground",
            "background",
            "promotions",
            "lastPromotion",
            "acknowledged")) {
      standing.put(field, state().path(field).toString());
    }
    return standing.toString();
  }

  /** Whether a slot was ever launched, as far as the record knows. */
  boolean launched(String slot) {
    return names(state().path("stopped")).contains(slot) || state().path("slots").has(slot);
  }

  /** Returns the outcome that the history has for a deployment. */
  Optional<String> outcome(String id) {
    for (JsonNode past : state().path("history")) {
      if (past.path("id").asText().equals(id)) {
        return Optional.of(past.path("outcome").asText());
      }
    }
    return Optional.empty();
  }

  private static Optional<TrafficSplit> split(JsonNode node) {
    if (!node.isObject()) {
      return Optional.empty();
    }
    TreeMap<String, Integer> green = new TreeMap<>();
    node.path("green")
        .properties()
        .forEach(entry -> green.put(entry.getKey(), entry.getValue().asInt()));
    return Optional.of(new TrafficSplit(green));
  }
}
