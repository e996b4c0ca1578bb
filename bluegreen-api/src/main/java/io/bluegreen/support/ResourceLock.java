package io.bluegreen.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps two who would change one resource apart, also those of two JVMs of a machine, whatever
 * their stores say: a lock of the operating system on an empty file beside the resource. The kernel
 * gives it back when the JVM ends, however it ends; the file stays, and must not be deleted while
 * somebody may have it locked.
 *
 * <p>Closing any channel on a file drops the locks that this JVM has on it (fcntl of POSIX), so
 * that within a JVM a second one must be refused before it opens the file: hence the static set.
 * For the same reason nobody else may open the file in the holder's JVM.
 *
 * <p>It takes no notice of an interrupt, and leaves the flag as it is. {@link #take} may be called
 * from any thread; what it returns may be closed by any one thread.
 */
public final class ResourceLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Channels that can't be closed, lest a copy of this class (another class loader) be robbed. */
  private static final Map<Path, Queue<FileChannel>> KEPT = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private ResourceLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock, without waiting; makes its file if there is none.
   *
   * @param path of a file that is used for nothing else, by a name that begins with a dot, so that
   *     no glob includes it; its directory must be there
   * @param resource what is changed under the lock, for messages: {@code this nginx}
   * @throws IOException if somebody else has it, the file can't be made or locked, or something
   *     else than a regular file lies there (a link is not followed). The message is for whoever
   *     wants to switch: it names the file, and says that nothing was changed and what to do
   */
  public static ResourceLock take(Path path, String resource) throws IOException {
    Path file = real(path);
    Optional<FileChannel> channel = Optional.empty();
    if (HELD.add(file)) {
      try {
        channel = locked(file);
      } finally {
        if (channel.isEmpty()) {
          HELD.remove(file);
        }
      }
    }
    return new ResourceLock(file, channel.orElseThrow(() -> held(file, resource)));
  }

  /**
   * Gives the lock back; the file stays. What is closed already is left alone.
   *
   * @throws UncheckedIOException if the file can't be closed
   */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      // While we have the lock no copy has it, whom the closing of these could rob.
      for (FileChannel kept : KEPT.getOrDefault(file, new ConcurrentLinkedQueue<>())) {
        kept.close();
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("can't release " + file, e);
    } finally {
      KEPT.remove(file);
      HELD.remove(file);
    }
  }

  /** Returns what was opened and locked, or empty if somebody else has the lock. */
  private static Optional<FileChannel> locked(Path file) throws IOException {
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("not a regular file; delete it");
      }
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      return locked(file, channel) ? Optional.of(channel) : Optional.empty();
    } catch (IOException e) {
      throw new IOException(
          "can't lock "
              + file
              + " ("
              + e
              + "); nothing was changed; the user who switches must be allowed to write there",
          e);
    }
  }

  /** Locks what was opened; closes it if that does not succeed. */
  private static boolean locked(Path file, FileChannel channel) throws IOException {
    boolean close = true;
    try {
      boolean locked = channel.tryLock() != null;
      close = !locked;
      return locked;
    } catch (OverlappingFileLockException heldByACopyOfThisClass) {
      close = false;
      KEPT.computeIfAbsent(file, f -> new ConcurrentLinkedQueue<>()).add(channel);
      return false;
    } finally {
      if (close) {
        channel.close();
      }
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

  private static IOException held(Path file, String resource) {
    return new IOException(
        "somebody else is switching "
            + resource
            + " now ("
            + file
            + " is locked); nothing was changed; try again when that is over");
  }
}
