package io.bluegreen.haproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of a map. Immutable.
 *
 * @param key the key of lookups
 * @param value the value that a lookup finds; foreign text, may be empty
 */
public record MapEntry(String key, String value) {
  /** Refuses null. */
  public MapEntry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }

  private static final Pattern VALUE =
      Pattern.compile(".*found=yes,.*? key=\"(.*?)\", value=\"(.*)\", type=\"[^\"]*\"\n");
  private static final Pattern NO_VALUE = Pattern.compile("type=.*, found=no\n");

  /** Reads the reply to a lookup of a key: the value, if there is one. */
  static Optional<String> found(String command, String key, String reply) {
    Matcher found = VALUE.matcher(reply);
    if (found.matches() && found.group(1).equals(key)) {
      return Optional.of(found.group(2));
    }
    if (NO_VALUE.matcher(reply).matches()) {
      return Optional.empty();
    }
    throw ReplyCheck.notUnderstood(command, reply, false);
  }

  /** Reads lines of {@code 0x55e5b2874bd0 key value}. */
  static List<MapEntry> parse(List<String> lines) {
    List<MapEntry> entries = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split(" ", 3);
      if (parts.length < 2 || !parts[0].startsWith("0x")) {
        throw ReplyCheck.notUnderstood("show map", line, false);
      }
      entries.add(new MapEntry(parts[1], parts.length == 3 ? parts[2] : ""));
    }
    return List.copyOf(entries);
  }
}
