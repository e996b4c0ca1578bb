package io.bluegreen.haproxy;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a map. Immutable.
 *
 * @param key as it is looked up
 * @param value as it is found; foreign text, may be empty
 */
public record MapEntry(String key, String value) {
  /** Reads lines of {@code 0x55e5b2874bd0 key value}. */
  static List<MapEntry> parse(List<String> lines) {
    List<MapEntry> entries = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split(" ", 3);
      if (parts.length < 2 || !parts[0].startsWith("0x")) {
        throw Replies.notUnderstood("show map", line, false);
      }
      entries.add(new MapEntry(parts[1], parts.length == 3 ? parts[2] : ""));
    }
    return List.copyOf(entries);
  }
}
