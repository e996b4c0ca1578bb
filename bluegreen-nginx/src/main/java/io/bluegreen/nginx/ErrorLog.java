package io.bluegreen.nginx;

import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What nginx's master says of a reload that it did not make: no exit code tells. */
final class ErrorLog {
  private static final int MOST = 256 * 1024;
  private static final Pattern FAILURE =
      Pattern.compile(
          "\\[emerg\\] .*|\\[alert\\] .*(?:exited with fatal code|fork\\(\\)|respawn).*");

  private final Path path;
  private final String master;
  private long start;

  private ErrorLog(Path path, String master, long start) {
    this.path = path;
    this.master = master;
    this.start = start;
  }

  /**
   * Remembers where the log ends now.
   *
   * @param workers of the nginx whose master it is about; others may write to the same log
   */
  static ErrorLog now(Path path, Optional<Workers> workers) {
    String master = workers.map(found -> " " + found.master().pid() + "#").orElse("");
    return new ErrorLog(path, master, size(path));
  }

  /** Returns whether anything can be read from it. */
  boolean isReadable() {
    return size(path) >= 0;
  }

  /** Returns the first failure since then that nginx's master tells; cleaned and bounded. */
  Optional<String> failure() {
    return first(added());
  }

  /** Returns whether a failure was added since the last call, or since then. */
  boolean failsAgain() {
    String added = added();
    start = Math.max(0, start) + added.length();
    return first(added).isPresent();
  }

  private Optional<String> first(String added) {
    return added
        .lines()
        .filter(line -> line.contains(master))
        .map(FAILURE::matcher)
        .filter(Matcher::find)
        .map(failure -> Text.clean(failure.group(), 400))
        .findFirst();
  }

  private String added() {
    long end = size(path);
    long from = end < start ? 0 : Math.max(0, start);
    if (end <= from) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST, end - from));
      channel.read(bytes, from);
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static long size(Path path) {
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.size();
    } catch (IOException unreadable) {
      return -1;
    }
  }
}
