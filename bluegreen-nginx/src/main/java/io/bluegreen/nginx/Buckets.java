package io.bluegreen.nginx;

import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The template of one percentage: a directory with the names of the buckets that are green. Each
 * percentage holds the buckets of every smaller one, so that raising it throws no client back.
 */
final class Buckets {
  private final Path all;
  private final Path made;
  private final int percent;

  Buckets(Path home, int percent) {
    this.all = home.resolve("_w");
    this.made = all.resolve(String.valueOf(percent));
    this.percent = percent;
  }

  /** Makes it, or mends one that was changed by hand. Durable on return. */
  void make() throws IOException {
    if (!Files.isDirectory(made)) {
      StateDirectory.directory(all);
      Path copy = all.resolve("." + percent + ".tmp");
      StateDirectory.delete(copy);
      fill(copy);
      Files.move(copy, made, StandardCopyOption.ATOMIC_MOVE);
      DurableFile.forceDirectory(all);
    } else if (!in(made).equals(names())) {
      fill(made);
    }
  }

  List<String> plan() throws IOException {
    if (Files.isDirectory(made) && in(made).equals(names())) {
      return List.of();
    }
    return List.of("create " + made + " with " + percent + " empty files");
  }

  private void fill(Path directory) throws IOException {
    StateDirectory.directory(directory);
    Set<String> there = in(directory);
    for (String name : names()) {
      if (!there.contains(name)) {
        Files.createFile(directory.resolve(name));
      }
    }
    for (String name : there) {
      if (!names().contains(name)) {
        StateDirectory.delete(directory.resolve(name));
      }
    }
    DurableFile.forceDirectory(directory);
  }

  private Set<String> names() {
    return IntStream.range(0, percent)
        .mapToObj("%02d"::formatted)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> in(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
