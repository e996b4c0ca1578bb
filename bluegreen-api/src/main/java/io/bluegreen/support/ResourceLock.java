package io.bluegreen.support;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Lets only one at a time change a resource, in all JVMs of a machine and whatever their stores
 * say: a lock of the operating system on an empty file beside the resource. The kernel gives it
 * back when the JVM ends, however it ends. The file stays, and must not be deleted while somebody
 * may have it locked.
 *
 * <p>Closing any channel on a file drops the locks that this JVM has on it (fcntl of POSIX), so
 * that within a JVM a second try must be refused before it opens the file; that is what the static
 * set is for. For the same reason nothing else in the holder's JVM may open the file.
 *
 * <p>Only users who may write the directory can open the file, whatever the umask is, because a
 * shared lock of any other user would keep everybody from the lock. Its mode is 0600, or 0660 and
 * the directory's group where that group may write the directory. A file of ours with a wider mode
 * gets this one.
 *
 * <p>It takes no notice of an interrupt, and leaves the flag as it is. {@link #take} may be called
 * from any thread; what it returns may be closed by any one thread.
 */
public final class ResourceLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

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
   *     else than a regular file lies there (a link is not followed). The message is for the caller
   *     that wants to switch: it names the file, and its holder where that is known, and says that
   *     nothing was changed and what to do
   */
  public static ResourceLock take(Path path, String resource) throws IOException {
    return take(path, resource, () -> false);
  }

  /**
   * Takes the lock as {@link #take(Path, String)} does, but waits while somebody else has it.
   *
   * @param again is asked each time that somebody else was found to have it: waits a little, and
   *     returns whether to try again
   * @throws IOException as there; that somebody else has it only when {@code again} said no
   */
  public static ResourceLock take(Path path, String resource, BooleanSupplier again)
      throws IOException {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(again, "again");
    Path file = real(Objects.requireNonNull(path, "path"));
    while (true) {
      Optional<FileChannel> channel = tried(file);
      if (channel.isPresent()) {
        return new ResourceLock(file, channel.get());
      }
      if (!again.getAsBoolean()) {
        throw held(file, resource);
      }
    }
  }

  /**
   * Returns what would let other users take the lock, and so keep everybody from switching; empty
   * if nothing would, or if the next {@link #take} ends it. Only looks.
   *
   * @param path as for {@link #take}
   */
  public static Optional<FileExposure> exposure(Path path) {
    Path file = real(Objects.requireNonNull(path, "path"));
    return new LockFile(file)
        .exposed(new UnixSystem().getUid())
        .map(
            what ->
                new FileExposure(
                    what + ", so that they can keep everybody from switching",
                    "delete "
                        + file
                        + " while nobody switches; the next switch makes it again, as its own"
                        + " user's"));
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
      // While we have the lock, no copy of this class has it, so that closing these takes it from
      // nobody.
      KeptChannels.closeAllOf(file);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("can't release " + file, e);
    } finally {
      HELD.remove(file);
    }
  }

  private static Optional<FileChannel> tried(Path file) throws IOException {
    if (!HELD.add(file)) {
      return Optional.empty();
    }
    Optional<FileChannel> channel = Optional.empty();
    try {
      channel = locked(file);
      return channel;
    } finally {
      if (channel.isEmpty()) {
        HELD.remove(file);
      }
    }
  }

  /** Returns what was opened and locked, or empty if somebody else has the lock. */
  private static Optional<FileChannel> locked(Path file) throws IOException {
    try {
      LockFile lockFile = new LockFile(file);
      Optional<FileChannel> before = lockFile.key().flatMap(key -> KeptChannels.take(file, key));
      FileChannel channel = before.isPresent() ? before.get() : lockFile.open();
      return locked(lockFile, channel) ? Optional.of(channel) : Optional.empty();
    } catch (IOException e) {
      throw new IOException(
          "can't lock "
              + file
              + " ("
              + Failures.reason(e)
              + "); nothing was changed; the user who switches must be allowed to write there",
          e);
    }
  }

  /** Locks what was opened; closes it if that does not succeed. */
  private static boolean locked(LockFile file, FileChannel channel) throws IOException {
    boolean close = true;
    try {
      boolean locked = channel.tryLock() != null;
      close = !locked;
      return locked;
    } catch (OverlappingFileLockException heldByACopyOfThisClass) {
      close = false;
      KeptChannels.keep(file.path(), file.key().orElse(channel), channel);
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
      return path; // Then it can't be opened, and the failure of that says why.
    }
  }

  private static IOException held(Path file, String resource) {
    String holder =
        HELD.contains(file)
            ? " by this process"
            : LockHolder.of(file).map(" by "::concat).orElse("");
    return new IOException(
        "somebody else is switching "
            + resource
            + " now ("
            + file
            + " is locked"
            + holder
            + "); nothing was changed; try again when that is over");
  }
}
