package io.bluegreen.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out which process has a file locked, from {@code /proc/locks} (proc_locks(5)), which all
 * users may read, and which names processes of this PID namespace. On other systems nothing is
 * known.
 */
final class LockHolder {
  private static final Path LOCKS = Path.of("/proc/locks");
  private static final int KIND = 1;
  private static final int PID = 4;
  private static final int FILE = 5;
  private static final int COLUMNS = 8;
  private static final int LONGEST = 200;
  private static final int MOST_BYTES = 1024 * 1024;

  private LockHolder() {}

  /** Returns the process that has a lock of POSIX on the file, for a person; never throws. */
  static Optional<String> of(Path file) {
    return of(file, LOCKS);
  }

  /**
   * As {@link #of(Path)}, from another table.
   *
   * @param locks any user can make it as long as they like, by locks of their own
   */
  static Optional<String> of(Path file, Path locks) {
    try (InputStream in = Files.newInputStream(locks)) {
      String id = id(file);
      String table = new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
      for (String line : table.lines().toList()) {
        List<String> row = List.of(line.strip().split(" +"));
        if (row.size() == COLUMNS && row.get(KIND).equals("POSIX") && row.get(FILE).equals(id)) {
          return Optional.of(Long.parseLong(row.get(PID)))
              .filter(pid -> pid > 0)
              .map(LockHolder::named);
        }
      }
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException notTold) {
      // Then the message names nobody.
    }
    return Optional.empty();
  }

  /** Returns device and inode as they are spelled there. */
  private static String id(Path file) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
    long device = ((Number) facts.getOrDefault("dev", 0L)).longValue();
    // gnu_dev_major and gnu_dev_minor of the C library.
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
    return "%02x:%02x:%s".formatted(major, minor, facts.get("ino"));
  }

  private static String named(long pid) {
    Optional<ProcessHandle.Info> info = ProcessHandle.of(pid).map(ProcessHandle::info);
    String user = info.flatMap(ProcessHandle.Info::user).map(" of user "::concat).orElse("");
    String command = info.flatMap(ProcessHandle.Info::command).map(", "::concat).orElse("");
    return Text.clean("process " + pid + user + command, LONGEST);
  }
}
