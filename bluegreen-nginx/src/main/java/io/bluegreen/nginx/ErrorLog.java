package io.bluegreen.nginx;

import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in nginx's error log why a reload was not made, which no exit code tells. */
final class ErrorLog {
  private static final int MOST = 256 * 1024;

  /**
   * A line as nginx writes it. Level and process are what stands at its beginning, and nothing that
   * follows: a message may quote what a client has sent.
   */
  private static final Pattern LINE =
      Pattern.compile("[0-9/]{10} [0-9:]{8} \\[([a-z]+)] ([0-9]{1,10})#[0-9]+: (.*)");

  /** What a master says of its workers; requests are nothing that it knows of. */
  private static final Pattern NO_WORKER =
      Pattern.compile(
          "[a-z ]{1,40} [0-9]{1,10} exited with fatal code .*|fork\\(\\) failed.*|could not"
              + " respawn.*");

  private static final Pattern DEAD = Pattern.compile("worker process ([0-9]{1,10}) exited");
  private static final Set<String> GRAVE = Set.of("emerg", "alert", "crit");
  private static final int MOST_WORDS = 64;

  private final Path path;
  private final String master;
  private final Map<String, String> lastWords = new HashMap<>();
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
  static ErrorLog now(Path path, Optional<NginxWorkers> workers) {
    String master = workers.map(found -> Long.toString(found.master().pid())).orElse("");
    return new ErrorLog(path, master, size(path));
  }

  /** Returns whether anything can be read from it. */
  boolean isReadable() {
    return size(path) >= 0;
  }

  /**
   * Returns the first failure that nginx's master has written since the last call; cleaned and
   * bounded.
   */
  Optional<String> failure() {
    for (String added = added(); !added.isEmpty(); added = added()) {
      // A line that is not complete yet is read again; one that never ends is passed over.
      int whole = added.lastIndexOf('\n') + 1;
      int taken = whole > 0 ? whole : added.length() == MOST ? MOST : 0;
      start = Math.max(0, start) + taken;
      Optional<String> first = first(added.substring(0, taken));
      if (first.isPresent() || taken == 0) {
        return first;
      }
    }
    return Optional.empty();
  }

  private Optional<String> first(String added) {
    return added
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .peek(this::remember)
        .filter(line -> master.isEmpty() || master.equals(line.group(2)))
        .filter(ErrorLog::isFailure)
        .map(line -> line.group().substring(line.start(1) - 1))
        .map(failure -> Text.clean(failure, 400) + why(failure))
        .findFirst();
  }

  private static boolean isFailure(Matcher line) {
    return line.group(1).equals("emerg")
        || (line.group(1).equals("alert") && NO_WORKER.matcher(line.group(3)).matches());
  }

  /** Keeps what a worker says before it ends: only the worker says why, the master says that. */
  private void remember(Matcher line) {
    if (lastWords.size() < MOST_WORDS && GRAVE.contains(line.group(1))) {
      lastWords.put(line.group(2), Text.clean(line.group(3), 300));
    }
  }

  private String why(String failure) {
    Matcher dead = DEAD.matcher(failure);
    return dead.find() && lastWords.containsKey(dead.group(1))
        ? ", which had said: " + lastWords.get(dead.group(1))
        : "";
  }

  private String added() {
    long end = size(path);
    if (end < start) {
      start = 0; // It was truncated, or is another file.
    }
    long from = Math.max(0, start);
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
    if (!Files.isRegularFile(path)) {
      return -1; // A program that opens a pipe may wait for ever.
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.size();
    } catch (IOException unreadable) {
      return -1;
    }
  }
}
