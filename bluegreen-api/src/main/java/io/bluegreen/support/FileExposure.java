package io.bluegreen.support;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Something that lets other users of the machine disturb a file of ours. Immutable.
 *
 * @param what is so, for a person
 * @param remedy what to do
 */
public record FileExposure(String what, String remedy) {
  private static final int STICKY = 01000;
  private static final int ROOT = 0;

  /** Validates. */
  public FileExposure {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(remedy, "remedy");
  }

  /**
   * Returns which directories above a file or a directory let others than this user and root move
   * what is in them, and put something else in its place: those that a group or all may write and
   * that are not sticky, and those of another user. Both the names as given and those behind links
   * count. Only looks; what can't be looked at is left out.
   */
  public static List<FileExposure> ofParents(Path path) {
    long self = new UnixSystem().getUid();
    return parents(Objects.requireNonNull(path, "path").toAbsolutePath()).stream()
        .flatMap(parent -> of(parent, self).stream())
        .toList();
  }

  /** Returns one text, for a log. */
  @Override
  public String toString() {
    return what + "; remedy: " + remedy;
  }

  private static Set<Path> parents(Path path) {
    Set<Path> parents = new LinkedHashSet<>();
    for (Path p = path.getParent(); p != null; p = p.getParent()) {
      parents.add(p);
      try {
        for (Path real = p.toRealPath(); real != null; real = real.getParent()) {
          parents.add(real);
        }
      } catch (IOException notThereYet) {
        // Then those above it count.
      }
    }
    return parents;
  }

  static Optional<FileExposure> of(Path directory, long self) {
    try {
      Map<String, Object> unix = Files.readAttributes(directory, "unix:uid,mode");
      int owner = (Integer) Objects.requireNonNull(unix.get("uid"));
      boolean sticky = ((Integer) Objects.requireNonNull(unix.get("mode")) & STICKY) != 0;
      PosixFileAttributes posix = Files.readAttributes(directory, PosixFileAttributes.class);
      String can = ", and can move what is in it and put something else in its place";
      if (owner != self && owner != ROOT) {
        return Optional.of(
            new FileExposure(
                directory + " belongs to another user, " + posix.owner().getName() + can,
                "give it to this user or to root (chown), or choose another place"));
      }
      Optional<String> writers = sticky ? Optional.empty() : writers(posix);
      return writers.map(
          who ->
              new FileExposure(
                  directory
                      + " can be written by "
                      + who
                      + " ("
                      + PosixFilePermissions.toString(posix.permissions())
                      + "), who can move what is in it and put something else in its place",
                  "chmod go-w " + directory + ", or chmod +t " + directory));
    } catch (IOException | UnsupportedOperationException cantBeLookedAt) {
      return Optional.empty();
    }
  }

  /** On Linux a group of the owner's own name usually has nobody else in it. */
  private static Optional<String> writers(PosixFileAttributes posix) {
    if (posix.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      return Optional.of("all users");
    }
    String group = posix.group().getName();
    return posix.permissions().contains(PosixFilePermission.GROUP_WRITE)
            && !group.equals(posix.owner().getName())
        ? Optional.of("its group " + group)
        : Optional.empty();
  }
}
