package io.bluegreen.examples.kill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the processes of hosts and launchers by the mark in their environment. */
final class MarkedProcesses {
  private MarkedProcesses() {}

  /** Returns what a launcher has started for a group and what runs: service, colour, version. */
  static Map<Long, String> launched(String group) {
    return with(
        "BLUEGREEN_GROUP", group, "BLUEGREEN_SERVICE", "BLUEGREEN_COLOR", "BLUEGREEN_VERSION");
  }

  /** Returns what hosts with this mark have started, themselves excepted, and what still runs. */
  static Map<Long, String> startedByHosts(String mark) {
    return with(HostJvm.MARK, mark, HostJvm.MARK);
  }

  /** Kills what was launched for a group, and waits until it is gone. */
  static void end(String group) {
    for (long pid : launched(group).keySet()) {
      ProcessHandle.of(pid)
          .filter(ProcessHandle::destroyForcibly)
          .ifPresent(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }
  }

  private static Map<Long, String> with(String name, String value, String... shown) {
    Map<Long, String> found = new TreeMap<>();
    ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .forEach(
            pid -> {
              Map<String, String> environment = environment(pid);
              if (value.equals(environment.get(name)) && runs(pid)) {
                List<String> values =
                    Stream.of(shown).map(one -> environment.getOrDefault(one, "?")).toList();
                found.put(pid, String.join(" ", values));
              }
            });
    return found;
  }

  /** Returns whether a process runs: one that has ended may be there until somebody asks how. */
  static boolean runs(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException ended) {
      return false;
    }
  }

  private static Map<String, String> environment(long pid) {
    Map<String, String> environment = new TreeMap<>();
    for (String variable : read(pid).orElse("").split("\0")) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return environment;
  }

  private static Optional<String> read(long pid) {
    try {
      return Optional.of(
          Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1));
    } catch (IOException endedOrForeign) {
      return Optional.empty();
    }
  }
}
