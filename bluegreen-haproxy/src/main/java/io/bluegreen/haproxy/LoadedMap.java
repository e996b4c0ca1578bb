package io.bluegreen.haproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A map that the running configuration uses. Immutable.
 *
 * @param file its path, as the configuration spells it
 * @param description the places that use it, in HAProxy's words; foreign text
 */
public record LoadedMap(String file, String description) {
  /** Refuses null. */
  public LoadedMap {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(description, "description");
  }

  private static final Pattern LINE = Pattern.compile("-?\\d+ \\((.*?)\\) (.*)");

  /** Reads lines of {@code 2 (/etc/live.map) pattern loaded from file ...}, and their header. */
  static List<LoadedMap> parse(List<String> lines) {
    List<LoadedMap> maps = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        maps.add(new LoadedMap(matcher.group(1), matcher.group(2)));
      } else if (!line.startsWith("#")) {
        throw ReplyCheck.notUnderstood("show map", line, false);
      }
    }
    return List.copyOf(maps);
  }
}
