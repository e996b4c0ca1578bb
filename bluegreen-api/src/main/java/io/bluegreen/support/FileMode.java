package io.bluegreen.support;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;

/**
 * What other users may do with a file or a directory that is made here, whatever the umask is.
 * Neither mode lets others write. What is made is at no moment open to more users than was asked:
 * at first only its owner may use it, and then it gets its mode.
 *
 * <p>Every file and directory that this library makes is made by this or by {@link DurableFile}.
 */
public enum FileMode {
  /** Only the owner reads it, writes it and looks into it: 0600 and 0700. */
  PRIVATE("rw-------", "rwx------"),

  /** All may read it and look into it, as the workers of a proxy must: 0644 and 0755. */
  READABLE("rw-r--r--", "rwxr-xr-x");

  private final String ofFile;
  private final String ofDirectory;

  FileMode(String ofFile, String ofDirectory) {
    this.ofFile = ofFile;
    this.ofDirectory = ofDirectory;
  }

  /** Returns what a file of this mode permits; immutable. */
  public Set<PosixFilePermission> ofFile() {
    return Set.copyOf(PosixFilePermissions.fromString(ofFile));
  }

  /** Returns what a directory of this mode permits; immutable. */
  public Set<PosixFilePermission> ofDirectory() {
    return Set.copyOf(PosixFilePermissions.fromString(ofDirectory));
  }

  /**
   * Makes an empty file. After a kill at any moment it is there with this mode, with a narrower
   * one, or not at all.
   *
   * @return the file
   * @throws FileAlreadyExistsException if there is something of that name, also a link
   * @throws IOException if it can't be made
   */
  public Path createFile(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE.ofFile()));
    return Files.setPosixFilePermissions(file, ofFile());
  }

  /**
   * Makes a directory, whose parent must be there.
   *
   * @return the directory
   * @throws FileAlreadyExistsException if there is something of that name, also a link
   * @throws IOException if it can't be made
   */
  public Path createDirectory(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE.ofDirectory()));
    return Files.setPosixFilePermissions(directory, ofDirectory());
  }

  /**
   * Makes a directory and those above it that are missing, each with this mode. What is there
   * already, or made by somebody else meanwhile, keeps its mode.
   *
   * @return the directory
   * @throws FileAlreadyExistsException if something that is no directory has one of the names; a
   *     link to a directory counts as one
   * @throws IOException if one can't be made
   */
  public Path createDirectories(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    Deque<Path> missing = new ArrayDeque<>();
    Path path = directory.toAbsolutePath();
    for (Path p = path; p != null && !Files.exists(p, LinkOption.NOFOLLOW_LINKS); ) {
      missing.push(p);
      p = p.getParent();
    }
    for (Path p : missing) {
      try {
        createDirectory(p);
      } catch (FileAlreadyExistsException madeMeanwhile) {
        requireDirectory(p);
      }
    }
    requireDirectory(path);
    return directory;
  }

  private static void requireDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new FileAlreadyExistsException(path.toString(), null, "it is no directory");
    }
  }
}
