package io.bluegreen.nginx;

import io.bluegreen.support.DurableFile;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The template of one percentage: a directory with the names of the buckets that are green. Each
 * percentage holds the buckets of every smaller one, so that a rise sends no client back to blue.
 */
final class Buckets {
  /** Built without a format, because that writes the digits of the JVM's locale. */
  static final List<String> NAMES =
      IntStream.range(0, 100).mapToObj(i -> (i < 10 ? "0" : "") + i).toList();

  private static final Set<String> KNOWN = Set.copyOf(NAMES);

  private final Path all;
  private final Path made;
  private final int percent;

  Buckets(Path home, int percent) {
    this.all = home.resolve("_w");
    this.made = all.resolve(String.valueOf(percent));
    this.percent = percent;
  }

  /** Makes the directory, or mends one that was changed by hand. Durable on return. */
  void make() throws IOException {
    LiveDirectory.directory(all);
    if (!Files.exists(made, LinkOption.NOFOLLOW_LINKS)) {
      Path copy = all.resolve("." + percent + ".tmp");
      LiveDirectory.delete(copy);
      fill(copy);
      Files.move(copy, made, StandardCopyOption.ATOMIC_MOVE);
      DurableFile.forceDirectory(all);
    } else if (Files.isSymbolicLink(made) || !in(made).equals(names())) {
      fill(made); // It refuses to follow a link.
    }
  }

  List<String> plan() throws IOException {
    if (Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS) && in(made).equals(names())) {
      return List.of();
    }
    return List.of("create " + made + " with " + percent + " empty files");
  }

  private void fill(Path directory) throws IOException {
    LiveDirectory.directory(directory);
    Set<String> there = in(directory);
    for (String name : names()) {
      if (!there.contains(name)) {
        FileMode.READABLE.createFile(directory.resolve(name));
      }
    }
    for (String name : there) {
      if (!names().contains(name)) {
        LiveDirectory.delete(directory.resolve(name));
      }
    }
    DurableFile.forceDirectory(directory);
  }

  /** Returns how many buckets nginx will find in a directory, whatever it is called. */
  static int count(Path directory) throws IOException {
    return (int) in(directory).stream().filter(KNOWN::contains).count();
  }

  private Set<String> names() {
    return Set.copyOf(NAMES.subList(0, percent));
  }

  /** Returns the names in a directory; by File, which is faster for a hundred names. */
  private static Set<String> in(Path directory) throws IOException {
    String[] names = directory.toFile().list();
    if (names == null) {
      throw new IOException(directory + " can't be read");
    }
    return Set.of(names);
  }
}
