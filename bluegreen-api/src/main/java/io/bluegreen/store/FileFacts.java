package io.bluegreen.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a name stands for, asked without following a link. Immutable.
 *
 * @param path the name
 * @param uid the user that it belongs to
 * @param mode type and permissions, as in stat(2)
 * @param key device and inode: equal for two names of one file
 */
record FileFacts(Path path, int uid, int mode, Object key) {
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int OTHERS = 0077;

  /** Returns the facts, or empty if there is nothing of that name. */
  static Optional<FileFacts> of(Path path) throws IOException {
    Map<String, Object> facts;
    try {
      facts = Files.readAttributes(path, "unix:uid,mode,fileKey", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
    return Optional.of(
        new FileFacts(
            path,
            (Integer) Objects.requireNonNull(facts.get("uid")),
            (Integer) Objects.requireNonNull(facts.get("mode")),
            Objects.requireNonNull(facts.get("fileKey"))));
  }

  /** Returns what is wrong with it as a directory of the user, with the remedy; or empty. */
  Optional<String> wrongAsDirectory(int user) {
    return wrong(DIRECTORY, "directory", user);
  }

  /** Returns what is wrong with it as a plain file of the user, with the remedy; or empty. */
  Optional<String> wrongAsFile(int user) {
    return wrong(REGULAR, "plain file", user);
  }

  /** Returns whether others than its user may open it. */
  boolean others() {
    return (mode & OTHERS) != 0;
  }

  private Optional<String> wrong(int type, String expected, int user) {
    if ((mode & TYPE) == LINK) {
      return Optional.of(path + " is a link; links are not followed: give a " + expected);
    }
    if ((mode & TYPE) != type) {
      return Optional.of(path + " is no " + expected + "; move it away");
    }
    if (uid != user) {
      return Optional.of(
          path
              + " belongs to the user with id "
              + uid
              + ", but this process runs as "
              + user
              + "; run it as that user, or change the owner (chown)");
    }
    if ((mode & WRITABLE_BY_OTHERS) != 0) {
      return Optional.of(
          path
              + " can be written by its group or by others; make sure that nobody has changed it,"
              + " then: chmod go-w "
              + path);
    }
    return Optional.empty();
  }
}
