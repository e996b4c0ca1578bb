package io.bluegreen.support;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The steps of a durable replacement that a file system takes. It is an interface so that a test
 * can put a disk in its place that loses and reorders what was not forced.
 */
interface Disk {
  /** Makes an empty file, readable for its owner only; fails if the name is taken. */
  NewFile create(Path file) throws IOException;

  /** Gives a file another name at once, replacing what has that name. */
  void rename(Path from, Path to) throws IOException;

  /** Makes the names in a directory durable. */
  void forceDirectory(Path directory) throws IOException;

  /** Removes a file if it is there. */
  void delete(Path file) throws IOException;

  /** A file that is being written. */
  interface NewFile extends Closeable {
    void write(byte[] content) throws IOException;

    void permit(Set<PosixFilePermission> permissions) throws IOException;

    /** Makes its content durable, though not its name. */
    void force() throws IOException;
  }
}
