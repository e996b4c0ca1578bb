package io.bluegreen.nginx;

import io.bluegreen.RouterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two switches of one nginx apart, also those of two JVMs, whatever their stores say. The
 * kernel gives the lock back when the JVM ends, however it ends.
 *
 * <p>Closing any channel on a file drops the locks that this JVM has on it (fcntl of POSIX), so
 * that within a JVM a second one must be refused before it opens the file: hence the static set.
 */
final class ResourceLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private ResourceLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock, without waiting.
   *
   * @param path of a file that is used for nothing else
   * @throws RouterException if somebody else has it, or the file can't be made
   */
  static ResourceLock take(Path path) {
    Path file = real(path);
    if (!HELD.add(file)) {
      throw held(file);
    }
    FileChannel channel = null;
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("not a regular file; delete it");
      }
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw held(file);
      }
      return new ResourceLock(file, channel);
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel, e);
      HELD.remove(file);
      if (e instanceof RouterException refused) {
        throw refused;
      }
      throw new RouterException(
          "can't lock "
              + file
              + " ("
              + e
              + "); nothing was changed; the user who switches must be"
              + " allowed to write there",
          RouterException.Effect.UNCHANGED,
          e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("can't release " + file, e);
    } finally {
      HELD.remove(file);
    }
  }

  /** One directory may be reached by several names; within this JVM they must count as one. */
  private static Path real(Path path) {
    Path directory = path.toAbsolutePath().getParent();
    try {
      return directory == null ? path : directory.toRealPath().resolve(path.getFileName());
    } catch (IOException notThere) {
      return path; // Then it can't be locked, which is told by who opens it.
    }
  }

  private static RouterException held(Path file) {
    return new RouterException(
        "somebody else is switching this nginx now ("
            + file
            + " is locked); nothing was changed;"
            + " try again when that is over",
        RouterException.Effect.UNCHANGED);
  }

  private static void closeQuietly(@Nullable FileChannel channel, Exception reason) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }
}
