package io.bluegreen.examples.kill;

import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads the state document without the engine, and tells what a save adds to the one before. */
final class SavedState {
  private String epoch = "";
  private Optional<String> open = Optional.empty();
  private int entries;

  /** Returns what this document tells that the one before did not, such as {@code FACT MOVE}. */
  synchronized String told(byte[] document) {
    Json state = Json.read(document).at("/state").orElseThrow();
    List<Json> journal = state.at("/open/entries").map(Json::elements).orElse(List.of());
    Optional<String> id = open(document);
    String now = text(state, "/epoch");
    String told;
    if (!now.equals(epoch)) {
      told = "lease taken";
    } else if (id.isPresent() && !open.equals(id)) {
      told = "begin";
    } else if (id.isEmpty() && open.isPresent()) {
      told = "end";
    } else if (journal.size() > entries) {
      Json last = journal.get(journal.size() - 1);
      told = text(last, "/mark") + " " + text(last, "/kind") + " " + text(last, "/phase");
    } else {
      told = "other";
    }
    epoch = now;
    open = id;
    entries = journal.size();
    return told;
  }

  /** Returns the id of the deployment that a document has open. */
  static Optional<String> open(byte[] document) {
    return Json.read(document).at("/state/open/id").flatMap(Json::text);
  }

  /** Returns green's share that was acknowledged last, if one was. */
  static Optional<Long> acknowledged(byte[] document) {
    return Json.read(document).at("/state/acknowledged/green/web").flatMap(Json::integer);
  }

  /** Returns the document in a directory; empty before the first save. */
  static Optional<byte[]> in(Path directory) throws IOException {
    Path file = directory.resolve("state.json");
    return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }

  static String digest(byte[] document) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(document));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the first lines of a document for a person. */
  static String shown(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }

  private static String text(Json json, String pointer) {
    return json.at(pointer).flatMap(Json::text).orElse("?");
  }
}
