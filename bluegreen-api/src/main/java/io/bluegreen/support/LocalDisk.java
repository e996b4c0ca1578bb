package io.bluegreen.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file systems of this machine. */
final class LocalDisk implements Disk {
  /**
   * How much is written at once: the JDK keeps, for each thread, a buffer of the largest size that
   * it wrote.
   */
  static final int PART = 64 * 1024;

  @Override
  public NewFile create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(FileMode.PRIVATE.ofFile()));
    return new OpenFile(file, channel);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private record OpenFile(Path file, FileChannel channel) implements NewFile {
    @Override
    public void write(byte[] content) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.position() < content.length) {
        rest.limit(Math.min(content.length, rest.position() + PART));
        channel.write(rest);
      }
    }

    @Override
    public void permit(Set<PosixFilePermission> permissions) throws IOException {
      Files.setPosixFilePermissions(file, permissions);
    }

    @Override
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
