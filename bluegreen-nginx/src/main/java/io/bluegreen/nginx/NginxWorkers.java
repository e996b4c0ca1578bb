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

  private static final int STATE = 3;
  private static final int USER_TICKS = 14;
  private static final int SYSTEM_TICKS = 15;

  /**
   * Finds the workers of the nginx of which one has told its pid; empty where they can't be seen. A
   * pid of a container is another process's here.
   */
  static Optional<NginxWorkers> around(long worker, NginxSettings settings) {
    return settings.container.isPresent() ? Optional.empty() : around(worker);
  }

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

  /** Returns whether a process is its child, and not that of another master of the same nginx. */
  boolean isOwn(long worker) {
    return ProcessHandle.of(worker)
        .flatMap(ProcessHandle::parent)
        .filter(master::equals)
        .isPresent();
  }

  /** Returns the file that nginx was started with, as its master's title tells. */
  Optional<Path> configuration() {
    List<String> words = List.of(title(master.pid()).split(" "));
    Path prefix = Path.of(option(words, "-p").orElse(""));
    return option(words, "-c").map(prefix::resolve).filter(Path::isAbsolute);
  }

  private static Optional<String> option(List<String> words, String name) {
    int option = words.indexOf(name);
    return option < 0 || option + 1 >= words.size()
        ? Optional.empty()
        : Optional.of(words.get(option + 1));
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
    return field(stat(pid), STARTED);
  }

  /** Returns what the kernel tells of a process behind its name: from the third field on. */
  private static String[] stat(long pid) {
    String all = read(Path.of("/proc/" + pid + "/stat"));
    return all.substring(all.lastIndexOf(')') + 1).strip().split(" ", -1);
  }

  private static String field(String[] stat, int number) {
    return number - 3 < stat.length ? stat[number - 3] : "";
  }

  /** Returns the time as the kernel counts it for processes: 100 ticks a second since it began. */
  static long nowTicks() {
    String[] uptime = read(Path.of("/proc/uptime")).split("[. ]", 3);
    return uptime.length < 3 ? 0 : Long.parseLong(uptime[0] + uptime[1]);
  }

  /** Returns what a process does now. */
  static Activity activity(long pid) {
    String[] stat = stat(pid);
    return new Activity(
        field(stat, STATE), ticks(field(stat, USER_TICKS)) + ticks(field(stat, SYSTEM_TICKS)));
  }

  private static long ticks(String field) {
    return field.matches("[0-9]{1,18}") ? Long.parseLong(field) : 0;
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

    /** Returns when it was started, in ticks of the kernel; 0 if it has ended. */
    long startedTicks() {
      return ticks(started);
    }

    boolean quitting() {
      return title.contains("is shutting down");
    }

    boolean accepts() {
      return title.startsWith(TITLE) && !quitting();
    }
  }

  /**
   * What a process does.
   *
   * @param state a letter of proc(5): S while it waits for something to happen; empty if it has
   *     ended
   * @param ticks how long it has worked since it was started, in ticks of the kernel
   */
  record Activity(String state, long ticks) {
    boolean isWaitingOrGone() {
      return state.isEmpty() || "SZX".contains(state);
    }
  }
}
