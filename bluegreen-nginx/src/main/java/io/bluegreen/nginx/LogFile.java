package io.bluegreen.nginx;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far one file of a log was read, also after it was renamed. The file is opened for each
 * reading, and not as a channel, because an interrupt closes a channel. Not safe for threads.
 */
final class LogFile {
  private static final int LONGEST_LINE = 8 * 1024;

  final Object key;

  /** Where it was found last after it was renamed. */
  @Nullable Path place;

  private final StringBuilder line = new StringBuilder();
  private boolean tooLong;
  private long position;

  /**
   * Opens nothing yet.
   *
   * @param key that it keeps when it is renamed
   * @param position from which on it is to be read
   */
  LogFile(Object key, long position) {
    this.key = key;
    this.position = position;
  }

  /** Returns what a file keeps when it is renamed; nothing if there is no regular file. */
  static Optional<Object> key(Path path) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      return found.isRegularFile()
          ? Optional.of(Objects.requireNonNullElse(found.fileKey(), path))
          : Optional.empty();
    } catch (NoSuchFileException notThere) {
      return Optional.empty();
    }
  }

  /** Returns how many bytes of a file of this size are not read yet. */
  long left(long size) {
    return size < position ? size : size - position;
  }

  void read(Path path, Consumer<String> lines) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      if (!key(path).equals(Optional.of(key))) {
        return; // It was rotated just now: the next reading finds it.
      }
      if (file.length() < position) {
        position = 0; // Truncated: what is there now was written after that.
        line.setLength(0);
        tooLong = false;
      }
      file.seek(position);
      byte[] chunk = new byte[64 * 1024];
      for (int n = file.read(chunk); n > 0; n = file.read(chunk)) {
        position += n;
        split(new String(chunk, 0, n, StandardCharsets.ISO_8859_1), lines);
        if (n == chunk.length && Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted at byte " + position);
        }
      }
    } catch (FileNotFoundException e) {
      throw new IOException("it can't be opened: " + e.getMessage(), e);
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
}
