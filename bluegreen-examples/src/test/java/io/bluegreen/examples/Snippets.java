package io.bluegreen.examples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the Java blocks of a document, and the regions of a source that they are to equal. */
final class Snippets {
  private static final String FENCE = "```";
  private static final String NAME = "<!-- snippet: ";
  private static final String BEGIN = "// snippet: ";
  private static final String END = "// end";

  private Snippets() {}

  /**
   * Returns the Java blocks by the name in the comment above each.
   *
   * @throws AssertionError if a block has no name, two have the same, or one does not end
   */
  static Map<String, String> blocks(String document) {
    Map<String, String> blocks = new LinkedHashMap<>();
    String above = "";
    List<String> lines = document.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith(FENCE)) {
        int end = find(FENCE, lines, i + 1);
        if (line.substring(FENCE.length()).strip().startsWith("java")) {
          put(blocks, named(above, i + 1), lines.subList(i + 1, end));
        }
        i = end;
        above = "";
      } else if (!line.isEmpty()) {
        above = line;
      }
    }
    return blocks;
  }

  /**
   * Returns the regions between the markers by their name.
   *
   * @throws AssertionError if two have the same name, or one does not end
   */
  static Map<String, String> regions(String source) {
    Map<String, String> regions = new LinkedHashMap<>();
    List<String> lines = source.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith(BEGIN)) {
        int end = find(END, lines, i + 1);
        put(regions, line.substring(BEGIN.length()).strip(), lines.subList(i + 1, end));
        i = end;
      }
    }
    return regions;
  }

  private static int find(String mark, List<String> lines, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(mark)) {
        return i;
      }
    }
    throw new AssertionError("line " + from + ": what begins here is not ended by " + mark);
  }

  private static String named(String above, int line) {
    if (!above.startsWith(NAME) || !above.endsWith(" -->")) {
      throw new AssertionError(
          "line " + line + ": a Java block without " + NAME + "name --> above it");
    }
    return above.substring(NAME.length(), above.length() - " -->".length()).strip();
  }

  private static void put(Map<String, String> all, String name, List<String> lines) {
    if (all.put(name, String.join("\n", lines).stripTrailing().stripIndent().strip()) != null) {
      throw new AssertionError("two snippets have the name " + name);
    }
  }

  /** Returns several maps as one. */
  static Map<String, String> merged(List<Map<String, String>> maps) {
    Map<String, String> merged = new LinkedHashMap<>();
    maps.forEach(map -> map.forEach((name, text) -> put(merged, name, List.of(text))));
    return merged;
  }
}
