package io.bluegreen.haproxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sockets at which a process takes commands, as it calls them itself ({@code show cli sockets};
 * management guide, section 9.3). Immutable.
 *
 * @param addresses each with its kind, such as {@code unix@/run/haproxy/admin.sock}; foreign text
 */
record CliSockets(List<String> addresses) {
  private static final String UNIX = "unix@";
  private static final Pattern LINE = Pattern.compile("([a-z0-9]+@\\S*|unknown) .*");

  CliSockets {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads the lines behind {@code # socket lvl processes}; only their first word is of use here.
   */
  static CliSockets parse(List<String> lines) {
    List<String> addresses = new ArrayList<>();
    boolean headed = false;
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (headed && matcher.matches()) {
        addresses.add(matcher.group(1));
      } else if (line.startsWith("# socket") && !headed) {
        headed = true;
      } else {
        throw ReplyCheck.notUnderstood("show cli sockets", line, false);
      }
    }
    return new CliSockets(addresses);
  }

  /**
   * Returns whether the process has made a socket at this path, and none of the same name in
   * another directory, for which it could be taken by who sees only the name.
   */
  boolean hasOnly(Path socket) {
    String name = "/" + socket.getFileName();
    List<String> alike =
        addresses.stream().filter(a -> a.startsWith(UNIX) && a.endsWith(name)).toList();
    return alike.equals(List.of(UNIX + socket));
  }

  /** Returns the addresses, for a person. */
  @Override
  public String toString() {
    return ReplyCheck.shown(addresses.toString());
  }
}
