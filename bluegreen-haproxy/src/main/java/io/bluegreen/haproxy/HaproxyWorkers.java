package io.bluegreen.haproxy;

import io.bluegreen.support.ArgumentChecks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A master and its workers. Immutable.
 *
 * @param master the master's process id
 * @param reloads how often it was reloaded
 * @param current the workers that take new connections. Mostly this is one. While HAProxy loads a
 *     configuration there may be more; after a reload that failed there is none, up to 2.4 and from
 *     3.1 on
 * @param former the workers of earlier configurations, which finish their connections. After a
 *     reload that failed, if {@code current} is empty, the worker that still takes new connections
 *     is among them
 */
public record HaproxyWorkers(long master, long reloads, List<Long> current, List<Long> former) {
  private static final Pattern COLUMN = Pattern.compile("<([^>]+)>");

  /** Makes copies of the lists. */
  public HaproxyWorkers {
    ArgumentChecks.noNulls("current", current);
    ArgumentChecks.noNulls("former", former);
    current = List.copyOf(current);
    former = List.copyOf(former);
  }

  /**
   * Returns these workers with the reached process as the current one, if it takes new connections
   * and no other is being loaded. The reply does not show that a reload has failed: {@code [failed:
   * 1]} is missing in 2.4, and is set back later.
   */
  Optional<HaproxyWorkers> servedBy(ProcessInfo reached) {
    if (!servesBy(reached.pid()) || (current.isEmpty() && reached.stopping())) {
      return Optional.empty();
    }
    List<Long> others = former.stream().filter(pid -> pid != reached.pid()).toList();
    return Optional.of(new HaproxyWorkers(master, reloads, List.of(reached.pid()), others));
  }

  /** Returns whether this worker is current, or was left to serve by a reload that failed. */
  boolean servesBy(long pid) {
    return current.equals(List.of(pid)) || (current.isEmpty() && former.contains(pid));
  }

  /**
   * Reads {@code show proc} by the names of its columns: 2.4 has one more, later versions write
   * {@code [failed: 0]} after a number.
   */
  static HaproxyWorkers parse(List<String> lines) {
    List<String> columns = List.of();
    long master = 0;
    long reloads = 0;
    List<Long> current = new ArrayList<>();
    List<Long> former = new ArrayList<>();
    boolean old = false;
    for (String line : lines) {
      if (line.startsWith("#<")) {
        columns = COLUMN.matcher(line).results().map((MatchResult m) -> m.group(1)).toList();
      } else if (line.startsWith("#")) {
        old = line.startsWith("# old");
      } else if (!line.isBlank()) {
        Map<String, String> row = row(columns, line);
        long pid = number(row, "PID", line);
        String type = row.getOrDefault("type", "");
        if (type.equals("master")) {
          master = pid;
          reloads = number(row, "reloads", line);
        } else if (type.equals("worker")) {
          (old ? former : current).add(pid);
        }
      }
    }
    if (master == 0) {
      throw ReplyCheck.notUnderstood("show proc", String.join(" ", lines), false);
    }
    return new HaproxyWorkers(master, reloads, current, former);
  }

  private static Map<String, String> row(List<String> columns, String line) {
    List<String> cells = Arrays.asList(line.replaceAll("\\[[^]]*]", "").strip().split("\\s+", -1));
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
      row.put(columns.get(i), cells.get(i));
    }
    return row;
  }

  private static long number(Map<String, String> row, String column, String line) {
    try {
      return Long.parseLong(row.getOrDefault(column, ""));
    } catch (NumberFormatException e) {
      throw ReplyCheck.notUnderstood("show proc", line, false);
    }
  }
}
