package io.bluegreen.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The file of a lock, and which users may open it. Anyone who may read it can take a shared lock,
 * which keeps everybody else from the lock. So only its owner may open it; where a group may write
 * the directory, that group may, too, because its members switch there.
 *
 * <p>No method opens the file but {@link #open}, because closing a channel on it drops the locks
 * that this JVM has on it.
 */
record LockFile(Path path) {
  private static final Set<PosixFilePermission> OWNER = FileMode.PRIVATE.ofFile();
  private static final Set<PosixFilePermission> GROUP =
      Set.copyOf(PosixFilePermissions.fromString("rw-rw----"));
  private static final Set<PosixFilePermission> OTHERS =
      Set.copyOf(PosixFilePermissions.fromString("------rwx"));
  private static final int ROOT = 0;

  /**
   * Opens the file; makes it if it is not there. If it belongs to us, others can't open it from
   * then on.
   */
  FileChannel open() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("not a regular file; delete it");
    }
    FileChannel channel = opened();
    shut();
    return channel;
  }

  /** Returns a key that another file of this name does not have; empty if there is no file. */
  Optional<Object> key() {
    try {
      return Optional.ofNullable(file().fileKey());
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  private FileChannel opened() throws IOException {
    try {
      return FileChannel.open(
          path,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(OWNER));
    } catch (FileAlreadyExistsException thereAlready) {
      return FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** Sets its group and its mode; leaves both where only another user can change them. */
  private void shut() {
    try {
      PosixFileAttributes directory = directory();
      PosixFileAttributes file = file();
      Set<PosixFilePermission> mode = mode(directory);
      if (file.permissions().equals(mode) && (mode == OWNER || sameGroup(file, directory))) {
        return;
      }
      Files.setPosixFilePermissions(path, OWNER);
      if (mode == GROUP) {
        give(directory.group());
        Files.setPosixFilePermissions(path, GROUP);
      }
    } catch (IOException notOurs) {
      // exposed() says that others may open it. A user outside a group can't give a file to it.
    }
  }

  private void give(GroupPrincipal group) throws IOException {
    Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(group);
  }

  /**
   * Returns which other users could lock the file, for a person; empty if none could, or if the
   * next {@link #open} ends that.
   *
   * @param self the user who will open it
   */
  Optional<String> exposed(long self) {
    try {
      PosixFileAttributes file = file();
      PosixFileAttributes directory = directory();
      if (owner() == self) {
        return Optional.empty();
      }
      if (file.permissions().stream().anyMatch(OTHERS::contains)) {
        return Optional.of(
            "all users of this machine may open "
                + path
                + " ("
                + PosixFilePermissions.toString(file.permissions())
                + "), which belongs to "
                + file.owner().getName());
      }
      boolean trusted = owner() == ROOT || file.owner().equals(directory.owner());
      return trusted || mode(directory) == GROUP
          ? Optional.empty()
          : Optional.of(path + " belongs to " + file.owner().getName());
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  private int owner() throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private PosixFileAttributes directory() throws IOException {
    return Files.readAttributes(path.resolveSibling("."), PosixFileAttributes.class);
  }

  private PosixFileAttributes file() throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static Set<PosixFilePermission> mode(PosixFileAttributes directory) {
    return directory.permissions().contains(PosixFilePermission.GROUP_WRITE) ? GROUP : OWNER;
  }

  private static boolean sameGroup(PosixFileAttributes file, PosixFileAttributes directory) {
    return file.group().equals(directory.group());
  }
}
