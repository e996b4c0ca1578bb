package io.bluegreen.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The names under which replacements of files are written, and what a killed process left under
 * such names.
 */
final class TemporaryCopies {
  private static final Pattern NAME = Pattern.compile("\\..+\\.[0-9a-f]{16}\\.tmp");

  /** How long what follows the name of the file is: 16 digits and {@code .tmp}. */
  private static final int SUFFIX = 20;

  private TemporaryCopies() {}

  /** Returns a name that nothing has, beside the file. */
  static Path next(Path directory, Path target) {
    String random = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    return directory.resolve(prefix(target) + random + ".tmp");
  }

  /** Returns whether a copy is of this file. */
  static boolean isOf(Path target, Path copy) {
    String name = String.valueOf(copy.getFileName());
    return name.startsWith(prefix(target)) && name.length() == prefix(target).length() + SUFFIX;
  }

  /**
   * Removes copies in a directory, and returns which.
   *
   * @throws IOException if the directory can't be read, or a copy can't be removed
   */
  static List<Path> remove(Path directory, Predicate<Path> which) throws IOException {
    List<Path> removed = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, entry -> isCopy(entry) && which.test(entry))) {
      for (Path entry : entries) {
        if (Files.deleteIfExists(entry)) {
          removed.add(entry);
        }
      }
    }
    return List.copyOf(removed);
  }

  private static boolean isCopy(Path entry) {
    return NAME.matcher(String.valueOf(entry.getFileName())).matches()
        && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }
}
