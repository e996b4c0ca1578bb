package io.bluegreen.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is only ever replaced whole. A reader, and a machine that loses its power at any
 * moment, sees the former content or the new one.
 *
 * <p>A replacement is written beside the file under a name that starts with a dot (so that no glob
 * includes it), forced to the disk, renamed over the file, and the directory is forced too. After a
 * force that failed nothing is known of that copy; it is deleted and never forced again.
 */
public final class DurableFile {
  private DurableFile() {}

  /**
   * Replaces a file that others may not read (mode 0600).
   *
   * @throws IOException if it was not replaced, or it is not known whether the rename is durable
   */
  public static void replace(Path file, byte[] content) throws IOException {
    replace(file, content, PosixFilePermissions.fromString("rw-------"));
  }

  /**
   * Replaces a file.
   *
   * @param permissions of the new file, whatever the umask is
   * @throws IOException if it was not replaced, or it is not known whether the rename is durable
   */
  public static void replace(Path file, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path target = file.toAbsolutePath();
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(target + " is a directory, expected a file");
    }
    Path copy = temporary(target);
    try {
      write(copy, content, permissions);
      Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      discard(copy, e);
      throw e;
    }
    forceDirectory(parent(target));
  }

  /**
   * Forces the names in a directory to the disk: what was created, renamed or deleted there.
   *
   * @throws IOException if that is not known to be durable
   */
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
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
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // Reads until the end, or until as much has come as there was when it was opened.
      }
      byte[] bytes = new byte[content.position()];
      content.flip().get(bytes);
      return bytes;
    }
  }

  private static void write(Path copy, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            copy,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      Files.setPosixFilePermissions(copy, permissions);
      channel.force(true);
    }
  }

  private static Path temporary(Path target) {
    return parent(target)
        .resolve(
            "."
                + target.getFileName()
                + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong())
                + ".tmp");
  }

  private static Path parent(Path target) {
    Path parent = target.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file: expected a file in a directory, but was " + target);
    }
    return parent;
  }

  private static void discard(Path copy, Exception reason) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
