package io.bluegreen.haproxy;

import io.bluegreen.support.ArgumentChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the arguments of commands for maps; every word is validated. */
final class MapWords {
  /** A payload is this much shorter than the longest line, because its command comes before it. */
  private static final int COMMAND = 1_500;

  private MapWords() {}

  static String entry(String key, String value) {
    return " " + CommandWord.name("key", key) + " " + CommandWord.name("value", value);
  }

  static String version(int version) {
    return "@" + ArgumentChecks.between("version", 0, Integer.MAX_VALUE, version) + " ";
  }

  /** Returns the entries in as few payloads as their size allows. */
  static List<String> payloads(Map<String, String> entries) {
    List<String> payloads = new ArrayList<>();
    StringBuilder payload = new StringBuilder();
    entries.forEach(
        (key, value) -> {
          String row = entry(key, value).substring(1) + "\n";
          if (payload.length() + row.length() > CommandWord.LONGEST_LINE - COMMAND) {
            payloads.add(payload.toString());
            payload.setLength(0);
          }
          payload.append(row);
        });
    if (!payload.isEmpty()) {
      payloads.add(payload.toString());
    }
    return payloads;
  }
}
