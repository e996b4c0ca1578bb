package io.bluegreen.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells whether a directory is one that only its user can write. */
final class OwnDirectory {
  private OwnDirectory() {}

  /**
   * Says why a directory, which is there, is none that belongs to the user alone; empty if it is.
   *
   * @throws IOException if it can't be looked at
   */
  static Optional<String> objection(Path directory, int user) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(
            directory, "unix:uid,permissions,isDirectory", LinkOption.NOFOLLOW_LINKS);
    @SuppressWarnings("unchecked")
    Set<PosixFilePermission> permissions =
        (Set<PosixFilePermission>) found.getOrDefault("permissions", Set.of());
    boolean fits =
        Boolean.TRUE.equals(found.get("isDirectory"))
            && Integer.valueOf(user).equals(found.get("uid"))
            && !permissions.contains(PosixFilePermission.GROUP_WRITE)
            && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
    return fits
        ? Optional.empty()
        : Optional.of(
            "run directory "
                + directory
                + ": expected a directory that belongs to user "
                + user
                + " and that nobody else can write, but it belongs to user "
                + found.get("uid")
                + " with "
                + PosixFilePermissions.toString(permissions));
  }
}
