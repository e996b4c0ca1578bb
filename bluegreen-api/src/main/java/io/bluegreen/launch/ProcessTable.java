package io.bluegreen.launch;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the kernel says about the processes of this machine: proc(5). It is read with plain streams,
 * because an interrupted thread can't read from a channel, and an interrupted launch has to clean
 * up.
 */
final class ProcessTable {
  private static final int LARGEST = 8 * 1024 * 1024;
  private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");
  private static final Pattern BOOT = Pattern.compile("[0-9a-f-]{36}");

  private final Path proc;

  ProcessTable(Path proc) {
    this.proc = proc;
  }

  /** Returns where it reads. */
  Path root() {
    return proc;
  }

  /**
   * Returns what identifies the run of the machine since it was last started.
   *
   * @throws IOException if that can't be found out
   */
  String bootId() throws IOException {
    String id = read("sys/kernel/random/boot_id").strip();
    if (!BOOT.matcher(id).matches()) {
      throw new IOException(proc + "/sys/kernel/random/boot_id does not hold a boot id");
    }
    return id;
  }

  /**
   * Returns what the numbers of processes that are seen here belong to: pid_namespaces(7).
   *
   * @throws IOException if that can't be found out
   */
  String namespace() throws IOException {
    return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
  }

  /**
   * Returns the user that this JVM runs as.
   *
   * @throws IOException if that can't be found out
   */
  int ownUser() throws IOException {
    return user(read("self/status"))
        .orElseThrow(() -> new IOException(proc + "/self/status has no user"));
  }

  /**
   * Returns the numbers of all processes.
   *
   * @throws IOException if they can't be listed
   */
  List<Long> pids() throws IOException {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (PID.matcher(name).matches()) {
          pids.add(Long.parseLong(name));
        }
      }
    }
    if (pids.isEmpty()) {
      throw new IOException(proc + " lists no process");
    }
    return pids;
  }

  /**
   * Returns a process unless it has ended. It has ended with the last of its threads, also where
   * its parent has not asked about it yet.
   *
   * @throws IOException if that can't be found out
   */
  Optional<HostProcess> find(long pid) throws IOException {
    return row(pid).map(ProcessRow::process);
  }

  /**
   * Returns a process and its parent, unless it has ended.
   *
   * @throws IOException if that can't be found out
   */
  Optional<ProcessRow> row(long pid) throws IOException {
    return readOf(pid, "stat").flatMap(stat -> ProcessRow.parse(pid, stat));
  }

  /** Returns whether the very process that is meant still runs. */
  boolean runs(HostProcess process) throws IOException {
    return find(process.pid()).filter(process::same).isPresent();
  }

  /**
   * Returns a process that runs as the given user and has the mark, else empty. Its environment is
   * read between two looks at its start, so that it is the environment of that very process.
   *
   * @throws IOException if that can't be found out
   */
  Optional<HostProcess> ofLaunch(long pid, int user, LaunchId id) throws IOException {
    Optional<HostProcess> before = find(pid);
    if (before.isEmpty() || !runsAs(pid, user)) {
      return Optional.empty();
    }
    boolean bears = id.isIn(environment(pid));
    // Asked also where it has no mark: if nothing can be read any more, that is no proof of it.
    return find(pid).filter(after -> bears && after.same(before.get()));
  }

  /**
   * Returns the real user of a process, where the effective one is the same; empty also if it has
   * ended.
   *
   * @throws IOException if that can't be found out
   */
  Optional<Integer> userOf(long pid) throws IOException {
    return readOf(pid, "status").flatMap(ProcessTable::user);
  }

  /**
   * Returns when a process started. The kernel tells that in hundredths of a second, whatever it
   * counts in itself: USER_HZ of proc(5).
   *
   * @throws IOException if the machine's own start can't be found out
   */
  Instant startOf(HostProcess process) throws IOException {
    long boot =
        read("stat")
            .lines()
            .filter(line -> line.startsWith("btime "))
            .mapToLong(line -> Long.parseLong(line.substring("btime ".length()).strip()))
            .findFirst()
            .orElseThrow(() -> new IOException(proc + "/stat does not tell btime"));
    return Instant.ofEpochSecond(boot).plusMillis(process.start() * 10);
  }

  /** Returns the environment that a process was started with; empty where it can't be read. */
  Map<String, String> environment(long pid) {
    Map<String, String> environment = new HashMap<>();
    try {
      for (String variable : read(pid + "/environ").split("\0", -1)) {
        int equals = variable.indexOf('=');
        if (equals > 0) {
          environment.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
        }
      }
    } catch (IOException endedOrForeign) {
      return Map.of();
    }
    return environment;
  }

  /** Returns the name of a process, without its arguments, which may be secret. */
  String name(long pid) {
    try {
      return read(pid + "/comm").strip();
    } catch (IOException ended) {
      return "ended meanwhile";
    }
  }

  /**
   * Returns the text of a file below the root.
   *
   * @throws IOException if it can't be read; such as that the process has ended
   */
  String read(String file) throws IOException {
    try (InputStream stream = new FileInputStream(proc.resolve(file).toFile())) {
      return new String(stream.readNBytes(LARGEST), StandardCharsets.ISO_8859_1);
    } catch (FileNotFoundException e) {
      throw new IOException("can't read " + proc.resolve(file), e);
    }
  }

  /**
   * Fails unless the process has ended: that a file can't be read does not mean that there is none.
   */
  private Optional<String> readOf(long pid, String file) throws IOException {
    try {
      return Optional.of(read(pid + "/" + file));
    } catch (IOException e) {
      if (Files.exists(proc.resolve(Long.toString(pid)))) {
        throw e;
      }
      pids(); // Nothing is known to have ended where nothing can be listed.
      return Optional.empty();
    }
  }

  private boolean runsAs(long pid, int user) throws IOException {
    return userOf(pid).filter(found -> found == user).isPresent();
  }

  /** Returns the real user, where the effective one is the same. */
  private static Optional<Integer> user(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("Uid:\t"))
        .map(line -> line.split("\t", -1))
        .filter(ids -> ids.length == 5 && ids[1].equals(ids[2]))
        .map(ids -> Integer.parseUnsignedInt(ids[1]))
        .findFirst();
  }
}
