package io.bluegreen.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The worker processes of one nginx, where this program can see them (Linux, same PID namespace).
 * While nginx's binary is being upgraded, those of both its masters.
 *
 * @param master the parent of the worker by which they were found
 */
record NginxWorkers(ProcessHandle master) {
  private static final String TITLE = "nginx: worker process";
  private static final String MASTER = "nginx: master process";

  /** The number of the field with the time of a process's start (proc(5), stat). */
  private static final int STARTED = 22;

  /** Finds the workers by the pid of one; empty where processes can't be seen. */
  static Optional<NginxWorkers> around(long worker) {
    return title(worker).startsWith(TITLE)
        ? ProcessHandle.of(worker).flatMap(ProcessHandle::parent).map(NginxWorkers::new)
        : Optional.empty();
  }

  /** Returns the workers that are there now. */
  List<Worker> list() {
    return family()
        .map(process -> new Worker(process.pid(), started(process.pid()), title(process.pid())))
        .filter(worker -> worker.title().startsWith(TITLE))
        .toList();
  }

  /** Returns the masters that have workers which accept connections; mostly one. */
  Set<Long> masters() {
    return family()
        .filter(process -> new Worker(process.pid(), "", title(process.pid())).accepts())
        .flatMap(process -> process.parent().stream())
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  /** A master that was told to run another binary has the new master as its child. */
  private Stream<ProcessHandle> family() {
    ProcessHandle oldest = master;
    for (Optional<ProcessHandle> parent = oldest.parent();
        parent.filter(process -> title(process.pid()).startsWith(MASTER)).isPresent();
        parent = oldest.parent()) {
      oldest = parent.get();
    }
    return oldest.descendants();
  }

  /** Returns the pids of those that accept connections. */
  Set<Long> accepting() {
    return list().stream().filter(Worker::accepts).map(Worker::pid).collect(Collectors.toSet());
  }

  /** Returns how many only finish what they have, and then end. */
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

  private static String started(long pid) {
    String all = read(Path.of("/proc/" + pid + "/stat"));
    String[] fields = all.substring(all.lastIndexOf(')') + 1).strip().split(" ", -1);
    int field = STARTED - 3; // Behind the name comes the third field.
    return field < fields.length ? fields[field] : "";
  }

  /** Returns the title of a process; empty if it has ended or can't be seen. */
  private static String title(long pid) {
    return read(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ').strip();
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /**
   * One worker.
   *
   * @param pid its id
   * @param started the time of its start, as the kernel counts
   * @param title of the process, which tells whether it is shutting down
   */
  record Worker(long pid, String started, String title) {
    /** Returns an id that no other process has, not even one that gets the same pid later. */
    String id() {
      return pid + "@" + started;
    }

    boolean quitting() {
      return title.contains("is shutting down");
    }

    boolean accepts() {
      return title.startsWith(TITLE) && !quitting();
    }
  }
}
