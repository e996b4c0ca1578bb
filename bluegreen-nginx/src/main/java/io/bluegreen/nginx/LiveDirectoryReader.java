package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Drift.Kind;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a state directory as nginx does: by its links, and not by what its status says. */
final class LiveDirectoryReader {
  private static final int LARGEST_STATUS = 1 << 20;

  private final Path home;
  private final List<Drift> drift = new ArrayList<>();

  /** The buckets of each template that was counted: many services lead to the same one. */
  private final Map<String, Integer> counted = new HashMap<>();

  private LiveDirectoryReader(Path home) {
    this.home = home;
  }

  /**
   * Returns what decides the colour of each request.
   *
   * @throws IOException if it can't be read
   */
  static DiskTruth read(Path home) throws IOException {
    Path current = home.resolve("current");
    if (!Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
      return DiskTruth.NONE;
    }
    if (!Files.isSymbolicLink(current)) {
      throw new IOException(current + " is no symbolic link; move it away");
    }
    try {
      return new LiveDirectoryReader(home).follow(Files.readSymbolicLink(current).toString());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private DiskTruth follow(String target) throws IOException {
    Path generation = home.resolve(target);
    if (!Files.isDirectory(generation)) {
      wrong(Kind.STATE_LOST, "current points to " + target + ", which is not there");
      return new DiskTruth(0, Optional.empty(), Map.of(), drift, fences());
    }
    long number = 0;
    if (LiveDirectory.isGeneration(Path.of(target)) && !target.contains("/")) {
      number = Long.parseLong(target.substring(4));
    } else {
      wrong(Kind.FILE_EDITED, "current points to " + target + ", which is no generation");
    }
    Map<String, Integer> green = shares(generation);
    Optional<GenerationStatus> status = status(generation);
    if (status.isPresent()) {
      compare(number, green, status.get());
    }
    long fence = status.isPresent() ? status.get().fence() : fences();
    return new DiskTruth(number, status, green, drift, fence);
  }

  /** Asks the disk as seldom as possible, because there may be many services. */
  private Map<String, Integer> shares(Path generation) throws IOException {
    Map<String, Integer> green = new TreeMap<>();
    try (var files = Files.list(generation)) {
      for (Path file : files.toList()) {
        String target = target(file);
        Integer known = counted.get(target);
        if (known != null || Files.isDirectory(file)) {
          green.put(
              String.valueOf(file.getFileName()), known == null ? count(file, target) : known);
        }
      }
    }
    return green;
  }

  private int count(Path link, String target) throws IOException {
    int buckets = Buckets.count(link);
    if (target.equals("../_w/" + buckets)) {
      counted.put(target, buckets);
    } else {
      wrong(
          Kind.FILE_EDITED,
          link + " leads to " + SafeText.quoted(target) + " with " + buckets + " buckets");
    }
    return buckets;
  }

  /** Returns what a link points to; an empty text if the file is no link. */
  private static String target(Path file) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (NotLinkException e) {
      return "";
    }
  }

  private Optional<GenerationStatus> status(Path generation) throws IOException {
    Path file = generation.resolve("status.json");
    try {
      return Optional.of(statusIn(file));
    } catch (NoSuchFileException e) {
      wrong(Kind.MARKER_MISSING, file + " is not there");
    } catch (IllegalArgumentException e) {
      wrong(Kind.FILE_TORN, file + ": " + e.getMessage());
    } catch (IOException e) {
      wrong(Kind.FILE_EDITED, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** Returns the highest fence of all kept generations; for when the current status is damaged. */
  private long fences() throws IOException {
    try (var files = Files.list(home)) {
      return files
          .filter(LiveDirectory::isGeneration)
          .mapToLong(LiveDirectoryReader::fence)
          .max()
          .orElse(0);
    }
  }

  private static long fence(Path generation) {
    try {
      return statusIn(generation.resolve("status.json")).fence();
    } catch (IOException | IllegalArgumentException damagedToo) {
      return 0;
    }
  }

  private static GenerationStatus statusIn(Path file) throws IOException {
    return GenerationStatus.read(
        new String(DurableFile.read(file, LARGEST_STATUS), StandardCharsets.UTF_8));
  }

  private void compare(long number, Map<String, Integer> green, GenerationStatus status) {
    if (status.generation() != number) {
      wrong(Kind.FILE_EDITED, "gen-" + number + " calls itself " + status.generation());
    }
    Map<String, Integer> links = new TreeMap<>(green);
    Map<String, Integer> told = new TreeMap<>(status.split().green());
    if (!links.equals(told)) {
      wrong(Kind.FILE_EDITED, "the links say " + links + ", but the status says " + told);
    }
  }

  private void wrong(Kind kind, String detail) {
    drift.add(new Drift(kind, Text.clean(detail, 500)));
  }
}
