package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines that are added to a log, also when the file is renamed and opened again, is
 * truncated, or is not there for a while. No file stays open from one reading to the next, so that
 * a log which was rotated away and deleted frees its space on the disk, and so that no interrupt
 * closes what a later reading needs. Not safe for threads.
 */
final class LogTail {
  /** Workers open a new log one after the other, and write to the former one until they do. */
  private static final Duration FORMER_LIFE = Duration.ofSeconds(10);

  private static final int MOST_FORMER = 4;

  private final Path path;
  private final TimeSource time;
  private final Deque<Rotated> former = new ArrayDeque<>();
  private @Nullable LogFile log;

  /** Starts at the end of the log, if there is one; a later one is read from its start. */
  LogTail(Path path, TimeSource time) throws IOException {
    this.path = path;
    this.time = time;
    skip();
  }

  /**
   * Hands over each line that was added since the last time.
   *
   * @throws java.io.InterruptedIOException if the thread is interrupted; the next reading goes on
   *     where this one has ended
   * @throws IOException if the log can't be read
   */
  void read(Consumer<String> lines) throws IOException {
    former.removeIf(each -> each.until.over());
    for (Rotated each : former) {
      readFormer(each.log, lines);
    }
    if (LogFile.key(path).isPresent()) {
      follow(lines);
      if (log != null) {
        log.read(path, lines);
      }
    } else if (log != null) {
      readFormer(log, lines); // It has lost its name, and no new one is there yet.
    }
  }

  /** Passes over what was added since the last time, however much it is. */
  void skip() throws IOException {
    former.clear();
    log = null;
    Optional<Object> key = LogFile.key(path);
    if (key.isPresent()) {
      log = new LogFile(key.get(), Files.size(path));
    }
  }

  /** Returns how many bytes were added since the last time, as far as the log is still there. */
  long unread() throws IOException {
    Optional<Object> key = LogFile.key(path);
    if (key.isEmpty()) {
      return 0;
    }
    long size = Files.size(path);
    if (log == null) {
      return size;
    }
    if (log.key.equals(key.get())) {
      return log.left(size);
    }
    Optional<Path> renamed = find(log);
    return renamed.isEmpty() ? size : size + log.left(Files.size(renamed.get()));
  }

  /** Looks whether the log is another file now, and reads the rest of the former one. */
  private void follow(Consumer<String> lines) throws IOException {
    Optional<Object> key = LogFile.key(path);
    LogFile before = log;
    if (key.isEmpty() || (before != null && before.key.equals(key.get()))) {
      return;
    }
    if (before != null) {
      readFormer(before, lines);
      former.add(new Rotated(before, time.deadline(FORMER_LIFE)));
      if (former.size() > MOST_FORMER) {
        former.remove();
      }
    }
    log = new LogFile(key.get(), 0);
  }

  private void readFormer(LogFile rotated, Consumer<String> lines) throws IOException {
    Optional<Path> where = find(rotated);
    if (where.isPresent()) {
      try {
        rotated.read(where.get(), lines);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException shut) {
        rotated.place = null; // Its rest is lost, as if it had been deleted.
      }
    }
  }

  /**
   * Looks for a rotated log, which mostly has another name in the same directory now. One that was
   * deleted, or lies where this user may not look, is not found.
   */
  private Optional<Path> find(LogFile rotated) {
    if (rotated.place != null && isAt(rotated.place, rotated)) {
      return Optional.of(rotated.place);
    }
    try (var beside = Files.list(path.resolveSibling("."))) {
      for (Path each : (Iterable<Path>) beside::iterator) {
        if (isAt(each, rotated)) {
          rotated.place = each;
          return Optional.of(each);
        }
      }
    } catch (IOException | UncheckedIOException shut) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Passes over what can't be looked at, such as a link to itself. */
  private static boolean isAt(Path place, LogFile rotated) {
    try {
      return LogFile.key(place).equals(Optional.of(rotated.key));
    } catch (IOException somethingElse) {
      return false;
    }
  }

  private record Rotated(LogFile log, Deadline until) {}
}
