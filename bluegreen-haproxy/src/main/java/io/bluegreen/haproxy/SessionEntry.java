package io.bluegreen.haproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One stream that a process serves ({@code show sess}; management guide, section 9.3). Immutable.
 *
 * @param id the id by which it can be ended
 * @param backend the backend to which it goes, or {@code <NONE>}; foreign text
 * @param server the server to which it was given, or {@code <none>}; foreign text
 */
public record SessionEntry(String id, String backend, String server) {
  /** Refuses null. */
  public SessionEntry {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(server, "server");
  }

  private static final Pattern LINE =
      Pattern.compile("(0x[0-9a-f]+): .*?\\bbe=(\\S+)(?: .*?\\bsrv=(\\S+))?.*");

  /** Returns whether a line is about a server, or ends the reply. */
  static boolean isOf(String backend, String server, String line) {
    Matcher matcher = LINE.matcher(line.strip());
    return !matcher.matches()
        || (backend.equals(matcher.group(2)) && server.equals(matcher.group(3)));
  }

  /** Returns whether a line is about a backend, or ends the reply. */
  static boolean isOf(String backend, String line) {
    Matcher matcher = LINE.matcher(line.strip());
    return !matcher.matches() || backend.equals(matcher.group(2));
  }

  /** Returns whether it was given to no server yet. */
  boolean isUnassigned() {
    return server.isEmpty() || server.equals("<none>");
  }

  static List<SessionEntry> parse(List<String> lines) {
    List<SessionEntry> sessions = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String server = matcher.group(3);
        sessions.add(
            new SessionEntry(matcher.group(1), matcher.group(2), server == null ? "" : server));
      } else if (!line.isBlank()) {
        throw ReplyCheck.notUnderstood("show sess", line, false);
      }
    }
    return List.copyOf(sessions);
  }
}
