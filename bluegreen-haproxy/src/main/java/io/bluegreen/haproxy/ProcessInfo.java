package io.bluegreen.haproxy;

import io.bluegreen.support.ArgumentChecks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The information that a process of HAProxy gives of itself ({@code show info float}). Immutable.
 *
 * @param fields the fields in HAProxy's order; foreign text
 */
public record ProcessInfo(Map<String, String> fields) {
  /** Makes a copy of the fields. */
  public ProcessInfo {
    ArgumentChecks.noNulls("fields", fields);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Returns the id of the process that answered. */
  public long pid() {
    return number("Pid");
  }

  /** Returns the version, such as {@code 2.6.12-1+deb12u4}. */
  public String version() {
    return fields.getOrDefault("Version", "");
  }

  /**
   * Returns when it started, by its own clock, in seconds with microseconds; empty if it does not
   * tell.
   */
  String started() {
    return fields.getOrDefault("Start_time_sec", "");
  }

  /**
   * Returns whether another information is of the same process. In containers many processes have
   * the same id, but no two of them the same start.
   */
  boolean isOfProcess(ProcessInfo other) {
    return !started().isEmpty()
        && Stream.of("Pid", "Start_time_sec", "Version", "node")
            .allMatch(name -> Objects.equals(fields.get(name), other.fields.get(name)));
  }

  /** Returns whether it is a former worker, which serves only its open connections. */
  public boolean stopping() {
    return number("Stopping") != 0;
  }

  static ProcessInfo parse(List<String> lines) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    if (!fields.containsKey("Pid") || !fields.containsKey("Version")) {
      throw ReplyCheck.notUnderstood("show info", String.join(" ", lines), false);
    }
    return new ProcessInfo(fields);
  }

  private long number(String field) {
    String value = fields.getOrDefault(field, "0");
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw ReplyCheck.notUnderstood("show info", field + ": " + value, false);
    }
  }
}
