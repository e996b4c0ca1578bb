package io.bluegreen.launch;

import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What proc(5) tells about one process beyond its number: whose it is, what it is called, and what
 * it runs under. Each answer is read when it is asked for.
 *
 * @param id of the launch as which it is, or is to be, taken over
 */
record ProcessFacts(ProcessTable table, HostProcess process, LaunchId id) {
  private static final int LONGEST_NAME = 15;
  private static final int LONGEST_SHOWN = 40;

  long pid() {
    return process.pid();
  }

  /** Returns the numbers of its ancestors, from its parent on; without one that has ended. */
  List<Long> ancestors() throws IOException {
    return ancestors(table, pid());
  }

  /** Returns the numbers of the ancestors of a process, from its parent on. */
  static List<Long> ancestors(ProcessTable table, long pid) throws IOException {
    List<Long> ancestors = new ArrayList<>();
    Optional<ProcessRow> row = table.row(pid);
    while (row.isPresent() && row.get().parent() > 0 && !ancestors.contains(row.get().parent())) {
      ancestors.add(row.get().parent());
      row = table.row(row.get().parent());
    }
    return ancestors;
  }

  /** Returns the real user, where the effective one is the same. */
  Optional<Integer> user() throws IOException {
    return table.userOf(pid());
  }

  /** Returns the pid namespace that it lives in. */
  String namespace() throws IOException {
    return Files.readSymbolicLink(table.root().resolve(pid() + "/ns/pid")).toString();
  }

  /** Returns the control groups that it is in, one for each hierarchy: cgroups(7). */
  List<String> controlGroups() throws IOException {
    return paths(table.read(pid() + "/cgroup"));
  }

  /** Returns the control groups that this JVM is in. */
  List<String> ownControlGroups() throws IOException {
    return paths(table.read("self/cgroup"));
  }

  /** Returns a process as a person may see it: without its arguments, which may be secret. */
  static String shown(ProcessTable table, long pid) {
    return "pid " + pid + " (" + Text.clean(table.name(pid), LONGEST_SHOWN) + ")";
  }

  /**
   * Returns what a process may be known as: the name that the kernel keeps, the file that it runs,
   * and the script or the module where that file is an interpreter. Its arguments are read for
   * that, and shown to nobody.
   */
  static Set<String> names(ProcessTable table, long pid) {
    String name = table.name(pid);
    Set<String> names = new HashSet<>(List.of(name, name.split(" ", 2)[0])); // "PM2 v5.3.0: God"
    try {
      names.add(fileName(Files.readSymbolicLink(table.root().resolve(pid + "/exe")).toString()));
    } catch (IOException foreignOrEnded) {
      // What the kernel calls it has to do.
    }
    try {
      String[] arguments = table.read(pid + "/cmdline").split("\0", 4);
      for (int i = 0; i < Math.min(arguments.length, 3); i++) {
        names.add(fileName(arguments[i]));
        names.add(arguments[i].replaceFirst("\\..*", "")); // Python's -m supervisor.supervisord
        names.add(arguments[i].replaceFirst(".*/node_modules/([^/]+)/.*", "$1"));
      }
    } catch (IOException ended) {
      return names;
    }
    return names;
  }

  /** Returns a name as the kernel keeps it: its first characters, proc_pid_comm(5). */
  static String cut(String name) {
    return name.substring(0, Math.min(LONGEST_NAME, name.length()));
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1)
        .replace(" (deleted)", "")
        .replaceFirst("\\.(py|js|rb|pl|sh)$", "");
  }

  private static List<String> paths(String file) {
    return file.lines()
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3)
        .map(fields -> fields[2])
        .toList();
  }
}
