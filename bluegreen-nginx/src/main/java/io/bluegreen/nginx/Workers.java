package io.bluegreen.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The worker processes of one nginx, where this program can see them (Linux, same PID namespace).
 *
 * @param master the process whose children they are
 */
record Workers(ProcessHandle master) {
  private static final String TITLE = "nginx: worker process";

  /** Finds them by one of them; empty where processes can't be seen. */
  static Optional<Workers> around(long worker) {
    return title(worker).startsWith(TITLE)
        ? ProcessHandle.of(worker).flatMap(ProcessHandle::parent).map(Workers::new)
        : Optional.empty();
  }

  /** Returns those that are there now. */
  List<Worker> list() {
    return master
        .children()
        .map(child -> new Worker(child.pid(), title(child.pid())))
        .filter(worker -> worker.title().startsWith(TITLE))
        .toList();
  }

  /** Returns those that accept connections. */
  Set<Long> accepting() {
    return list().stream()
        .filter(worker -> !worker.quitting())
        .map(Worker::pid)
        .collect(Collectors.toSet());
  }

  /** Returns how many finish what they have and then end. */
  int quitting() {
    return (int) list().stream().filter(Worker::quitting).count();
  }

  /** Returns the directory that they work in, if it was deleted and not made again. */
  Optional<String> goneDirectory() {
    String deleted = " (deleted)";
    return list().stream()
        .map(worker -> directory(worker.pid()))
        .filter(directory -> directory.endsWith(deleted))
        .map(directory -> directory.substring(0, directory.length() - deleted.length()))
        .filter(directory -> !Files.isDirectory(Path.of(directory)))
        .findFirst();
  }

  private static String directory(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).toString();
    } catch (IOException notOursToSee) {
      return "";
    }
  }

  /** A process that has ended, or is not ours to see, has none. */
  private static String title(long pid) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new String(line, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    } catch (IOException gone) {
      return "";
    }
  }

  /**
   * One of them.
   *
   * @param pid its id
   * @param title what it says of itself
   */
  record Worker(long pid, String title) {
    boolean quitting() {
      return title.contains("is shutting down");
    }
  }
}
