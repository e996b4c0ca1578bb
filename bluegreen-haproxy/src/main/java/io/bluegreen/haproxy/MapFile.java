package io.bluegreen.haproxy;

import io.bluegreen.Drift;
import io.bluegreen.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The map file, which tells what a cold start or the next reload would serve. The mark of the group
 * is an entry of it, so that the running map shows whether HAProxy has loaded this very file.
 */
record MapFile(RecordFile file) {
  private static final int MOST_ENTRIES = 20_000;

  /** Returns where this program replaces it. */
  Path path() {
    return file.path();
  }

  /** Returns what HAProxy calls it, in its configuration and in commands. */
  Path loaded() {
    return file.loaded();
  }

  /**
   * The content of the file.
   *
   * @param shares the map that HAProxy would make of it
   * @param fence the highest fence that was seen; 0 if that is not known
   * @param defects the faults of the file
   * @param text the whole text; empty if there is no file
   */
  record Content(MapContent shares, long fence, List<Drift> defects, Optional<String> text) {}

  Content read(Group group) throws IOException {
    Optional<String> text = file.read();
    MapContent shares = MapContent.of(group, text.isPresent() ? entries(text.get()) : List.of());
    return new Content(
        shares,
        text.map(RecordFile::fence).orElse(0L),
        text.isPresent() && markedByHand(group, text.get(), shares)
            ? List.of()
            : file.defects(group, text, shares.owner()),
        text);
  }

  /**
   * Returns whether a person wrote the file: it lacks our checksum but is not torn, for a torn file
   * has a fence.
   */
  private static boolean markedByHand(Group group, String text, MapContent shares) {
    return shares.owner().equals(Optional.of(group.name()))
        && shares.generation() == 0
        && RecordFile.writtenByHand(text);
  }

  /** Refuses to act on another group's file. */
  void requireOwner(Group group, Content content) {
    file.requireOwner(group, content.shares().owner());
  }

  /** Returns the whole file for a group. */
  static String render(Group group, MapContent shares, long fence, String deploymentId) {
    StringBuilder text = new StringBuilder();
    text.append("# bluegreen: the splits of group ").append(group.name());
    text.append("; rendered whole, do not edit\n");
    text.append(RecordFile.remarks(fence, deploymentId));
    shares
        .entries()
        .forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    return RecordFile.sealed(text.toString());
  }

  /**
   * Reads the text as HAProxy does (pat_ref_read_from_file_smp): a line ends at its first CR, LF or
   * NUL, only a line that starts with a number sign is a comment, and only blanks and tabs are
   * skipped.
   */
  private List<MapEntry> entries(String text) throws IOException {
    List<MapEntry> entries = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      String whole = text.substring(from, end);
      from = end + 1;
      String line = withoutBlanks(whole.split("[\r\0]", 2)[0]);
      if (!whole.startsWith("#") && !line.isEmpty()) {
        String[] parts = line.split("[ \t]+", 2);
        entries.add(new MapEntry(parts[0], parts.length == 2 ? parts[1] : ""));
      }
      if (entries.size() > MOST_ENTRIES) {
        throw new IOException(
            path() + " has more than " + MOST_ENTRIES + " entries, which is no map of a group");
      }
    }
    return entries;
  }

  private static String withoutBlanks(String line) {
    int from = 0;
    int end = line.length();
    while (from < end && isBlank(line.charAt(from))) {
      from++;
    }
    while (end > from && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(from, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
