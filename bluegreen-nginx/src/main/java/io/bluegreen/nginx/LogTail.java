package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines that are added to a log, whatever becomes of the file: it is renamed and opened
 * anew, it is truncated, it is not there for a while. Keeps no line. Not safe for threads.
 */
final class LogTail implements AutoCloseable {
  /** Workers open a new log one after the other, and write to the former one until they do. */
  private static final Duration FORMER_LIFE = Duration.ofSeconds(10);

  private static final int MOST_FORMER = 4;

  private final Path path;
  private final TimeSource time;
  private final Deque<OpenLog> former = new ArrayDeque<>();
  private @Nullable OpenLog log;

  /** Opens the log at its end, if there is one; one that comes later is read from its start. */
  LogTail(Path path, TimeSource time) throws IOException {
    this.path = path;
    this.time = time;
    follow(true);
  }

  /**
   * Hands over each line that was added since the last time.
   *
   * @throws IOException if the log can't be read
   */
  void read(Consumer<String> lines) throws IOException {
    for (OpenLog each : former) {
      each.read(lines);
    }
    if (log != null) {
      log.read(lines);
    }
    follow(false);
    if (log != null) {
      log.read(lines);
    }
    forget();
  }

  @Override
  public void close() throws IOException {
    for (OpenLog each : former) {
      each.close();
    }
    former.clear();
    if (log != null) {
      log.close();
      log = null;
    }
  }

  private void follow(boolean atEnd) throws IOException {
    Object key;
    try {
      key = key(path);
      if (log != null && Objects.equals(log.key, key)) {
        return;
      }
      OpenLog next = new OpenLog(path, key, atEnd);
      if (log != null) {
        log.until = time.elapsed().plus(FORMER_LIFE);
        former.add(log);
      }
      log = next;
    } catch (NoSuchFileException notThereYet) {
      return;
    }
  }

  private void forget() throws IOException {
    for (Iterator<OpenLog> each = former.iterator(); each.hasNext(); ) {
      OpenLog it = each.next();
      if (former.size() > MOST_FORMER || it.until.compareTo(time.elapsed()) < 0) {
        it.close();
        each.remove();
      }
    }
  }

  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** One file, by whatever name it goes now. */
  private static final class OpenLog {
    private static final int LONGEST_LINE = 8 * 1024;

    private final @Nullable Object key;
    private final FileChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    private final StringBuilder line = new StringBuilder();
    private boolean tooLong;
    private long position;
    private Duration until = Duration.ZERO;

    OpenLog(Path path, @Nullable Object key, boolean atEnd) throws IOException {
      this.key = key;
      this.channel = FileChannel.open(path);
      this.position = atEnd ? channel.size() : 0;
    }

    void read(Consumer<String> lines) throws IOException {
      if (channel.size() < position) {
        position = 0; // Truncated: what is there now was written after that.
        line.setLength(0);
      }
      chunk.clear();
      for (int n = channel.read(chunk, position); n > 0; n = channel.read(chunk, position)) {
        position += n;
        split(new String(chunk.array(), 0, n, StandardCharsets.ISO_8859_1), lines);
        chunk.clear();
      }
    }

    private void split(String text, Consumer<String> lines) {
      int start = 0;
      for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        append(text, start, end);
        if (!tooLong) {
          lines.accept(line.toString());
        }
        line.setLength(0);
        tooLong = false;
        start = end + 1;
      }
      append(text, start, text.length());
    }

    private void append(String text, int start, int end) {
      tooLong |= line.length() + end - start > LONGEST_LINE;
      if (!tooLong) {
        line.append(text, start, end);
      }
    }

    void close() throws IOException {
      channel.close();
    }
  }
}
