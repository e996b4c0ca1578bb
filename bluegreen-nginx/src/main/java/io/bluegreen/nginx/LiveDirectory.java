package io.bluegreen.nginx;

import io.bluegreen.support.DurableFile;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The directory that nginx asks in live mode.
 *
 * <pre>
 * current -> gen-42              the one name that a switch renames
 * gen-42/web -> ../_w/25         a service, and the percent of its requests that green gets
 * gen-42/status.json             what nginx answers at its private door
 * _w/25/00 .. 24                 empty files: the buckets that are green; made once
 * </pre>
 */
final class LiveDirectory {
  /** The beginning of the names of the files by which this program tries what nginx sees. */
  static final String PROBE = ".probe-";

  private static final String STATUS = "status.json";
  private static final Pattern GENERATION = Pattern.compile("gen-[0-9]{1,18}");

  private final Path home;
  private final Path current;
  private final Checkpoint checkpoint;

  LiveDirectory(Path home, Checkpoint checkpoint) {
    this.home = home;
    this.current = home.resolve("current");
    this.checkpoint = checkpoint;
  }

  /** Makes a generation the current one, by one rename for all services. Durable on return. */
  void install(GenerationStatus status) throws IOException {
    Path generation = generation(status);
    for (int percent : new TreeSet<>(status.split().green().values())) {
      new Buckets(home, percent).make();
    }
    checkpoint.at("buckets made");
    if (current().equals(Optional.of(generation))) {
      describe(generation, status);
      return;
    }
    delete(generation);
    directory(generation);
    Map<Integer, Path> made = new HashMap<>();
    for (Map.Entry<String, Integer> share : status.split().green().entrySet()) {
      link(generation.resolve(share.getKey()), share.getValue(), made);
    }
    checkpoint.at("links made");
    describe(generation, status);
    DurableFile.forceDirectory(home);
    checkpoint.at("generation made");
    point(generation);
  }

  /**
   * Makes a service's link: a new one, or one more name of that of another service. Each new file
   * costs an entry in the file system's journal, which is much for a hundred services; one more
   * name costs next to nothing.
   */
  private static void link(Path service, int percent, Map<Integer, Path> made) throws IOException {
    Path same = made.putIfAbsent(percent, service);
    if (same != null) {
      try {
        Files.createLink(service, same);
        return;
      } catch (IOException | UnsupportedOperationException e) {
        // Not every file system gives a link a second name.
      }
    }
    Files.createSymbolicLink(service, Path.of("../_w/" + percent));
  }

  /** Lets the current link lead to a generation. Atomic for nginx, and durable on return. */
  void point(Path generation) throws IOException {
    Path link = home.resolve(".current");
    delete(link);
    Files.createSymbolicLink(link, home.relativize(generation));
    checkpoint.at("link made");
    Files.move(link, current, StandardCopyOption.ATOMIC_MOVE);
    checkpoint.at("renamed");
    DurableFile.forceDirectory(home);
    checkpoint.at("durable");
  }

  /** Removes the current link: nginx then serves its rendered default, as before any switch. */
  void unpoint() throws IOException {
    Files.deleteIfExists(current);
    DurableFile.forceDirectory(home);
  }

  /** Returns the generation that is current, if one is. */
  Optional<Path> current() throws IOException {
    return Files.isSymbolicLink(current)
        ? Optional.of(home.resolve(Files.readSymbolicLink(current)))
        : Optional.empty();
  }

  /** Returns the operations of {@link #install}, for a person. */
  List<String> plan(GenerationStatus status) throws IOException {
    Path generation = generation(status);
    List<String> plan = new ArrayList<>();
    for (int percent : new TreeSet<>(status.split().green().values())) {
      plan.addAll(new Buckets(home, percent).plan());
    }
    if (!current().equals(Optional.of(generation))) {
      plan.add("mkdir " + generation);
      Map<Integer, Path> made = new HashMap<>();
      status
          .split()
          .green()
          .forEach(
              (name, percent) -> {
                Path service = generation.resolve(name);
                Path same = made.putIfAbsent(percent, service);
                plan.add(
                    same == null
                        ? "symlink " + service + " -> ../_w/" + percent
                        : "link " + service + " to " + same);
              });
    }
    plan.add("write " + generation.resolve(STATUS) + " " + status.json());
    plan.add("fsync " + generation + " and " + home);
    if (!current().equals(Optional.of(generation))) {
      String from = current().map(path -> String.valueOf(path.getFileName())).orElse("nothing");
      plan.add("rename " + current + ": " + from + " -> " + generation.getFileName());
      plan.add("fsync " + home);
    }
    return List.copyOf(plan);
  }

  /** Returns whether a path has the name of a generation. */
  static boolean isGeneration(Path path) {
    return GENERATION.matcher(String.valueOf(path.getFileName())).matches();
  }

  /**
   * Makes a directory if it is not there. nginx's workers, which run as another user, can look into
   * it, whatever the umask is.
   *
   * @throws IOException if a link is there, because what it leads to does not belong to this
   *     library
   */
  static void directory(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      FileMode.READABLE.createDirectory(directory);
      return;
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " is a link or a file, expected a directory; delete it");
    }
    Set<PosixFilePermission> wanted = FileMode.READABLE.ofDirectory();
    if (!Files.getPosixFilePermissions(directory).equals(wanted)) {
      Files.setPosixFilePermissions(directory, wanted);
    }
  }

  /** Deletes a file, a link (not what it points to), or a directory with all that is in it. */
  static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (var files = Files.list(path)) {
        for (Path file : files.toList()) {
          delete(file);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  private Path generation(GenerationStatus status) {
    return home.resolve("gen-" + status.generation());
  }

  private static void describe(Path generation, GenerationStatus status) throws IOException {
    DurableFile.replace(
        generation.resolve(STATUS),
        status.json().getBytes(StandardCharsets.UTF_8),
        FileMode.READABLE.ofFile());
  }
}
