package io.bluegreen.nginx;

import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Deletes what killed programs have left half written in a {@link LiveDirectory}, and former
 * generations when there are many: never the current one, nor the one before it.
 *
 * @param home the state directory
 * @param state which generation is current
 */
record LiveDirectoryTidying(Path home, LiveDirectory state) {
  /** Deleting costs more than the rename itself, so that it is done for several at once. */
  private static final int MOST_GENERATIONS = 8;

  private static final Duration PROBE_LIFE = Duration.ofHours(1);

  /**
   * Tidies up.
   *
   * @param before the generation before the current one; it is kept
   */
  void make(Optional<Path> before, Instant now) throws IOException {
    List<Path> files;
    try (var all = Files.list(home)) {
      files = all.toList();
    }
    for (Path file : files) {
      if (isProbe(file) && isLeft(file, now)) {
        LiveDirectory.delete(file);
      }
    }
    List<Path> generations = files.stream().filter(LiveDirectory::isGeneration).toList();
    for (Path generation : generations) {
      if (Files.isDirectory(generation, LinkOption.NOFOLLOW_LINKS)) {
        DurableFile.removeLeftovers(generation);
      }
    }
    if (generations.size() > MOST_GENERATIONS) {
      Optional<Path> current = state.current();
      for (Path generation : generations) {
        Optional<Path> it = Optional.of(generation);
        if (!it.equals(current) && !it.equals(before)) {
          LiveDirectory.delete(generation);
        }
      }
    }
  }

  private static boolean isProbe(Path file) {
    return String.valueOf(file.getFileName()).startsWith(LiveDirectory.PROBE);
  }

  /** A young file may belong to a program that is looking just now; an old one is left over. */
  private static boolean isLeft(Path probe, Instant now) throws IOException {
    try {
      return Files.getLastModifiedTime(probe).toInstant().isBefore(now.minus(PROBE_LIFE));
    } catch (NoSuchFileException gone) {
      return false;
    }
  }
}
