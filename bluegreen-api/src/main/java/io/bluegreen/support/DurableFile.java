package io.bluegreen.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Replaces files whole. A reader sees the former content or the new one, never a part, also after
 * the machine lost its power at any moment.
 *
 * <p>A replacement is written beside the file under a name that starts with a dot (so that no glob
 * includes it), forced to the disk, renamed over the file, and the directory is forced too. After a
 * force that failed nothing is known of that copy; it is deleted and never forced again.
 *
 * <p>Where the file's name is a link, the link is replaced; what it points to is never written. An
 * interrupt is put off until a method is done ({@link Uninterrupted}). Safe for use by several
 * threads; of several replacements at one time, one comes last.
 */
public final class DurableFile {
  private static final Disk LOCAL = new LocalDisk();

  private DurableFile() {}

  /**
   * Replaces a file that others may not read (mode 0600).
   *
   * @throws IOException if it was not replaced, or it is not known whether the rename is durable
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(content, "content");
    replace(file, content, FileMode.PRIVATE.ofFile());
  }

  /**
   * Replaces a file.
   *
   * @param permissions of the new file, whatever the umask is
   * @throws IOException if it was not replaced, or it is not known whether the rename is durable
   */
  public static void replace(Path file, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(content, "content");
    ArgumentChecks.noNulls("permissions", permissions);
    Path target = file.toAbsolutePath();
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(target + " is a directory, expected a file");
    }
    replace(LOCAL, target, content, permissions);
  }

  static void replace(Disk disk, Path target, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    // All of it is done again after an interrupt: to force the directory once more could hide that
    // the first force, whose answer was lost, had failed.
    Uninterrupted.<Boolean>call(() -> replaceOnce(disk, target, content, permissions));
  }

  /**
   * Forces the names in a directory to the disk: what was created, renamed or deleted there.
   *
   * @throws IOException if that is not known to be durable
   */
  public static void forceDirectory(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    Uninterrupted.<Boolean>call(
        () -> {
          LOCAL.forceDirectory(directory);
          return true;
        });
  }

  /**
   * Reads a whole file.
   *
   * @param most the most bytes that it may have
   * @throws NoSuchFileException if there is none
   * @throws IOException if it is larger, is not a regular file (a link is not followed), or can't
   *     be read
   */
  public static byte[] read(Path file, int most) throws IOException {
    Objects.requireNonNull(file, "file");
    return Uninterrupted.call(() -> readOnce(file, most));
  }

  /**
   * Removes the copies that replacements of files in a directory left when their process was
   * killed; nothing else. Call it where nobody else replaces files in the directory: a replacement
   * that is under way there fails.
   *
   * @return what was removed
   * @throws IOException if the directory can't be read, or a copy can't be removed
   */
  public static List<Path> removeLeftovers(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    return TemporaryCopies.remove(directory, entry -> true);
  }

  /**
   * Removes the copies that replacements of one file left when their process was killed or their
   * disk failed; nothing else. Call it where nobody else replaces this file.
   *
   * @return what was removed
   * @throws IOException if the directory can't be read, or a copy can't be removed
   */
  public static List<Path> removeLeftoversOf(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    Path target = file.toAbsolutePath();
    return TemporaryCopies.remove(parent(target), entry -> TemporaryCopies.isOf(target, entry));
  }

  private static boolean replaceOnce(
      Disk disk, Path target, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path copy = TemporaryCopies.next(parent(target), target);
    try {
      try (Disk.NewFile file = disk.create(copy)) {
        file.write(content);
        file.permit(permissions);
        file.force();
      }
      disk.rename(copy, target);
    } catch (IOException | RuntimeException e) {
      discard(disk, copy, e);
      throw e;
    }
    disk.forceDirectory(parent(target));
    return true;
  }

  private static byte[] readOnce(Path file, int most) throws IOException {
    // Looked at before it is opened, because opening a pipe waits for its writer.
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file");
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() > most) {
        throw new IOException(file + " has " + channel.size() + " bytes, expected at most " + most);
      }
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      int got = 0;
      while (got >= 0 && content.position() < content.capacity()) {
        content.limit(Math.min(content.capacity(), content.position() + LocalDisk.PART));
        got = channel.read(content);
      }
      byte[] bytes = new byte[content.position()];
      content.flip().get(bytes);
      return bytes;
    }
  }

  private static Path parent(Path target) {
    Path parent = target.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file: expected a file in a directory, but was " + target);
    }
    return parent;
  }

  private static void discard(Disk disk, Path copy, Exception reason) {
    try {
      disk.delete(copy);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
